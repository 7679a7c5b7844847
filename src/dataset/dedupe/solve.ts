/** Pivots smaller than this share of the largest diagonal element count as zero. */
const TINY = 1e-12;

/**
 * Solves A x = b for a small symmetric positive definite A (row by row, n x n) and several b, by Cholesky's factors.
 * @returns one x a b; null when A is singular
 */
export function solveSymmetric(a: Float64Array, bs: readonly Float64Array[]): Float64Array[] | null {
  const n = Math.sqrt(a.length);
  const lower = factor(a, n);
  return lower && bs.map((b) => substitute(lower, b, n));
}

function factor(a: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  const largest = Math.max(...Array.from({ length: n }, (_, i) => a[i * n + i] as number));
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j] as number;
      for (let k = 0; k < j; k++) sum -= (lower[i * n + k] as number) * (lower[j * n + k] as number);
      if (i !== j) lower[i * n + j] = sum / (lower[j * n + j] as number);
      else if (sum > TINY * largest) lower[i * n + i] = Math.sqrt(sum);
      else return null;
    }
  }
  return lower;
}

function substitute(lower: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = Float64Array.from(b);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i] = (x[i] as number) - (lower[i * n + k] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (lower[i * n + i] as number);
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i] = (x[i] as number) - (lower[k * n + i] as number) * (x[k] as number);
    x[i] = (x[i] as number) / (lower[i * n + i] as number);
  }
  return x;
}
