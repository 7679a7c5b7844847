import { planChunks } from './chunks.js';
import { buildTable, foundBefore, type Table } from './hash-table.js';
import { popcount32 } from './hash64.js';
import type { Match } from './hamming-index.js';

/** Hashes and what to ask about them. Hashes are pairs of halves, high and low by turns. */
export interface NeighbourRequest {
  /** The items, in their order. */
  readonly hashes: Uint32Array;
  readonly queries: Uint32Array;
  /** For each query: only items before this one count. */
  readonly before: Uint32Array;
  /** Largest distance, 0..16. */
  readonly radius: number;
}

/** Where one query has more neighbours than this, they are not listed: ten thousand copies of one tile would have fifty million pairs. */
export const MOST_NEIGHBOURS = 64;

const UNLISTED = 0xffffffff;

/** The neighbours of every query, as far as they are listed. */
export class NeighbourLists {
  /** @param starts neighbours of query q are `[starts[q], starts[q + 1])` of the other two */
  constructor(
    private readonly starts: Uint32Array,
    private readonly items: Uint32Array,
    private readonly distances: Uint8Array,
    private readonly counts: Uint32Array,
  ) {}

  /** In the order of the items; null where there are too many to be listed. */
  of(query: number): Match[] | null {
    if (this.counts[query] === UNLISTED) return null;
    const [from, to] = [this.starts[query] as number, this.starts[query + 1] as number];
    const found: Match[] = [];
    for (let i = from; i < to; i++)
      found.push({ item: this.items[i] as number, distance: this.distances[i] as number });
    return found.sort((a, b) => a.item - b.item);
  }
}

/** Pairs found so far; a plain array would hold boxed numbers and grow by copying them. */
class PairLog {
  size = 0;
  queries = new Uint32Array(1024);
  items = new Uint32Array(1024);
  distances = new Uint8Array(1024);

  push(query: number, item: number, distance: number): void {
    if (this.size === this.queries.length) this.#grow();
    this.queries[this.size] = query;
    this.items[this.size] = item;
    this.distances[this.size++] = distance;
  }

  #grow(): void {
    const larger = <T extends Uint32Array | Uint8Array>(old: T, made: T): T => (made.set(old), made);
    const length = 2 * this.queries.length;
    this.queries = larger(this.queries, new Uint32Array(length));
    this.items = larger(this.items, new Uint32Array(length));
    this.distances = larger(this.distances, new Uint8Array(length));
  }
}

/** What is being asked, and what has been found so far. */
interface Search extends NeighbourRequest {
  readonly tables: readonly Table[];
  /** Neighbours of each query so far, or `UNLISTED`. */
  readonly counts: Uint32Array;
  readonly log: PairLog;
}

/** Notes the neighbours of query q, whose chunk is `key`, that the t-th table finds, until there are too many. */
function askTable(search: Search, t: number, q: number, key: number): void {
  const { tables, counts, log, queries, before, radius } = search;
  const { chunk, starts, hashes, items } = tables[t] as Table;
  const [queryHigh, queryLow, limit] = [
    queries[2 * q] as number,
    queries[2 * q + 1] as number,
    before[q] as number,
  ];
  const masks = chunk.reach[radius]?.masks ?? 0;
  // The half that the chunk is not of differs by 16 bits on the mean: asked first, it settles nearly all.
  const far = chunk.offset >= 32 ? 1 : 0;
  const [queryFar, queryNear] = far === 1 ? [queryLow, queryHigh] : [queryHigh, queryLow];
  for (let m = 0; m < masks; m++) {
    const bucket = key ^ (chunk.masks[m] as number);
    const end = starts[bucket + 1] as number;
    for (let i = starts[bucket] as number; i < end; i++) {
      const farDifference = queryFar ^ (hashes[2 * i + far] as number);
      const farDistance = popcount32(farDifference);
      if (farDistance > radius) continue;
      const nearDifference = queryNear ^ (hashes[2 * i + 1 - far] as number);
      const distance = farDistance + popcount32(nearDifference);
      if (distance > radius) continue;
      const item = items[i] as number;
      if (item >= limit) break;
      const [high, low] = far === 1 ? [nearDifference, farDifference] : [farDifference, nearDifference];
      if (foundBefore(tables, t, radius, high, low)) continue;
      if ((counts[q] as number) === MOST_NEIGHBOURS) {
        counts[q] = UNLISTED;
        return;
      }
      counts[q]!++;
      log.push(q, item, distance);
    }
  }
}

/** Counting sort of the pairs by query; those of queries with too many are left out. */
function toLists(log: PairLog, counts: Uint32Array): NeighbourLists {
  const starts = new Uint32Array(counts.length + 1);
  counts.forEach((count, q) => (starts[q + 1] = (starts[q] as number) + (count === UNLISTED ? 0 : count)));
  const next = starts.slice();
  const total = starts[counts.length] as number;
  const [items, distances] = [new Uint32Array(total), new Uint8Array(total)];
  for (let i = 0; i < log.size; i++) {
    const q = log.queries[i] as number;
    if (counts[q] === UNLISTED) continue;
    const at = next[q]!++;
    items[at] = log.items[i] as number;
    distances[at] = log.distances[i] as number;
  }
  return new NeighbourLists(starts, items, distances, counts);
}

/**
 * The earlier items within a radius of each query, all queries in one go: the multi-index of {@link HammingIndex} with every item in it from
 * the start. One table is asked at a time, by queries in the order of its keys, so that they read the same stretches of
 * memory one after the other; one query at a time over all tables waits for memory at every bucket.
 */
export function earlierNeighbours(request: NeighbourRequest): NeighbourLists {
  const { hashes, queries, radius } = request;
  const size = hashes.length / 2;
  const tables = planChunks(size, radius).map((chunk) => buildTable(chunk, hashes, size));
  const counts = new Uint32Array(queries.length / 2);
  const search: Search = { ...request, tables, counts, log: new PairLog() };
  for (const [t, { chunk }] of tables.entries()) {
    const asked = buildTable(chunk, queries, counts.length);
    for (let key = 0; key + 1 < asked.starts.length; key++) {
      const end = asked.starts[key + 1] as number;
      for (let i = asked.starts[key] as number; i < end; i++) {
        const q = asked.items[i] as number;
        if (counts[q] !== UNLISTED) askTable(search, t, q, key);
      }
    }
  }
  return toLists(search.log, counts);
}
