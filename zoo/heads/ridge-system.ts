import { addGram, cholesky, copyIn, copyOut, withArena, type Arena, type Panel64 } from '../linalg/index.js';
import type { Matrix } from '../matrix.js';
import { columnMeans, shiftAndScale } from './centre.js';

/**
 * The normal equations of ridge regression on centred features, formed once and factored for any strength.
 * Wide features (columns >= rows) use the dual form, the rows x rows matrix X X^T; narrow ones the primal X^T X.
 */
export interface RidgeSystem {
  /** Features less their column means. */
  readonly x: Matrix;
  readonly mean: Float64Array;
  readonly form: 'primal' | 'dual';
  readonly size: number;
  /** Lower triangle, row-major [size, size]. */
  readonly gram: Float64Array;
  /** Mean squared length of a row: what strengths are multiples of, so that one grid fits every width. */
  readonly unit: number;
}

/** Rows and columns exchanged. */
export function transpose({ rows, cols, data }: Matrix): Matrix {
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    for (let d = 0; d < cols; d++) out[d * rows + i] = data[i * cols + d] as number;
  }
  return { rows: cols, cols: rows, data: out };
}

/** Lower triangle of `m m^T` by blocks, row-major [m.rows, m.rows]. */
export function gramOfRows(m: Matrix): Float64Array {
  return withArena((arena) => {
    const gram = arena.panel64(m.rows, m.rows);
    addGram(gram, copyIn(arena, m));
    return copyOut(gram);
  });
}

/** Forms the system of `x` (any centring); the one expensive product of a ridge fit. */
export function ridgeSystem(x: Matrix): RidgeSystem {
  const mean = columnMeans(x);
  const centred = shiftAndScale(x, mean, 1);
  const form = x.cols < x.rows ? 'primal' : 'dual';
  const size = Math.min(x.rows, x.cols);
  const gram = gramOfRows(form === 'primal' ? transpose(centred) : centred);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += gram[i * size + i] as number;
  return { x: centred, mean, form, size, gram, unit: trace / x.rows };
}

/** Strength as it stands on the diagonal. Features that are all constant get a unit of 1, so that nothing is singular. */
export function penalty(system: RidgeSystem, strength: number): number {
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
