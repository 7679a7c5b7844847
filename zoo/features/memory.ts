import type { InstalledBackbone } from '../backbones/card.js';
import { TRIED_BATCH_SIZES } from './batch-size.js';

/**
 * While a network is opened its weights are in memory about so many times: as the file was read, as it is written anew with its taps, as the runtime
 * reads that, and as it lays them out and packs them. Measured: `bench search --only=memory`.
 */
const COPIES_OF_WEIGHTS = 5;
/** What opening takes besides, whatever the network. */
const OPENING_BYTES = 50_000_000;
/**
 * Operators have working space of their own, activations of taps stay until they have been read, and the runtime's pool is coarser than what it serves: a
 * picture takes 0.3 to 1.4 times what the bare network keeps alive, 2.6 times in one of the ten networks that were measured, which the fixed terms cover.
 */
const SPARE = 2.2;

/** Bytes that a backbone is likely to need while so many pictures at a time go through it. */
export function estimateBytes({ taps, peakBytes, card }: InstalledBackbone, batchSize: number): number {
  const { width, height } = card.input;
  const weights = COPIES_OF_WEIGHTS * (taps.at(-1)?.bytes ?? 0);
  return OPENING_BYTES + weights + batchSize * (SPARE * peakBytes + 3 * width * height);
}

/** The largest batch size, a power of two, that a backbone has room for; null where there is none for a single picture. */
export function fitBatch(installed: InstalledBackbone, mostBytes: number): number | null {
  const sizes = [...TRIED_BATCH_SIZES, 2, 1].sort((a, b) => b - a);
  return sizes.find((size) => estimateBytes(installed, size) <= mostBytes) ?? null;
}

/**
 * Groups whose joint need keeps to a limit, in order, as few as that allows; what is too large by itself is a group by itself.
 *
 * @param needOf bytes
 */
export function groupWithin<T>(items: readonly T[], needOf: (item: T) => number, mostBytes: number): T[][] {
  const groups: T[][] = [];
  let taken = Infinity;
  for (const item of items) {
    const need = needOf(item);
    if (taken + need > mostBytes) {
      groups.push([]);
      taken = 0;
    }
    groups.at(-1)?.push(item);
    taken += need;
  }
  return groups;
}
