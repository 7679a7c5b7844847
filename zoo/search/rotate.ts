import type { DenseLayer, FittedHead } from '../heads/head.js';
import { gramOfRows } from '../heads/ridge-system.js';
import {
  addProduct,
  cholesky,
  NotPositiveDefiniteError,
  copyIn,
  copyOut,
  solveRight,
  withArena,
  type Arena,
  type Panel64,
} from '../linalg/index.js';
import type { Matrix } from '../matrix.js';

/** Features in fewer coordinates, and the ways there and back. */
export interface Rotation {
  /** The training rows in the new coordinates: at most as many columns as rows. */
  readonly train: Matrix;
  /** Other rows in the same coordinates. */
  project(x: Matrix): Matrix;
  /** A head for the new coordinates as one for the old. */
  lift(head: FittedHead): FittedHead;
}

/**
 * Keeps the factor of a Gram matrix of less than full rank real; far below every penalty in use. Products are summed in 32 bits, whose
 * rounding outweighs the least of these where many rows are nearly one another, as texts of one pattern are.
 */
const JITTERS = [1e-6, 1e-5, 1e-4, 1e-3];

/** A lower triangle in row-major [size, size] into the arena. */
function loadLower(arena: Arena, lower: Float64Array, size: number): Panel64 {
  const panel = arena.panel64(size, size);
  const { data, stride } = panel;
  for (let i = 0; i < size; i++) data.set(lower.subarray(i * size, i * size + i + 1), i * stride);
  // Past the end the factor is that of the identity, as `cholesky` leaves it.
  for (let i = size; i < stride; i++) data[i * stride + i] = 1;
  return panel;
}

/** @param gram lower triangle, row-major [size, size] */
function factorOf(gram: Float64Array, size: number): Float64Array {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i] as number;
  return factorWithLeast(gram, size, (trace || size) / size, JITTERS);
}

/** With the first jitter, in units of the mean of the diagonal, that makes the factor real. */
function factorWithLeast(
  gram: Float64Array,
  size: number,
  unit: number,
  [jitter = 0, ...larger]: readonly number[],
): Float64Array {
  try {
    return factorWith(gram, size, jitter * unit);
  } catch (error) {
    if (!(error instanceof NotPositiveDefiniteError) || larger.length === 0) throw error;
    return factorWithLeast(gram, size, unit, larger);
  }
}

function factorWith(gram: Float64Array, size: number, jitter: number): Float64Array {
  return withArena((arena) => {
    const panel = loadLower(arena, gram, size);
    for (let i = 0; i < size; i++)
      panel.data[i * panel.stride + i] = (panel.data[i * panel.stride + i] as number) + jitter;
    cholesky(panel);
    const lower = copyOut(panel);
    for (let i = 0; i < size; i++) lower.fill(0, i * size + i + 1, (i + 1) * size);
    return lower;
  });
}

/**
 * `C L^-T` for C = `z X^T`
 *
 * @param cross C in the arena
 */
function solveCross(arena: Arena, cross: Panel64, lower: Float64Array): Matrix {
  const { rows, cols } = cross;
  solveRight(cross, loadLower(arena, lower, cols));
  return { rows, cols, data: Float32Array.from(copyOut(cross)) };
}

/** `z X^T L^-T` */
function projectRows(x: Matrix, lower: Float64Array, z: Matrix): Matrix {
  return withArena((arena) => {
    const cross = arena.panel64(z.rows, x.rows);
    addProduct(cross, copyIn(arena, z), copyIn(arena, x));
    return solveCross(arena, cross, lower);
  });
}

/** Some rows and columns of a symmetric matrix whose lower triangle is given, row-major [size, size]. */
function pick(size: number, lower: Float64Array, rows: Int32Array, cols: Int32Array): Float64Array {
  const out = new Float64Array(rows.length * cols.length);
  rows.forEach((i, row) => {
    cols.forEach((j, col) => {
      out[row * cols.length + col] = lower[i > j ? i * size + j : j * size + i] as number;
    });
  });
  return out;
}

/**
 * {@link rotate} where the inner products of all rows are known and there are more columns than rows.
 *
 * @param products of rows that are centred by those at `trainAt`: lower triangle, row-major [rows, rows], for the rows at both places
 */
export function rotateProducts(
  products: Float64Array,
  trainAt: Int32Array,
  othersAt: Int32Array,
): { train: Matrix; others: Matrix } {
  const size = trainAt.length;
  const rows = size + othersAt.length;
  const lower = factorOf(pick(rows, products, trainAt, trainAt), size);
  const others = withArena((arena) => {
    const cross = arena.panel64(othersAt.length, size);
    const picked = pick(rows, products, othersAt, trainAt);
    for (let i = 0; i < othersAt.length; i++)
      cross.data.set(picked.subarray(i * size, (i + 1) * size), i * cross.stride);
    return solveCross(arena, cross, lower);
  });
  return { train: { rows: size, cols: size, data: Float32Array.from(lower) }, others };
}

/** Solves `L^T v = w` in place for every column of w, [size, cols]. */
function solveTransposed(lower: Float64Array, size: number, w: Float64Array, cols: number): void {
  for (let i = size - 1; i >= 0; i--) {
    for (let c = 0; c < cols; c++) {
      const value = (w[i * cols + c] as number) / (lower[i * size + i] as number);
      w[i * cols + c] = value;
      for (let k = 0; k < i; k++)
        w[k * cols + c] = (w[k * cols + c] as number) - value * (lower[i * size + k] as number);
    }
  }
}

/** `X^T L^-T W` */
function liftLayer(x: Matrix, lower: Float64Array, layer: DenseLayer): DenseLayer {
  const { outputs } = layer;
  const inner = Float64Array.from(layer.weights);
  solveTransposed(lower, x.rows, inner, outputs);
  const weights = new Float64Array(x.cols * outputs);
  for (let i = 0; i < x.rows; i++) {
    for (let d = 0; d < x.cols; d++) {
      const value = x.data[i * x.cols + d] as number;
      for (let c = 0; c < outputs; c++) {
        weights[d * outputs + c] =
          (weights[d * outputs + c] as number) + value * (inner[i * outputs + c] as number);
      }
    }
  }
  return { ...layer, inputs: x.cols, weights: Float32Array.from(weights) };
}

/**
 * Rotates wide features onto the span of their rows: with `X X^T = L L^T`, the rows of L are the rows of X in an orthonormal basis of
 * that span. Everything an L2-penalised model can learn lies in the span (the representer theorem: Schölkopf, Herbrich and Smola,
 * COLT 2001), so for linear heads nothing is lost and the cost of a step falls from rows x columns to rows x rows.
 * Narrow features (columns <= rows) are left as they are.
 *
 * @param x standardised features of the training rows
 */
export function rotate(x: Matrix): Rotation {
  if (x.cols <= x.rows) return { train: x, project: (other) => other, lift: (head) => head };
  const lower = factorOf(gramOfRows([x], x.rows), x.rows);
  return {
    train: { rows: x.rows, cols: x.rows, data: Float32Array.from(lower) },
    project: (other) => projectRows(x, lower, other),
    lift: ({ layers }) => ({
      layers: layers.map((layer, index) => (index === 0 ? liftLayer(x, lower, layer) : layer)),
    }),
  };
}
