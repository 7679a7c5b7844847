import { areaAverage, type Box, type GreyImage } from './grey.js';

/** Side of the grey square that the DCT sees, and of the low-frequency corner that is kept. */
const DCT_SIDE = 32;
const KEPT = 8;
/** Side of the square of bits that both hashes are. */
export const HASH_SIDE = KEPT;
const BITS = KEPT * KEPT;

/** cos((2x + 1) u pi / 64) for the frequencies that are kept: `COSINES[u * 32 + x]`. */
const COSINES = Float64Array.from({ length: KEPT * DCT_SIDE }, (_, i) => {
  const u = Math.floor(i / DCT_SIDE);
  const x = i % DCT_SIDE;
  return Math.cos(((2 * x + 1) * u * Math.PI) / (2 * DCT_SIDE)) * (u === 0 ? Math.SQRT1_2 : 1);
});

/** Turns 64 bits, most significant first, into 16 lower-case hexadecimal digits. */
export function bitsToHex(bits: readonly boolean[]): string {
  let hex = '';
  for (let i = 0; i < bits.length; i += 4) {
    hex += [0, 1, 2, 3].reduce((digit, j) => digit * 2 + (bits[i + j] ? 1 : 0), 0).toString(16);
  }
  return hex;
}

/** The 8 x 8 lowest frequencies of the two-dimensional DCT-II of a 32 x 32 square: `out[v * 8 + u]`, v vertical. */
export function lowFrequencies(square: Float64Array): Float64Array {
  const rows = new Float64Array(DCT_SIDE * KEPT);
  for (let y = 0; y < DCT_SIDE; y++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let x = 0; x < DCT_SIDE; x++)
        sum += (square[y * DCT_SIDE + x] ?? 0) * (COSINES[u * DCT_SIDE + x] ?? 0);
      rows[y * KEPT + u] = sum;
    }
  }
  const out = new Float64Array(BITS);
  for (let v = 0; v < KEPT; v++) {
    for (let u = 0; u < KEPT; u++) {
      let sum = 0;
      for (let y = 0; y < DCT_SIDE; y++) sum += (rows[y * KEPT + u] ?? 0) * (COSINES[v * DCT_SIDE + y] ?? 0);
      out[v * KEPT + u] = sum;
    }
  }
  return out;
}

/**
 * How far above the median a coefficient must lie to count as 1. A symmetric drawing has coefficients of exactly 0 on
 * either side of a median of 0, and a re-encode then flips them at random: measured on emoji icons, the 99th percentile
 * of the distance to a JPEG copy of quality 30 falls from 20 bits to 3, while photographs stay at 3 (docs/adr/0004).
 */
export const MEDIAN_MARGIN = 32;

/** Bit i says whether coefficient i lies clearly above the median of the 63 that are not the mean (DC). */
export function bitsOfFrequencies(coefficients: Float64Array): boolean[] {
  const median = Float64Array.from(coefficients.subarray(1)).sort()[(BITS - 2) / 2] ?? 0;
  return Array.from(coefficients, (value) => value > median + MEDIAN_MARGIN);
}

/** The 64 coefficients that the DCT hash of a picture, or of a box of it, is made of. */
export const frequenciesOf = (image: GreyImage, box?: Box): Float64Array =>
  lowFrequencies(areaAverage(image, DCT_SIDE, DCT_SIDE, box));

/**
 * 64-bit DCT perceptual hash: grey, 32 x 32 by area average, DCT-II, 8 x 8 lowest frequencies, each compared with the
 * median of the 63 without DC (Zauner 2010, "Implementation and Benchmarking of Perceptual Image Hash Functions", 3.2.1),
 * with a margin.
 * @returns 16 hexadecimal digits, first bit = DC
 */
export function perceptualHash(image: GreyImage, box?: Box): string {
  return bitsToHex(bitsOfFrequencies(frequenciesOf(image, box)));
}

/** Grey levels by which a cell must be brighter than its left neighbour: flat areas then give 0, whatever compression does. */
export const BRIGHTER_BY = 2;

/** Bit = "clearly brighter than its left neighbour", of a grid of 9 x 8 cells. */
export function bitsOfDifferences(grid: Float64Array): boolean[] {
  return Array.from({ length: BITS }, (_, i) => {
    const at = Math.floor(i / KEPT) * (KEPT + 1) + (i % KEPT);
    return (grid[at + 1] ?? 0) - (grid[at] ?? 0) > BRIGHTER_BY;
  });
}

/** 64-bit difference hash: grey, 9 x 8 by area average, bit = "clearly brighter than its left neighbour". 16 hexadecimal digits. */
export function differenceHash(image: GreyImage, box?: Box): string {
  return bitsToHex(bitsOfDifferences(areaAverage(image, KEPT + 1, KEPT, box)));
}
