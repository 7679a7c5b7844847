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

/**
 * The normal equations of ridge regression on centred features, formed once and factored for any strength.
 * Wide features (columns >= rows) use the dual form, the rows x rows matrix X X^T; narrow ones the primal X^T X.
 */
export interface RidgeSystem {
  /** Features less their column means. */
  readonly x: Matrix;
  readonly mean: Float64Array;
  readonly form: Form;
  readonly size: number;
  /** Lower triangle, row-major [size, size]. */
  readonly gram: Float64Array;
  /** Mean squared length of a row: what strengths are multiples of, so that one grid fits every width. */
  readonly unit: number;
}

/** Lower triangle of `m m^T` by blocks, row-major [m.rows, m.rows]. */
export function gramOfRows(m: Matrix): Float64Array {
  return withArena((arena) => {
    const gram = arena.panel64(m.rows, m.rows);
    addGram(gram, copyIn(arena, m));
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
  const gram = form === 'primal' ? gramOfColumns(centred) : gramOfRows(centred);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i] as number;
  return { x: centred, mean, form, size, gram, unit: trace / x.rows };
}

/** Strength as it stands on the diagonal. Features that are all constant get a unit of 1, so that nothing is singular. */
export function penalty(system: Pick<RidgeSystem, 'unit'>, strength: number): number {
  return strength * (system.unit > 0 ? system.unit : 1);
}

/** Cholesky factor of `gram + penalty I` in the arena. */
export function factorSystem(arena: Arena, system: RidgeSystem, strength: number): Panel64 {
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
