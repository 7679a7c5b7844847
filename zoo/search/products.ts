import { gramOfRows } from '../heads/ridge-system.js';
import type { Matrix } from '../matrix.js';
import { areMany, foldsOf, splitAt, type DevRows } from './dev-rows.js';
import { widthsOf } from './join.js';
import { loadMatrix } from './load-set.js';
import { standardisationOf, standardise } from './standardise.js';
import type { Compute } from './threads/compute.js';
import type { FeatureSet, SearchData } from './types.js';

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

/** Memory for products that are kept. */
const MOST_BYTES = 256 * 2 ** 20;
const DOUBLE_BYTES = 8;

/**
 * Whether all that is asked about a set can be answered by the inner products of its rows: it is put together of taps, wider than there are pictures, and
 * nothing else is learnt from. With many pictures the products take more room than they save time.
 */
export function goesByProducts(set: FeatureSet, dev: DevRows): boolean {
  if (set.parts === undefined || (set.more ?? []).length > 0 || areMany(dev)) return false;
  return (set.tap.channels ?? 0) >= dev.y.length && widthsOf(set) !== undefined;
}

/** Inner products of sets that are put together. */
export interface Products {
  /** One where all rows are scaled alike, one a fold otherwise; see `productsOf`. */
  of(set: FeatureSet, dev: DevRows): Promise<readonly Float64Array[]>;
}

const add = (to: Float64Array, more: Float64Array): Float64Array =>
  to.map((value, at) => value + (more[at] as number));

/** Whether a set is of one backbone: read whole. */
const isOfOne = ({ backbone, parts = [] }: FeatureSet): boolean =>
  parts.every((part) => part.backbone === backbone && part.parts === undefined);

/**
 * Columns side by side add up in inner products: so those of an ensemble are the sum of its members', and each member's are formed once,
 * however many ensembles it is in.
 */
export function openProducts(
  { labels, signal }: Pick<SearchData, 'labels' | 'signal'>,
  compute: Compute,
  scaling: Scaling,
): Products {
  const kept = new Map<DevRows, Map<string, Promise<readonly Float64Array[]>>>();
  let bytes = 0;
  const form = async (set: FeatureSet, dev: DevRows): Promise<Float64Array[]> => {
    const matrices: Matrix[] = [];
    for (const part of set.parts ?? [set]) matrices.push(await loadMatrix(part, labels.length));
    return compute.run('productsOf', { matrices, dev, scaling }, signal);
  };
  const member = (set: FeatureSet, dev: DevRows): Promise<readonly Float64Array[]> => {
    const own = kept.get(dev) ?? new Map<string, Promise<readonly Float64Array[]>>();
    kept.set(dev, own);
    const id = `${set.backbone}/${set.tap.id}`;
    const known = own.get(id) ?? form(set, dev);
    const room = DOUBLE_BYTES * dev.y.length ** 2 * (scaling === 'all' ? 1 : dev.foldCount);
    if (!own.has(id) && bytes + room <= MOST_BYTES) {
      own.set(id, known);
      bytes += room;
    }
    return known;
  };
  const sum = async (parts: readonly FeatureSet[], dev: DevRows): Promise<readonly Float64Array[]> => {
    const all = await Promise.all(parts.map((part) => member(part, dev)));
    return all.reduce((total, one) => total.map((products, at) => add(products, one[at] as Float64Array)));
  };
  return { of: (set, dev) => (isOfOne(set) ? member(set, dev) : sum(set.parts ?? [], dev)) };
}
