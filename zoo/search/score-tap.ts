import { ridge } from '../heads/ridge.js';
import {
  ridgeCrossValidation,
  ridgeCrossValidationOfProducts,
  type RidgeCrossValidation,
} from '../heads/ridge-cross-validation.js';
import { stackRows, type Matrix } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { repeat, type DevRows } from './dev-rows.js';
import { standardisationOf, standardise } from './standardise.js';
import { validationOf } from './trial.js';
import type { Validation } from './types.js';

/** Strengths, weak to strong. */
const STRENGTHS = ridge.grid.map(({ strength }) => strength);
/**
 * The strength every tap is tried at: in the middle of where the best one lies (0.1 to 1 on photographs, for widths from 96 to 1280).
 * From there the most promising taps walk the grid.
 */
const FIRST = STRENGTHS.indexOf(0.3);
export const FIRST_STRENGTH = STRENGTHS[FIRST] as number;

/** A tap at one ridge strength. */
export interface Point {
  readonly strength: number;
  readonly validation: Validation;
}

/** Which strengths are tried: the first one, those around it (walked both ways as long as the log loss falls), or both. */
export type Scoring = 'first' | 'around' | 'both';

/** Features of all pictures: as they are, then in further looks that are learnt from. */
interface TapFeatures {
  readonly matrices: readonly Matrix[];
  /** Columns of each tap where several are read side by side, and they are known. */
  readonly widths?: readonly number[];
}

/** A tap to be scored. */
export interface TapTask {
  /** Features, or the inner products of all pairs of dev rows, scaled by all of them. */
  readonly source: TapFeatures | { readonly products: Float64Array };
  readonly dev: DevRows;
  readonly scoring: Scoring;
  /** What was scored before. */
  readonly points: readonly Point[];
}

/** What is known of a tap then. */
export interface TapScore {
  readonly points: readonly Point[];
  /** Why a strength could not be scored; what was scored before it still counts. */
  readonly failure: string | null;
}

/** The strength of a tap is chosen by log loss: at one tap it moves smoothly with the strength, accuracy jumps. */
export const surer = (a: Point, b: Point): number => a.validation.logLoss - b.validation.logLoss;

const firstRows = ({ classes, data }: Scores, rows: number): Scores => ({
  rows,
  classes,
  data: data.subarray(0, rows * classes),
});

function crossValidationOf({ source, dev }: TapTask): RidgeCrossValidation {
  const { y, folds, classes } = dev;
  if ('products' in source) return ridgeCrossValidationOfProducts(source.products, y, classes, folds);
  const { matrices, widths } = source;
  const scaling = standardisationOf(matrices[0] as Matrix, dev.rows, widths);
  const x = stackRows(matrices.map((rows) => standardise(rows, scaling, dev.rows)));
  const times = matrices.length;
  return ridgeCrossValidation(x, repeat(y, times), classes, repeat(folds, times));
}

/** Held-out scores at any strength, over features scaled by all of the development rows. */
function openTap(task: TapTask): (strength: number) => Point {
  const { dev } = task;
  const cv = crossValidationOf(task);
  return (strength) => {
    // Only pictures as they are: what else was learnt from comes after them.
    const scores = firstRows(cv.heldOut(strength), dev.y.length);
    if (!scores.data.every(Number.isFinite))
      throw new RangeError('the held-out scores are not finite numbers');
    return { strength, validation: validationOf(scores, dev.y) };
  };
}

/** Walks both ways from the first strength, as long as the log loss falls. */
function walk(points: Point[], scoreAt: (strength: number) => Point): void {
  for (const step of [-1, 1]) {
    let last: Point | undefined = points[0];
    for (let index = FIRST + step; last !== undefined && index in STRENGTHS; index += step) {
      const next = scoreAt(STRENGTHS[index] as number);
      points.push(next);
      last = surer(next, last) < 0 ? next : undefined;
    }
  }
}

/** Scores a tap by ridge regression in closed form, held out by fold. An error is part of the answer. */
export function scoreTap(task: TapTask): TapScore {
  const points = [...task.points];
  try {
    const scoreAt = openTap(task);
    if (task.scoring !== 'around') points.push(scoreAt(FIRST_STRENGTH));
    if (task.scoring !== 'first') walk(points, scoreAt);
    return { points, failure: null };
  } catch (error) {
    return { points, failure: error instanceof Error ? error.message : String(error) };
  }
}
