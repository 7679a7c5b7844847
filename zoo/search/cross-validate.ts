import { applyHead, fitGrid, type HeadParams } from '../heads/head.js';
import { getHead } from '../heads/registry.js';
import { stackRows, type Matrix } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { createRng } from '../rng.js';
import { repeat, type DevRows } from './dev-rows.js';
import { rotate } from './rotate.js';
import { standardisationOf, standardise } from './standardise.js';

/** One fold: scaled by its training rows alone, wide features rotated. */
interface Fold {
  readonly train: Matrix;
  readonly y: Int32Array;
  readonly held: Matrix;
  /** Positions of the held-out rows among the dev rows. */
  readonly heldAt: Int32Array;
}

/** What every head is trained and scored on at one tap; made once, used by all of its heads. */
export interface FoldedFeatures {
  readonly folds: readonly Fold[];
  readonly dev: DevRows;
}

function openFold(x: Matrix, dev: DevRows, more: readonly Matrix[], fold: number): Fold {
  const all = Int32Array.from(dev.folds.keys());
  const heldAt = all.filter((i) => dev.folds[i] === fold);
  const trainAt = all.filter((i) => dev.folds[i] !== fold);
  const scaling = standardisationOf(x, trainAt);
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

/**
 * @param x features of all dev rows, as they come from the backbone
 * @param more features of the same rows seen otherwise, to learn from
 */
export function foldFeatures(x: Matrix, dev: DevRows, more: readonly Matrix[] = []): FoldedFeatures {
  const folds = Array.from({ length: dev.foldCount }, (_, fold) => openFold(x, dev, more, fold));
  return { folds, dev };
}

export interface CrossValidationRequest {
  readonly head: string;
  readonly grid: readonly HeadParams[];
  readonly seed: string;
  readonly signal?: AbortSignal;
}

/** Logits of every dev row by a head that was not trained on its fold; one result for each setting of the grid. */
export async function crossValidate(
  { folds, dev }: FoldedFeatures,
  request: CrossValidationRequest,
): Promise<Scores[]> {
  const { grid, seed, signal } = request;
  const head = getHead(request.head);
  const { classes } = dev;
  const pooled = grid.map((): Scores => {
    return { rows: dev.y.length, classes, data: new Float64Array(dev.y.length * classes) };
  });
  for (const [index, fold] of folds.entries()) {
    const rng = createRng(`${seed}/${head.id}/fold ${index}`);
    const fitted = await fitGrid(head, { x: fold.train, y: fold.y, classes, grid, rng, signal });
    fitted.forEach((one, setting) => {
      const { data } = applyHead(one, fold.held);
      fold.heldAt.forEach((row, i) => {
        pooled[setting]?.data.set(data.subarray(i * classes, (i + 1) * classes), row * classes);
      });
    });
  }
  return pooled;
}
