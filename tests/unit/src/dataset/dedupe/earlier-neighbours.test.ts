import { describe, expect, it } from 'vitest';
import { earlierNeighbours, MOST_NEIGHBOURS } from '../../../../../src/dataset/dedupe/earlier-neighbours.js';
import type { Hash64 } from '../../../../../src/dataset/dedupe/hash64.js';
import { bruteForce, clusteredHashes } from './hashes.js';

const halves = (hashes: readonly Hash64[]): Uint32Array =>
  Uint32Array.from(hashes.flatMap(({ high, low }) => [high, low]));

describe('earlierNeighbours', () => {
  it.each([0, 1, 3, 6, 8, 11, 16])('lists what brute force finds before each query (radius %i)', (radius) => {
    const items = clusteredHashes(3000, `earlier-${radius}`, 14);
    const queries = [...items.filter((_, i) => i % 5 === 0), ...clusteredHashes(300, 'strangers', 14)];
    const before = Uint32Array.from(queries, (_, q) => (q * 37) % (items.length + 1));
    const lists = earlierNeighbours({ hashes: halves(items), queries: halves(queries), before, radius });
    let found = 0;
    queries.forEach((query, q) => {
      const expected = bruteForce(items.slice(0, before[q]), query, radius);
      expect(lists.of(q)).toEqual(expected);
      found += expected.length;
    });
    expect(found).toBeGreaterThan(100);
  });

  it('lists up to its limit and says where there are more', () => {
    const one = { high: 0xdeadbeef, low: 0x12345678 };
    const copies = Array.from({ length: MOST_NEIGHBOURS + 2 }, () => one);
    const before = Uint32Array.from(copies, (_, i) => i);
    const lists = earlierNeighbours({ hashes: halves(copies), queries: halves(copies), before, radius: 8 });
    expect(lists.of(0)).toEqual([]);
    expect(lists.of(MOST_NEIGHBOURS)).toHaveLength(MOST_NEIGHBOURS);
    expect(lists.of(MOST_NEIGHBOURS + 1)).toBeNull();
  });

  it('bears no items and no queries', () => {
    const none = new Uint32Array(0);
    const nothing = { hashes: none, before: none, radius: 8 };
    expect(earlierNeighbours({ ...nothing, queries: none }).of(0)).toEqual([]);
    const query = { queries: Uint32Array.of(1, 2), before: Uint32Array.of(0) };
    expect(earlierNeighbours({ ...nothing, ...query }).of(0)).toEqual([]);
  });
});
