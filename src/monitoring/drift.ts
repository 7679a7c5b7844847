import { createRng } from '../../zoo/index.js';

/** Permutations: the smallest p-value they can tell is 1 in 1000. */
const PERMUTATIONS = 999;

/** Greatest distance between two empirical distributions (Kolmogorov-Smirnov). Both are sorted by this. */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [first.toSorted((x, y) => x - y), second.toSorted((x, y) => x - y)];
  let [i, j, greatest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (i < a.length && (a[i] as number) <= value) i += 1;
    while (j < b.length && (b[j] as number) <= value) j += 1;
    greatest = Math.max(greatest, Math.abs(i / a.length - j / b.length));
  }
  return greatest;
}

export interface DriftTest {
  readonly statistic: number;
  /** Share of random re-dealings, the actual one included, that are at least as far apart. */
  readonly pValue: number;
}

/**
 * Whether live values come from the distribution of the reference: an exact test by permutation, so that with a threshold of p on
 * its p-value, at most that share of windows raises a false alarm when nothing has changed, whatever the distribution is.
 */
export function testDrift(reference: readonly number[], live: readonly number[], seed: string): DriftTest {
  const statistic = kolmogorovSmirnov(reference, live);
  const rng = createRng(`drift/${seed}`);
  const pool = [...reference, ...live];
  let asFar = 1;
  for (let n = 0; n < PERMUTATIONS; n++) {
    for (let i = pool.length - 1; i > 0; i--) {
      const j = rng.int(i + 1);
      [pool[i], pool[j]] = [pool[j] as number, pool[i] as number];
    }
    const dealt = kolmogorovSmirnov(pool.slice(0, reference.length), pool.slice(reference.length));
    if (dealt >= statistic - 1e-12) asFar += 1;
  }
  return { statistic, pValue: asFar / (PERMUTATIONS + 1) };
}
