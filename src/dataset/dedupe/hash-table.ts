import { chunkOf, type Chunk } from './chunks.js';
import { popcount32 } from './hash64.js';

/** A chunk's hash table over 64-bit hashes, in bucket order. */
export interface Table {
  readonly chunk: Chunk;
  /** Bucket b holds `items[starts[b] .. starts[b + 1])`. */
  readonly starts: Uint32Array;
  /** Items count from 0; inside a bucket they ascend. */
  readonly items: Uint32Array;
  /** The hashes again, in bucket order: verifying a bucket reads memory in sequence instead of at random. */
  readonly hashes: Uint32Array;
}

/**
 * Counting sort of hashes by one of their chunks.
 * @param all high and low half of each hash, by turns; longer than `size` hashes where there is spare room
 */
export function buildTable(chunk: Chunk, all: Uint32Array, size: number): Table {
  const starts = new Uint32Array(2 ** chunk.width + 1);
  const keyOf = (item: number): number =>
    chunkOf(all[2 * item] as number, all[2 * item + 1] as number, chunk);
  for (let item = 0; item < size; item++) starts[keyOf(item)]!++;
  let total = 0;
  for (let bucket = 0; bucket < starts.length; bucket++)
    total = starts[bucket] = total + (starts[bucket] as number);
  const items = new Uint32Array(size);
  const hashes = new Uint32Array(2 * size);
  // Backwards, so that items keep their order inside a bucket and every start ends where its bucket begins.
  for (let item = size - 1; item >= 0; item--) {
    const at = --starts[keyOf(item)]!;
    items[at] = item;
    hashes[2 * at] = all[2 * item] as number;
    hashes[2 * at + 1] = all[2 * item + 1] as number;
  }
  return { chunk, starts, items, hashes };
}

/** Whether a table before the t-th reports this difference too; needs no memory of what was found. */
export function foundBefore(
  tables: readonly Table[],
  t: number,
  radius: number,
  highDifference: number,
  lowDifference: number,
): boolean {
  for (let i = 0; i < t; i++) {
    const { chunk } = tables[i] as Table;
    const reach = chunk.reach[radius]?.radius ?? -1;
    if (popcount32(chunkOf(highDifference, lowDifference, chunk)) <= reach) return true;
  }
  return false;
}
