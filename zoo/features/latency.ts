import type { InstalledBackbone } from '../backbones/card.js';
import type { Tap } from '../graph/taps.js';
import { openExtractor } from './extractor.js';

export interface LatencyOptions {
  readonly threads?: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** Passes that are timed, after one that warms up; their median counts. */
const PASSES = 5;
/** Depths that are measured; between them time grows with the operations. */
const MEASURED_DEPTHS = [0, 0.25, 0.5, 0.75, 1];

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/**
 * Measures how long one picture takes from prepared pixels to the features of some taps, with the network cut after the deepest,
 * as the packaged model is: batch of one, milliseconds.
 */
export async function measureLatency(
  installed: InstalledBackbone,
  at: readonly Tap[],
  options: LatencyOptions,
): Promise<number> {
  const extractor = await openExtractor(installed, {
    threads: options.threads,
    taps: at.map(({ id }) => id),
    batchSize: 1,
  });
  try {
    const { width, height } = installed.card.input;
    const picture = [new Uint8Array(width * height * 3).fill(127)];
    await extractor.run(picture);
    const times: number[] = [];
    for (let pass = 0; pass < PASSES; pass++) {
      const start = options.now();
      await extractor.run(picture);
      times.push(options.now() - start);
    }
    return median(times);
  } finally {
    await extractor.close();
  }
}

function nearest(taps: readonly Tap[], depth: number): Tap | undefined {
  return taps.toSorted((a, b) => Math.abs(a.depth - depth) - Math.abs(b.depth - depth))[0];
}

/**
 * Latency of every tap of a backbone, in milliseconds by tap id: measured at a few depths, and between two of these by
 * their floating-point operations.
 */
export async function estimateByDepth(
  taps: readonly Tap[],
  measure: (tap: Tap) => Promise<number>,
): Promise<ReadonlyMap<string, number>> {
  const chosen = new Set(MEASURED_DEPTHS.flatMap((depth) => nearest(taps, depth) ?? []));
  const known: { flops: number; ms: number }[] = [{ flops: 0, ms: 0 }];
  for (const tap of taps) if (chosen.has(tap)) known.push({ flops: tap.flops, ms: await measure(tap) });
  known.sort((a, b) => a.flops - b.flops);
  return new Map(taps.map((tap) => [tap.id, interpolate(known, tap.flops)]));
}

/** {@link estimateByDepth} of an image backbone. */
export const estimateLatencies = (
  installed: InstalledBackbone,
  options: LatencyOptions,
): Promise<ReadonlyMap<string, number>> =>
  estimateByDepth(installed.taps, (tap) => measureLatency(installed, [tap], options));

function interpolate(known: readonly { flops: number; ms: number }[], flops: number): number {
  const after = known.findIndex((point) => point.flops >= flops);
  const [low, high] = [known[after - 1], known[after]];
  if (!low || !high) return (after < 0 ? known.at(-1) : known[after])?.ms ?? 0;
  const share = high.flops === low.flops ? 1 : (flops - low.flops) / (high.flops - low.flops);
  return low.ms + share * (high.ms - low.ms);
}
