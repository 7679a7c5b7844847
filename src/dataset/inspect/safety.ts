import { classifierGeometry, getBackbone } from '../../../zoo/index.js';

/** The network that is asked first, and the better, slower one that has to agree. Both see the same pixels. */
export const SAFETY_NETWORKS = ['nsfwjs-mobilenet-v2', 'nsfwjs-mobilenet-v2-mid'] as const;
const [FIRST] = SAFETY_NETWORKS;

/** From here on the second network is asked: below it, nothing the second could say would matter. */
export const DOUBT_FROM = 0.3;

/** Probabilities of the five classes, by name: drawing, hentai, neutral, porn, sexy. */
export type SafetyClasses = Readonly<Record<string, number>>;

/** What the networks say of a picture. */
export interface SafetyMeasure {
  /** Probability of pornography, photographed or drawn, on which all networks that were asked agree: the least of theirs. */
  readonly unsafe: number;
  /** By the id of the network. */
  readonly classes: Readonly<Record<string, SafetyClasses>>;
}

/** Says how unsafe a picture is, given its pixels in the size and fit of {@link SAFETY_GEOMETRY}. */
export type JudgeSafety = (pixels: Uint8Array) => Promise<SafetyMeasure>;

export const SAFETY_GEOMETRY = classifierGeometry(getBackbone(FIRST));

/** `sexy` does not count: swimwear and portraits are what people train classifiers on. */
const pornographic = ({ porn = 0, hentai = 0 }: SafetyClasses): number => porn + hentai;

/** Asks one network after the other for as long as they find a picture unsafe. */
export async function askNetworks(
  networks: readonly { readonly id: string; readonly ask: () => Promise<SafetyClasses> }[],
): Promise<SafetyMeasure> {
  const classes: Record<string, SafetyClasses> = {};
  let unsafe = 1;
  for (const { id, ask } of networks) {
    classes[id] = await ask();
    unsafe = Math.min(unsafe, pornographic(classes[id]));
    if (unsafe < DOUBT_FROM) break;
  }
  return { unsafe, classes };
}
