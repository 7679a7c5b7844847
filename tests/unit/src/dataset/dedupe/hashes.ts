import { createRng } from '../../../../../zoo/index.js';
import { type Hash64, hammingDistance } from '../../../../../src/dataset/dedupe/hash64.js';

/** Hashes in tight clusters: what real pictures give, and the hard case for buckets. */
export function clusteredHashes(count: number, seed: string, bitsMoved: number): Hash64[] {
  const rng = createRng(seed);
  const centres = Array.from({ length: Math.ceil(count / 8) }, () => ({
    high: rng.int(2 ** 32),
    low: rng.int(2 ** 32),
  }));
  return Array.from({ length: count }, () => {
    let { high, low } = centres[rng.int(centres.length)] as Hash64;
    for (let i = rng.int(bitsMoved + 1); i > 0; i--) {
      const bit = rng.int(64);
      if (bit < 32) low = (low ^ (1 << bit)) >>> 0;
      else high = (high ^ (1 << (bit - 32))) >>> 0;
    }
    return { high, low };
  });
}

export const bruteForce = (all: readonly Hash64[], query: Hash64, radius: number) =>
  all
    .map((h, item) => ({ item, distance: hammingDistance(h, query) }))
    .filter((match) => match.distance <= radius);
