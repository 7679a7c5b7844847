import type { Rng } from '../rng.js';
import type { Interval } from './proportion.js';

const RESAMPLES = 1000;

/**
 * Paired bootstrap (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13): the 95 % percentile interval of the
 * difference of two accuracies on the same rows, each row drawn with both of its outcomes.
 *
 * @param first 1 where the first classifier is right, one entry a row
 * @param second the same rows in the same order
 * @returns of accuracy(first) - accuracy(second); [0, 0] where they never disagree
 */
export function pairedBootstrap(first: ArrayLike<number>, second: ArrayLike<number>, rng: Rng): Interval {
  const rows = first.length;
  const gaps = Int8Array.from({ length: rows }, (_, i) => (first[i] as number) - (second[i] as number));
  const means = new Float64Array(RESAMPLES).map(() => {
    let sum = 0;
    for (let draw = 0; draw < rows; draw++) sum += gaps[rng.int(rows)] as number;
    return sum / Math.max(1, rows);
  });
  means.sort();
  const at = (share: number): number => means[Math.round(share * (RESAMPLES - 1))] as number;
  return [at(0.025), at(0.975)];
}
