import {
  addGram,
  cholesky,
  copyIn,
  copyOut,
  copyTransposedIn,
  withArena,
  type Arena,
  type Panel64,
} from '../linalg/index.js';
import type { Matrix } from '../matrix.js';
import { columnMeans, shiftRows } from './centre.js';

/** Columns x columns, or rows x rows. */
export type Form = 'primal' | 'dual';

/** The normal equations of ridge regression on centred features, formed once and factored for any strength. */
export interface NormalEquations {
  readonly size: number;
  /** Lower triangle, row-major [size, size]. */
  readonly gram: Float64Array;
  /** Mean squared length of a row: what strengths are multiples of, so that one grid fits every width. */
  readonly unit: number;
}

/** Normal equations with the features they are of. Wide ones (columns >= rows) use the dual form, the rows x rows matrix X X^T; narrow ones the primal X^T X. */
export interface RidgeSystem extends NormalEquations {
  /** Features less their column means. */
  readonly x: Matrix;
  readonly mean: Float64Array;
  readonly form: Form;
}

/**
 * Lower triangle of `m m^T` by blocks, row-major [rows, rows], for features whose columns stand side by side.
 *
 * @param parts the columns, some at a time: all of them are in memory only where they are given so
 */
export function gramOfRows(parts: Iterable<Matrix>, rows: number): Float64Array {
  return withArena((arena) => {
    const gram = arena.panel64(rows, rows);
    for (const part of parts) withArena((inner) => addGram(gram, copyIn(inner, part)));
    return copyOut(gram);
  });
}

/** Lower triangle of `m^T m` by blocks, row-major [m.cols, m.cols]. */
function gramOfColumns(m: Matrix): Float64Array {
  return withArena((arena) => {
    const gram = arena.panel64(m.cols, m.cols);
    addGram(gram, copyTransposedIn(arena, m));
    return copyOut(gram);
  });
}

/**
 * Forms the system of `x` (any centring); the one expensive product of a ridge fit.
 *
 * @param order rows of the system, as rows of `x`; as they are where left out
 * @param form the smaller one where left out
 */
export function ridgeSystem(
  x: Matrix,
  order: ArrayLike<number> = Array.from({ length: x.rows }, (_, row) => row),
  form: Form = x.cols < x.rows ? 'primal' : 'dual',
): RidgeSystem {
  const mean = columnMeans(x);
  const centred = shiftRows(x, order, mean);
  const size = form === 'primal' ? x.cols : x.rows;
  const gram = form === 'primal' ? gramOfColumns(centred) : gramOfRows([centred], x.rows);
  return { x: centred, mean, form, size, gram, unit: traceOf(gram, size) / x.rows };
}

function traceOf(gram: Float64Array, size: number): number {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i] as number;
  return trace;
}

/**
 * The dual form, of inner products that were formed before.
 *
 * @param products of all pairs of centred rows: lower triangle, row-major [rows, rows]
 * @param order rows of the system, as rows of `products`: all of them
 */
export function systemOfProducts(products: Float64Array, order: ArrayLike<number>): NormalEquations {
  const size = order.length;
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const a = order[i] as number;
    for (let j = 0; j <= i; j++) {
      const b = order[j] as number;
      gram[i * size + j] = products[a > b ? a * size + b : b * size + a] as number;
    }
  }
  return { size, gram, unit: traceOf(gram, size) / size };
}

/** Strength as it stands on the diagonal. Features that are all constant get a unit of 1, so that nothing is singular. */
export function penalty(system: Pick<NormalEquations, 'unit'>, strength: number): number {
  return strength * (system.unit > 0 ? system.unit : 1);
}

/** Cholesky factor of `gram + penalty I` in the arena. */
export function factorSystem(arena: Arena, system: NormalEquations, strength: number): Panel64 {
  const { size, gram } = system;
  const panel = arena.panel64(size, size);
  const { data, stride } = panel;
  const diagonal = penalty(system, strength);
  for (let i = 0; i < size; i++) {
    data.set(gram.subarray(i * size, i * size + i + 1), i * stride);
    data[i * stride + i] = (data[i * stride + i] as number) + diagonal;
  }
  cholesky(panel);
  return panel;
}
