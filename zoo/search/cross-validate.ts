import type { HeadParams } from '../heads/head.js';
import type { Scores } from '../metrics/index.js';
import { foldsOf, type DevRows } from './dev-rows.js';
import type { Fold, FoldSource } from './fold.js';
import type { Deadline } from './limits.js';
import { loadDev, type DevFeatures } from './load-set.js';
import type { ProductStore } from './product-store.js';
import type { Compute } from './threads/compute.js';
import { PRUNED } from './trial.js';
import type { FeatureSet } from './types.js';

/** The folds of one tap, each made when first asked for and used by all of the tap's heads. */
export interface FoldedFeatures {
  readonly dev: DevRows;
  readonly open: (fold: number) => Promise<Fold>;
}

/** Where folds are made. */
export interface Folding {
  /** Pictures of the request. */
  readonly rows: number;
  readonly compute: Compute;
  /** Inner products scaled by fold. */
  readonly products: ProductStore;
}

/**
 * The folds of a set in each deal; its features are read when the first is asked for.
 *
 * @param loaded its features, where they have been read
 */
export function foldSet(
  set: FeatureSet,
  deals: readonly DevRows[],
  { rows, compute, products }: Folding,
  loaded?: DevFeatures,
): FoldedFeatures[] {
  let loading = loaded && Promise.resolve(loaded);
  return deals.map((dev) => {
    const admitted = products.admits(set, dev);
    const source = async (fold: number): Promise<FoldSource> => {
      if (!admitted) return (loading ??= loadDev(set, rows, dev));
      return { products: await products.of(set, dev, fold) };
    };
    return foldFeatures(source, dev, compute);
  });
}

/** @param source what a fold is made of */
function foldFeatures(
  source: (fold: number) => Promise<FoldSource>,
  dev: DevRows,
  compute: Compute,
): FoldedFeatures {
  const made = new Map<number, Promise<Fold>>();
  const make = async (fold: number): Promise<Fold> =>
    compute.run('openFold', { source: await source(fold), dev, fold });
  const open = (fold: number): Promise<Fold> => {
    const known = made.get(fold) ?? make(fold);
    made.set(fold, known);
    return known;
  };
  return { dev, open };
}

export interface CrossValidationRequest {
  readonly head: string;
  readonly grid: readonly HeadParams[];
  readonly seed: string;
  readonly deadline: Deadline;
  readonly compute: Compute;
}

/** Held-out rows of one fold, and their logits for each setting of the grid. */
export type FoldLogits = Pick<Fold, 'heldAt'> & { readonly logits: readonly Scores[] };

/** Logits of one setting for all rows of the folds, those of other folds zero. */
export function poolFolds(folds: readonly FoldLogits[], setting: number, { y, classes }: DevRows): Scores {
  const data = new Float64Array(y.length * classes);
  for (const { heldAt, logits } of folds)
    heldAt.forEach((row, i) => {
      data.set((logits[setting] as Scores).data.subarray(i * classes, (i + 1) * classes), row * classes);
    });
  return { rows: y.length, classes, data };
}

/**
 * Trains on all but one fold and scores that one, for each of some folds.
 *
 * @throws when the time is up: what a fold has begun is left then
 */
export function scoreFolds(
  { dev, open }: FoldedFeatures,
  request: CrossValidationRequest,
  folds: readonly number[],
): Promise<FoldLogits[]> {
  const { head, grid, seed, deadline, compute } = request;
  const scoreFold = async (at: number): Promise<FoldLogits> => {
    if (deadline.passed()) throw new Error(PRUNED.time);
    const signal = deadline.signal();
    signal?.throwIfAborted();
    const fold = await open(at);
    const task = { fold, classes: dev.classes, head, grid, seed: `${seed}/${head}/fold ${at}` };
    return { heldAt: fold.heldAt, logits: await compute.run('trainFold', task, signal) };
  };
  return Promise.all(folds.map((at) => compute.slot(scoreFold, at)));
}

/** Logits of every dev row by a head that was not trained on its fold; one result for each setting of the grid. */
export async function crossValidate(
  folded: FoldedFeatures,
  request: CrossValidationRequest,
): Promise<Scores[]> {
  const folds = await scoreFolds(folded, request, foldsOf(folded.dev));
  return request.grid.map((_, setting) => poolFolds(folds, setting, folded.dev));
}
