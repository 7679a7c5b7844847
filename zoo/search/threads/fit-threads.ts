import { MOST_JOINED, MOST_MEMBERS } from '../join.js';
import type { SearchRequest } from '../types.js';

const FLOAT_BYTES = 4;
/** As they are, scaled, centred, and in the memory of the products. */
const COPIES = 4;
/** Gram matrix, factor and inverse, of 64 bits. */
const SQUARES = 3;
const DOUBLE_BYTES = 8;

/** Bytes that scoring the widest tap may take in one thread. */
function widestBytes({ features, labels, joinTaps = false, ensembles = [] }: Sizes): number {
  const rows = labels.length;
  const channels = features.reduce((most, { tap }) => Math.max(most, tap.channels ?? 0), 1);
  const cols = channels * (joinTaps ? MOST_JOINED : 1) * (ensembles.length > 0 ? MOST_MEMBERS : 1);
  const size = Math.min(rows, cols);
  return COPIES * FLOAT_BYTES * rows * cols + SQUARES * DOUBLE_BYTES * rows * size;
}

type Sizes = Pick<SearchRequest, 'features' | 'labels' | 'joinTaps' | 'ensembles'>;

/**
 * How many threads there is room for, each with the widest tap at hand; one in any case.
 *
 * @param threads at most
 * @param mostBytes that all may take together
 */
export function fitThreads(sizes: Sizes, threads: number, mostBytes: number): number {
  return Math.max(1, Math.min(threads, Math.floor(mostBytes / widestBytes(sizes))));
}
