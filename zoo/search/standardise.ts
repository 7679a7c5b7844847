import type { Matrix } from '../matrix.js';

/** `(x - mean) / std` for each column. */
export interface Standardisation {
  readonly mean: Float32Array;
  readonly std: Float32Array;
}

/**
 * A column that hardly moves is not blown up: its deviation counts as at least this share of the root mean square one.
 */
const LEAST_SHARE = 1e-3;
/**
 * Counts of rare things are another matter: a column of a word that one text in a hundred has would be blown up tenfold, and drown
 * the words that are common enough to learn from. Where most numbers are zero, such columns keep their scale.
 */
const SPARSE = 0.8;
const LEAST_SHARE_OF_SPARSE = 1;

function leastShare({ data }: Matrix): number {
  let zeros = 0;
  for (const value of data) if (value === 0) zeros += 1;
  return zeros > SPARSE * data.length ? LEAST_SHARE_OF_SPARSE : LEAST_SHARE;
}

function variances({ rows, cols, data }: Matrix, mean: Float64Array): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) {
      const gap = (data[i * cols + d] as number) - (mean[d] as number);
      out[d] = (out[d] as number) + (gap * gap) / rows;
    }
  }
  return out;
}

/** Mean and deviation of every column over the rows of `x`; no deviation is zero. */
export function standardisationOf(x: Matrix): Standardisation {
  const { rows, cols, data } = x;
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) mean[d] = (mean[d] as number) + (data[i * cols + d] as number) / rows;
  }
  const variance = variances(x, mean);
  const least = leastShare(x) * Math.sqrt(variance.reduce((sum, value) => sum + value, 0) / cols) || 1;
  return {
    mean: Float32Array.from(mean),
    std: Float32Array.from(variance, (value) => Math.max(Math.sqrt(value), least)),
  };
}

/** A standardised copy. */
export function standardise({ rows, cols, data }: Matrix, { mean, std }: Standardisation): Matrix {
  const inverse = Float64Array.from(std, (value) => 1 / value);
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) {
      out[i * cols + d] = ((data[i * cols + d] as number) - (mean[d] as number)) * (inverse[d] as number);
    }
  }
  return { rows, cols, data: out };
}
