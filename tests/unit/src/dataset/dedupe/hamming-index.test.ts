import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import { chunkOf, masksWithin, planChunks } from '../../../../../src/dataset/dedupe/chunks.js';
import {
  formatHash,
  type Hash64,
  hammingDistance,
  parseHash,
  popcount32,
} from '../../../../../src/dataset/dedupe/hash64.js';
import { HammingIndex } from '../../../../../src/dataset/dedupe/hamming-index.js';
import { bruteForce, clusteredHashes } from './hashes.js';
import { DEFAULT_THRESHOLDS } from '../../../../../src/dataset/dedupe/settings.js';

const slowDistance = (a: Hash64, b: Hash64): number =>
  [...(BigInt(`0x${formatHash(a)}`) ^ BigInt(`0x${formatHash(b)}`)).toString(2)].filter((bit) => bit === '1')
    .length;

const hash = fc.record({ high: fc.nat(0xffffffff), low: fc.nat(0xffffffff) });

describe('hash64', () => {
  it('reads and writes 16 hexadecimal digits', () => {
    fc.assert(fc.property(hash, (h) => void expect(parseHash(formatHash(h))).toEqual(h)));
    expect(parseHash('00000000ffffffff')).toEqual({ high: 0, low: 0xffffffff });
    for (const bad of ['', 'fff', 'g000000000000000', 'FFFFFFFFFFFFFFFF', '0'.repeat(17)]) {
      expect(() => parseHash(bad)).toThrow(TypeError);
    }
  });

  it('counts bits and distances as counting digits does', () => {
    fc.assert(fc.property(hash, hash, (a, b) => void expect(hammingDistance(a, b)).toBe(slowDistance(a, b))));
    expect([0, 1, 0x80000000, 0xffffffff, -1].map(popcount32)).toEqual([0, 1, 1, 32, 32]);
  });
});

describe('chunks', () => {
  it('cover all 64 bits of a hash when the radius leaves none out, across the halves too', () => {
    const h = parseHash('0123456789abcdef');
    for (const radius of [8, 12, 16]) {
      const chunks = planChunks(1e6, radius);
      const rebuilt = chunks.reduce(
        (sum, c) => sum | (BigInt(chunkOf(h.high, h.low, c)) << BigInt(c.offset)),
        0n,
      );
      if (chunks.reduce((bits, c) => bits + c.width, 0) === 64) expect(rebuilt).toBe(0x0123456789abcdefn);
    }
    expect(planChunks(1e6, 8).reduce((bits, c) => bits + c.width, 0)).toBe(64);
  });

  it('list every mask within a radius once', () => {
    const masks = [...masksWithin(9, 3)];
    expect(new Set(masks).size).toBe(masks.length);
    expect(masks.length).toBe(1 + 9 + 36 + 84);
    expect(masks.every((mask) => popcount32(mask) <= 3 && mask < 512)).toBe(true);
  });

  it('satisfy the pigeonhole: chunk radii add up so that nothing within the radius can hide', () => {
    for (let radius = 0; radius <= 16; radius++) {
      for (const size of [10, 1e4, 1e6, 1e8]) {
        const allowed = planChunks(size, radius).reduce((sum, chunk) => sum + chunk.radius + 1, 0);
        expect(allowed).toBeGreaterThan(radius);
      }
    }
  });
});

describe('HammingIndex', () => {
  it.each([0, 3, 7, DEFAULT_THRESHOLDS.maxPhashDistance, 10, 13])(
    'finds exactly what brute force finds, before and after rebuilding (radius %i)',
    (radius) => {
      const all = clusteredHashes(9000, `index-${radius}`, 12);
      const index = new HammingIndex(radius);
      const rng = createRng(`queries-${radius}`);
      let matched = 0;
      all.forEach((h, i) => {
        expect(index.add(h)).toBe(i);
        if (i % 300 !== 299) return;
        const query = all[rng.int(i)] as Hash64;
        const expected = bruteForce(all.slice(0, i + 1), query, radius);
        expect(index.query(query)).toEqual(expected);
        matched += expected.length;
      });
      expect(matched).toBeGreaterThan(30);
    },
  );

  it('finds exactly what brute force finds for every smaller radius, once in its tables', () => {
    const all = clusteredHashes(9000, 'smaller', 12);
    const index = new HammingIndex(8);
    for (const h of all) index.add(h);
    for (let radius = 0; radius <= 8; radius++) {
      for (let i = 0; i < 20; i++) {
        const query = all[(i * 449) % all.length] as Hash64;
        expect(index.query(query, radius)).toEqual(bruteForce(all, query, radius));
      }
    }
  });

  it('equals brute force for any hashes and smaller radii', () => {
    const few = fc.array(hash, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(few, hash, fc.nat(16), (hashes, query, radius) => {
        const index = new HammingIndex(16);
        for (const h of hashes) index.add(h);
        expect(index.query(query, radius)).toEqual(bruteForce(hashes, query, radius));
      }),
    );
  });

  it('stays compact and keeps what it was given', () => {
    const index = new HammingIndex(8);
    const all = clusteredHashes(20_000, 'compact', 3);
    for (const h of all) index.add(h);
    index.query(all[0] as Hash64);
    expect(index.size).toBe(20_000);
    expect(index.at(19_999)).toEqual(all[19_999]);
    expect(index.memoryBytes / index.size).toBeLessThan(200);
  });

  it('refuses a radius it was not made for', () => {
    expect(() => new HammingIndex(17)).toThrow(/0 to 16/);
    expect(() => new HammingIndex(5).query({ high: 0, low: 0 }, 6)).toThrow(/up to radius 5/);
  });
});
