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

/** What each column adds up to over some rows, counted from the first of them. */
interface Sums {
  readonly origin: Float32Array;
  /** Of `x - origin`, and of its square: with an origin among the values, no digits are lost in the difference. */
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly zeros: Float64Array;
}

function sumColumns({ cols, data }: Matrix, rows: ArrayLike<number>): Sums {
  const rowAt = (i: number): Float32Array =>
    data.subarray((rows[i] as number) * cols, ((rows[i] as number) + 1) * cols);
  const origin = rows.length > 0 ? rowAt(0) : new Float32Array(cols);
  const [sum, squares, zeros] = [new Float64Array(cols), new Float64Array(cols), new Float64Array(cols)];
  for (let i = 0; i < rows.length; i++) {
    const row = rowAt(i);
    for (let d = 0; d < cols; d++) {
      const value = row[d] as number;
      const gap = value - (origin[d] as number);
      sum[d] = (sum[d] as number) + gap;
      squares[d] = (squares[d] as number) + gap * gap;
      zeros[d] = (zeros[d] as number) + Number(value === 0);
    }
  }
  return { origin, sum, squares, zeros };
}

const allRows = ({ rows }: Matrix): Int32Array => Int32Array.from({ length: rows }, (_, row) => row);

/**
 * Mean and deviation of every column over `rows` of `x`, all where left out; no deviation is zero.
 *
 * @param widths columns of each part of features that are read side by side: what hardly moves is told by its own part, for a tap may be a
 *   thousand times as large as another
 */
export function standardisationOf(
  x: Matrix,
  rows: ArrayLike<number> = allRows(x),
  widths: readonly number[] = [x.cols],
): Standardisation {
  const count = rows.length;
  const { origin, sum, squares, zeros } = sumColumns(x, rows);
  const gap = sum.map((total) => total / count);
  const variance = squares.map((total, d) => Math.max(0, total / count - (gap[d] as number) ** 2));
  const std = new Float32Array(x.cols);
  let from = 0;
  for (const width of widths) {
    const to = from + width;
    const share = leastShare(sumOf(zeros.subarray(from, to)), count * width);
    const least = share * Math.sqrt(sumOf(variance.subarray(from, to)) / width) || 1;
    for (let d = from; d < to; d++) std[d] = Math.max(Math.sqrt(variance[d] as number), least);
    from = to;
  }
  return { mean: Float32Array.from(gap, (value, d) => value + (origin[d] as number)), std };
}

const sumOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

/** A standardised copy of `rows` of `x`, in their order; of all where left out. */
export function standardise(
  x: Matrix,
  { mean, std }: Standardisation,
  rows: ArrayLike<number> = allRows(x),
): Matrix {
  const { cols, data } = x;
  const inverse = Float32Array.from(std, (value) => 1 / value);
  const out = new Float32Array(rows.length * cols);
  for (let i = 0; i < rows.length; i++) {
    const at = (rows[i] as number) * cols;
    // Views of one row: the compiler then checks bounds once, which nearly halves the time.
    const from = data.subarray(at, at + cols);
    const to = out.subarray(i * cols, (i + 1) * cols);
    for (let d = 0; d < cols; d++)
      to[d] = ((from[d] as number) - (mean[d] as number)) * (inverse[d] as number);
  }
  return { rows: rows.length, cols, data: out };
}
