import { gramOfRows } from '../heads/ridge-system.js';
import type { Matrix } from '../matrix.js';
import { foldsOf, splitAt, type DevRows } from './dev-rows.js';
import { standardisationOf, standardise } from './standardise.js';

/** By which rows features are scaled: all dev rows, or the training rows of each fold in turn. */
export type Scaling = 'all' | 'fold';

/** Features that are read side by side. */
export interface ProductsTask {
  /** Rows of all pictures. */
  readonly matrices: readonly Matrix[];
  readonly dev: DevRows;
  readonly scaling: Scaling;
}

function* scaled({ matrices, dev }: ProductsTask, by: Int32Array): Generator<Matrix> {
  for (const matrix of matrices) yield standardise(matrix, standardisationOf(matrix, by), dev.rows);
}

const trainingRows = (dev: DevRows, fold: number): Int32Array =>
  splitAt(dev, fold).trainAt.map((at) => dev.rows[at] as number);

/**
 * Inner products of all pairs of dev rows of scaled features: lower triangles, row-major [rows, rows]. One where all are scaled alike, one a
 * fold where each is scaled by its own training rows.
 */
export function productsOf(task: ProductsTask): Float64Array[] {
  const { dev, scaling } = task;
  const all = scaling === 'all' ? [dev.rows] : foldsOf(dev).map((fold) => trainingRows(dev, fold));
  return all.map((rows) => gramOfRows(scaled(task, rows), dev.y.length));
}
