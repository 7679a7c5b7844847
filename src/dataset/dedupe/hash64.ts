/** A 64-bit hash as two unsigned 32-bit halves: typed arrays hold these, and popcount needs no BigInt. */
export interface Hash64 {
  readonly high: number;
  readonly low: number;
}

const SIXTEEN_HEX = /^[0-9a-f]{16}$/;

/**
 * Reads 16 lower-case hexadecimal digits, most significant first.
 * @throws {TypeError} when the text is anything else
 */
export function parseHash(hex: string): Hash64 {
  if (!SIXTEEN_HEX.test(hex)) {
    throw new TypeError(`Expected a 64-bit hash as 16 lower-case hexadecimal digits, got "${hex}".`);
  }
  return { high: Number.parseInt(hex.slice(0, 8), 16), low: Number.parseInt(hex.slice(8), 16) };
}

/** The inverse of {@link parseHash}. */
export function formatHash(hash: Hash64): string {
  return hex32(hash.high) + hex32(hash.low);
}

const hex32 = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/** How many of 32 bits are set (parallel sums: Warren, "Hacker's Delight", figure 5-2). */
export function popcount32(value: number): number {
  let v = value | 0;
  v -= (v >>> 1) & 0x55555555;
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** How many of 64 bits differ, 0..64. */
export function hammingDistance(a: Hash64, b: Hash64): number {
  return popcount32(a.high ^ b.high) + popcount32(a.low ^ b.low);
}
