/** Coefficients of Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.23: error below 4.5e-4. */
const UPPER = [2.515517, 0.802853, 0.010328] as const;
const LOWER = [1.432788, 0.189269, 0.001308] as const;

/**
 * z with P(Z > z) = `tail` for a standard normal Z. For a two-sided level alpha over m comparisons (Bonferroni), ask for
 * alpha / (2 m).
 *
 * @param tail in (0, 0.5]
 */
export function normalTail(tail: number): number {
  if (!(tail > 0 && tail <= 0.5)) throw new RangeError(`A tail must lie in (0, 0.5], not ${tail}.`);
  const t = Math.sqrt(-2 * Math.log(tail));
  const [a, b, c] = UPPER;
  const [d, e, f] = LOWER;
  return t - (a + b * t + c * t * t) / (1 + d * t + e * t * t + f * t * t * t);
}
