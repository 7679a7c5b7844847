import { applyHead, fitGrid, type HeadParams } from '../heads/head.js';
import { getHead } from '../heads/registry.js';
import { stackRows, type Matrix } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { createRng } from '../rng.js';
import { repeat, splitAt, type DevRows } from './dev-rows.js';
import type { DevFeatures } from './load-set.js';
import { rotate, rotateProducts } from './rotate.js';
import { standardisationOf, standardise } from './standardise.js';

/** One fold: scaled by its training rows alone, wide features rotated. */
export interface Fold {
  readonly train: Matrix;
  readonly y: Int32Array;
  readonly held: Matrix;
  /** Positions of the held-out rows among the dev rows. */
  readonly heldAt: Int32Array;
}

/** What a fold is made of: features, or the inner products of all pairs of dev rows, scaled by the training rows of the fold. */
export type FoldSource = DevFeatures | { readonly products: Float64Array };

/** The rows of one fold to be made ready. */
export interface FoldTask {
  readonly source: FoldSource;
  readonly dev: DevRows;
  readonly fold: number;
}

/** What every head is trained and scored on in one fold of one tap. */
export function openFold({ source, dev, fold }: FoldTask): Fold {
  return 'products' in source ? foldOfProducts(source.products, dev, fold) : foldOf(source, dev, fold);
}

function foldOfProducts(products: Float64Array, dev: DevRows, fold: number): Fold {
  const { heldAt, trainAt } = splitAt(dev, fold);
  const { train, others } = rotateProducts(products, trainAt, heldAt);
  return { train, y: trainAt.map((i) => dev.y[i] as number), held: others, heldAt };
}

function foldOf({ x, widths, more = [] }: DevFeatures, dev: DevRows, fold: number): Fold {
  const { heldAt, trainAt } = splitAt(dev, fold);
  const scaling = standardisationOf(x, trainAt, widths);
  const rotation = rotate(stackRows([x, ...more].map((rows) => standardise(rows, scaling, trainAt))));
  return {
    train: rotation.train,
    y: repeat(
      trainAt.map((i) => dev.y[i] as number),
      1 + more.length,
    ),
    held: rotation.project(standardise(x, scaling, heldAt)),
    heldAt,
  };
}

/** A head to be trained on one fold, in several settings. */
export interface FoldTraining {
  readonly fold: Fold;
  readonly classes: number;
  readonly head: string;
  readonly grid: readonly HeadParams[];
  readonly seed: string;
}

/** Logits of the held-out rows, one result for each setting of the grid. */
export async function trainFold(task: FoldTraining, signal?: AbortSignal): Promise<Scores[]> {
  const { fold, classes, grid, seed } = task;
  const head = getHead(task.head);
  const rng = createRng(seed);
  const fitted = await fitGrid(head, { x: fold.train, y: fold.y, classes, grid, rng, signal });
  return fitted.map((one) => applyHead(one, fold.held));
}
