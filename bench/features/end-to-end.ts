import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  extractFeatures,
  openExtractor,
  openFeatureFolder,
  type FeatureExtractor,
  type InstalledBackbone,
} from '../../zoo/index.js';
import { median } from '../pictures.js';
import { openBareLoop } from './bare-loop.js';

const ROUNDS = 5;
/** What the stage features takes at most, and what suits the bare loop, on a CPU and on an accelerator. */
const CPU = { largest: 32, bare: 8 };
const ACCELERATOR = { largest: 256, bare: 64 };

/** From encoded bytes to features, decoding and all. */
export interface EndToEnd {
  readonly backbone: string;
  readonly provider: string;
  readonly pictures: number;
  /** With every tap, and all of them on disk. */
  readonly graftPerSecond: number;
  /** Decode a batch, run it, take the next: no taps, nothing kept. */
  readonly barePerSecond: number;
  /** The same, decoding the next batch meanwhile. */
  readonly bareAheadPerSecond: number;
  /** Graft against the bare loop: median of the ratios of the rounds. Aim: 0.9 or more. */
  readonly ratio: number;
  readonly ratioAhead: number;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** As the stage features does it, onto a shelf that is empty each time. */
async function graft(
  installed: InstalledBackbone,
  extractor: FeatureExtractor,
  pictures: readonly Uint8Array[],
  chunkSize: number | undefined,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-features-'));
  try {
    const shelf = await openFeatureFolder(folder, installed);
    const images = pictures.map((bytes) => ({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      read: () => Promise.resolve(bytes),
    }));
    const targets = [{ card: installed.card, extractor, shelf }];
    const decoders = Math.max(4, availableParallelism());
    return await timed(() => extractFeatures({ images, targets, chunkSize, decoders }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In turns, so that a noisy neighbour hits all alike. */
export async function measureEndToEnd(
  installed: InstalledBackbone,
  pictures: readonly Uint8Array[],
  provider: string,
): Promise<EndToEnd> {
  const sizes = provider === 'cpu' ? CPU : ACCELERATOR;
  const chunkSize = provider === 'cpu' ? undefined : 2 * sizes.largest;
  const extractor = await openExtractor(installed, {
    providers: [provider],
    batchSize: sizes.largest,
    now: () => performance.now(),
  });
  const open = (ahead: boolean) =>
    openBareLoop(installed.modelPath, installed.card.input, { provider, batchSize: sizes.bare, ahead });
  const [bare, bareAhead] = [await open(false), await open(true)];
  const round = async () => ({
    bare: await timed(() => bare.run(pictures)),
    graft: await graft(installed, extractor, pictures, chunkSize),
    ahead: await timed(() => bareAhead.run(pictures)),
  });
  await round(); // warms up, and finds the size of the batches
  const rounds = [];
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round());
  for (const one of [bare, bareAhead, extractor]) await one.close();
  const perSecond = (ms: readonly number[]): number =>
    Number(((1000 * pictures.length) / median(ms)).toFixed(1));
  const ratio = (ms: readonly number[]): number => Number(median(ms).toFixed(3));
  return {
    backbone: installed.card.id,
    provider,
    pictures: pictures.length,
    graftPerSecond: perSecond(rounds.map((one) => one.graft)),
    barePerSecond: perSecond(rounds.map((one) => one.bare)),
    bareAheadPerSecond: perSecond(rounds.map((one) => one.ahead)),
    ratio: ratio(rounds.map((one) => one.bare / one.graft)),
    ratioAhead: ratio(rounds.map((one) => one.ahead / one.graft)),
  };
}
