import { lookId, LOOKS, meanLookId, type Look } from '../backbones/looks.js';
import type { Matrix } from '../matrix.js';
import { findTaps, loadAll, surestOfEach, type RatedSet } from './join.js';
import type { FeatureSet } from './types.js';

function mean(matrices: readonly Matrix[]): Matrix {
  const [{ rows, cols }] = matrices as [Matrix];
  const data = new Float32Array(rows * cols);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (const matrix of matrices) sum += matrix.data[i] as number;
    data[i] = sum / matrices.length;
  }
  return { rows, cols, data };
}

/** Those looks at a set's pictures that there are features of. */
const looksAt = (
  views: readonly FeatureSet[],
  { backbone, tap }: FeatureSet,
  wanted: readonly Look[] = LOOKS,
): Seen[] =>
  wanted.flatMap((look) => {
    const set = findTaps(views, lookId(backbone, look), tap.id);
    return set ? [{ ...set, look }] : [];
  });

/** A look at the pictures of a set. */
type Seen = FeatureSet & { readonly look: Look };

/** The mean of what a backbone makes of several looks at each picture: test-time augmentation, at the price of all of them. */
function meanOfLooks(own: FeatureSet, looks: readonly Seen[]): FeatureSet {
  const all = [own, ...looks];
  const parts = own.parts?.map((part, at) =>
    meanOfLooks(
      part,
      looks.map((one) => ({ ...(one.parts?.[at] as FeatureSet), look: one.look })),
    ),
  );
  const known = all.every(({ latencyMs }) => typeof latencyMs === 'number');
  return {
    backbone: meanLookId(
      own.backbone,
      looks.map(({ look }) => look),
    ),
    // Weights are in the file once.
    tap: { ...own.tap, flops: all.reduce((sum, { tap }) => sum + tap.flops, 0) },
    latencyMs: known ? all.reduce((sum, { latencyMs }) => sum + (latencyMs ?? 0), 0) : null,
    matrix: async () => mean(await loadAll(all)),
    ...(parts && { parts }),
  };
}

/** Learns from all looks, is used with the picture as it is: training-time augmentation, at no price when it is used. */
const withLooks = (own: FeatureSet, looks: readonly FeatureSet[]): FeatureSet => ({
  ...own,
  more: looks.map(({ matrix }) => matrix),
});

/** The mean over looks at the pictures of a set; undefined when one is not among those given. */
export function findLooks(
  features: readonly FeatureSet[],
  own: FeatureSet,
  looks: readonly Look[],
): FeatureSet | undefined {
  const found = looksAt(features, own, looks);
  return found.length === looks.length ? meanOfLooks(own, found) : undefined;
}

/** A set with further looks to learn from, so many ways of seeing in all; undefined when one is not among those given. */
export function addLooks(
  features: readonly FeatureSet[],
  set: FeatureSet,
  ways: number,
): FeatureSet | undefined {
  const found = looksAt(features, set).slice(0, ways - 1);
  return found.length === ways - 1 ? withLooks(set, found) : undefined;
}

/** Backbones whose surest tap gets further looks: the same as get joined taps. */
const LEADERS = 3;

/**
 * The surest tap of each of the leading backbones, with the other looks that there are features of: as the mean of the picture and its
 * mirror image, as the mean of all looks, and learning from all of them.
 *
 * @param rated single taps and joined ones
 */
export function planLooks(rated: readonly RatedSet[], views: readonly FeatureSet[] = []): FeatureSet[] {
  return surestOfEach(rated)
    .filter((set) => looksAt(views, set).length > 0)
    .slice(0, LEADERS)
    .flatMap((set) => {
      const looks = looksAt(views, set);
      const means = looks.map((_, at) => meanOfLooks(set, looks.slice(0, at + 1)));
      return [...means, withLooks(set, looks)];
    });
}
