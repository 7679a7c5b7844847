import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { projectRoot } from '../src/config/version.js';
import {
  backbones,
  fastestProvider,
  installBackbone,
  openExtractor,
  prepareImage,
  probeProviders,
  type FeatureExtractor,
} from '../zoo/index.js';
import { measureEndToEnd, type EndToEnd } from './features/end-to-end.js';
import { benchPictures, median } from './pictures.js';

const CACHE = join(projectRoot(), '.graft', 'bench-cache');
const PICTURES = 32;
/** Pairs of passes, taken in turns so that a noisy neighbour hits both alike. */
const PAIRS = 7;

export interface FeatureBenchmark {
  readonly backbone: string;
  readonly taps: number;
  readonly plainMsPerPicture: number;
  readonly allTapsMsPerPicture: number;
  /** All taps against one plain pass of the same graph: median of the ratios of the pairs. */
  readonly ratio: number;
}

async function timed(extractor: FeatureExtractor, pictures: readonly Uint8Array[]): Promise<number> {
  const start = performance.now();
  await extractor.run(pictures);
  return performance.now() - start;
}

async function measure(
  card: (typeof backbones)[number],
  encoded: readonly Buffer[],
): Promise<FeatureBenchmark> {
  const installed = await installBackbone(card, CACHE);
  const last = installed.taps.at(-1);
  const all = await openExtractor(installed);
  const plain = await openExtractor(installed, { taps: last ? [last.id] : [] });
  const pictures = await Promise.all(encoded.map((bytes) => prepareImage(bytes, card.input)));
  await timed(all, pictures);
  await timed(plain, pictures);
  const pairs: { all: number; plain: number }[] = [];
  for (let i = 0; i < PAIRS; i++)
    pairs.push({ plain: await timed(plain, pictures), all: await timed(all, pictures) });
  await all.close();
  await plain.close();
  return {
    backbone: card.id,
    taps: installed.taps.length,
    plainMsPerPicture: median(pairs.map((pair) => pair.plain)) / PICTURES,
    allTapsMsPerPicture: median(pairs.map((pair) => pair.all)) / PICTURES,
    ratio: median(pairs.map((pair) => pair.all / pair.plain)),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Of each kind a fast network: where decoding weighs most. */
const END_TO_END = ['nsfwjs-mobilenet-v2', 'human-centernet'];
const END_TO_END_PICTURES = 128;

async function endToEnd(): Promise<EndToEnd[]> {
  const { pictures } = await benchPictures(4, END_TO_END_PICTURES / 4);
  const bytes = pictures.map((picture) => picture.bytes);
  const provider = fastestProvider(await probeProviders());
  const results: EndToEnd[] = [];
  for (const card of backbones.filter(({ id }) => END_TO_END.includes(id)))
    results.push(await measureEndToEnd(await installBackbone(card, CACHE), bytes, provider));
  return results;
}

/**
 * Features of all taps against one plain pass of the same graph, in the same run (aim: 1.15 or less), and from bytes to features
 * against a bare loop of onnxruntime (aim: 0.9 or more).
 */
export async function run(): Promise<{
  backbones: FeatureBenchmark[];
  wholeZooRatio: number;
  endToEnd: EndToEnd[];
}> {
  const { pictures } = await benchPictures(4, PICTURES / 4);
  const results: FeatureBenchmark[] = [];
  for (const card of backbones)
    results.push(
      await measure(
        card,
        pictures.map((picture) => picture.bytes),
      ),
    );
  const wholeZooRatio =
    total(results.map((result) => result.allTapsMsPerPicture)) /
    total(results.map((result) => result.plainMsPerPicture));
  return { backbones: results, wholeZooRatio, endToEnd: await endToEnd() };
}
