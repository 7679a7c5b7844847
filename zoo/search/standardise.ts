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

const leastShare = (zeros: number, count: number): number =>
  zeros > SPARSE * count ? LEAST_SHARE_OF_SPARSE : LEAST_SHARE;

/** The division is left to the end, off the hot path. */
function columnSums({ cols, data }: Matrix, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * cols;
    for (let d = 0; d < cols; d++) out[d] = (out[d] as number) + (data[at + d] as number);
  }
  return out;
}

/** Sums of squared distances from `mean`. */
function columnSquares({ cols, data }: Matrix, rows: ArrayLike<number>, mean: Float64Array): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * cols;
    for (let d = 0; d < cols; d++) {
      const gap = (data[at + d] as number) - (mean[d] as number);
      out[d] = (out[d] as number) + gap * gap;
    }
  }
  return out;
}

function countZeros({ cols, data }: Matrix, rows: ArrayLike<number>): number {
  let zeros = 0;
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * cols;
    for (let d = 0; d < cols; d++) if (data[at + d] === 0) zeros += 1;
  }
  return zeros;
}

const allRows = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

/** Mean and deviation of every column over `rows` of `x`, all where left out; no deviation is zero. */
export function standardisationOf(x: Matrix, rows: ArrayLike<number> = allRows(x)): Standardisation {
  const count = rows.length;
  const mean = columnSums(x, rows).map((sum) => sum / count);
  const variance = columnSquares(x, rows, mean).map((sum) => sum / count);
  const share = leastShare(countZeros(x, rows), count * x.cols);
  const least = share * Math.sqrt(variance.reduce((sum, value) => sum + value, 0) / x.cols) || 1;
  return {
    mean: Float32Array.from(mean),
    std: Float32Array.from(variance, (value) => Math.max(Math.sqrt(value), least)),
  };
}

/** A standardised copy of `rows` of `x`, in their order; of all where left out. */
export function standardise(
  x: Matrix,
  { mean, std }: Standardisation,
  rows: ArrayLike<number> = allRows(x),
): Matrix {
  const { cols, data } = x;
  const inverse = Float64Array.from(std, (value) => 1 / value);
  const out = new Float32Array(rows.length * cols);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * cols;
    for (let d = 0; d < cols; d++)
      out[i * cols + d] = ((data[at + d] as number) - (mean[d] as number)) * (inverse[d] as number);
  }
  return { rows: rows.length, cols, data: out };
}
