/** Two classifiers on the same rows, compared where they disagree. */
export interface PairedComparison {
  /** Rows only the first got right. */
  onlyFirst: number;
  /** Rows only the second got right. */
  onlySecond: number;
  /** Two-sided exact p-value of "both are right equally often"; 1 when they never disagree. */
  pValue: number;
}

/** P(X <= k) for X binomial (n, 1/2), summed in logarithms so that a large n does not overflow. */
function lowerTail(n: number, k: number): number {
  let logTerm = -n * Math.LN2;
  let sum = Math.exp(logTerm);
  for (let i = 1; i <= k; i++) {
    logTerm += Math.log((n - i + 1) / i);
    sum += Math.exp(logTerm);
  }
  return sum;
}

/**
 * Exact McNemar test (Q. McNemar, Psychometrika 12, 1947): under the null hypothesis the disagreements fall either way
 * like fair coins, so the p-value is twice the smaller binomial tail.
 *
 * @param first 1 where the first classifier is right, one entry a row
 * @param second the same rows in the same order
 */
export function mcnemar(first: ArrayLike<number>, second: ArrayLike<number>): PairedComparison {
  if (first.length !== second.length) {
    throw new RangeError(`A paired test needs the same rows: got ${first.length} and ${second.length}.`);
  }
  let onlyFirst = 0;
  let onlySecond = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] && !second[i]) onlyFirst++;
    if (!first[i] && second[i]) onlySecond++;
  }
  const tail = lowerTail(onlyFirst + onlySecond, Math.min(onlyFirst, onlySecond));
  return { onlyFirst, onlySecond, pValue: Math.min(1, 2 * tail) };
}
