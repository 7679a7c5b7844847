import { type Hash64, popcount32 } from './hash64.js';
import { chunkOf, planChunks } from './chunks.js';
import { buildTable, foundBefore, type Table } from './hash-table.js';

/** One hash of the index within the asked radius. `item` counts from 0 in the order of {@link HammingIndex.add}. */
export interface Match {
  readonly item: number;
  readonly distance: number;
}

/** Items that are newer than the tables are scanned one after the other; this many cost less than a rebuild would. */
const MIN_TAIL = 4096;
/** The tables are rebuilt when the tail has grown to this share of them: rebuilding costs O(1) an item over time. */
const TAIL_SHARE = 1 / 16;

/**
 * Exact search of 64-bit hashes by Hamming distance: multi-index hashing (Norouzi, Punjani and Fleet 2012, "Fast Search
 * in Hamming Space with Multi-Index Hashing"). A hash is cut into m chunks; two hashes within radius r = m a + b agree
 * to within `a` bits in one of the first b + 1 chunks, or to within `a - 1` in another, so only those buckets are read.
 * Incremental: `add` may be called between queries. Memory: 8 bytes an item and 12 bytes an item and chunk.
 */
export class HammingIndex {
  readonly radius: number;
  #size = 0;
  #hashes = new Uint32Array(2 * MIN_TAIL);
  #indexed = 0;
  #tables: Table[] = [];

  /** @param radius the largest distance ever asked for, 0..16; fixes which buckets a query has to read */
  constructor(radius: number) {
    if (!Number.isInteger(radius) || radius < 0 || radius > 16) {
      throw new RangeError(`The radius of a HammingIndex is a whole number from 0 to 16, not ${radius}.`);
    }
    this.radius = radius;
  }

  /** How many hashes are in the index. */
  get size(): number {
    return this.#size;
  }

  /** Bytes held by the typed arrays, spare room included. */
  get memoryBytes(): number {
    const tables = this.#tables.map((t) => t.starts.byteLength + t.items.byteLength + t.hashes.byteLength);
    return tables.reduce((sum, bytes) => sum + bytes, this.#hashes.byteLength);
  }

  /** Adds a hash. @returns its item number */
  add(hash: Hash64): number {
    if (2 * this.#size === this.#hashes.length) {
      const grown = new Uint32Array(2 * this.#hashes.length);
      grown.set(this.#hashes);
      this.#hashes = grown;
    }
    this.#hashes[2 * this.#size] = hash.high;
    this.#hashes[2 * this.#size + 1] = hash.low;
    return this.#size++;
  }

  /** The hash of an item. */
  at(item: number): Hash64 {
    return { high: this.#hashes[2 * item] ?? 0, low: this.#hashes[2 * item + 1] ?? 0 };
  }

  /** All items within `radius` of the hash (the index's own by default), in the order in which they were added. */
  query(hash: Hash64, radius: number = this.radius): Match[] {
    if (radius > this.radius)
      throw new RangeError(`This index answers up to radius ${this.radius}, not ${radius}.`);
    if (this.#size - this.#indexed > Math.max(MIN_TAIL, this.#indexed * TAIL_SHARE)) this.#rebuild();
    const found: Match[] = [];
    this.#tables.forEach((table, t) => this.#queryTable(table, t, hash, radius, found));
    found.sort((a, b) => a.item - b.item);
    this.#scanTail(hash, radius, found);
    return found;
  }

  #queryTable(table: Table, t: number, hash: Hash64, radius: number, found: Match[]): void {
    const { chunk, starts, hashes, items } = table;
    const key = chunkOf(hash.high, hash.low, chunk);
    const masks = chunk.reach[radius]?.masks ?? 0;
    for (let m = 0; m < masks; m++) {
      const bucket = key ^ (chunk.masks[m] as number);
      const end = starts[bucket + 1] as number;
      for (let i = starts[bucket] as number; i < end; i++) {
        const high = hash.high ^ (hashes[2 * i] as number);
        const low = hash.low ^ (hashes[2 * i + 1] as number);
        const distance = popcount32(high) + popcount32(low);
        if (distance <= radius && !foundBefore(this.#tables, t, radius, high, low))
          found.push({ item: items[i] as number, distance });
      }
    }
  }

  #scanTail(hash: Hash64, radius: number, found: Match[]): void {
    const hashes = this.#hashes;
    for (let item = this.#indexed; item < this.#size; item++) {
      const distance =
        popcount32(hash.high ^ (hashes[2 * item] as number)) +
        popcount32(hash.low ^ (hashes[2 * item + 1] as number));
      if (distance <= radius) found.push({ item, distance });
    }
  }

  #rebuild(): void {
    this.#tables = planChunks(this.#size, this.radius).map((chunk) =>
      buildTable(chunk, this.#hashes, this.#size),
    );
    this.#indexed = this.#size;
  }
}
