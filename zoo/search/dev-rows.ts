import { ZooError } from '../errors.js';
import type { SearchData } from './types.js';

/** The pictures cannot be searched over; the message says what is needed. */
export class SearchDataError extends ZooError {}

/** The pictures that may be learnt from. Labels of other pictures never get in here. */
export interface DevRows {
  /** Index of each picture in the request. */
  readonly rows: Int32Array;
  readonly y: Int32Array;
  readonly folds: Int32Array;
  readonly foldCount: number;
  readonly classes: number;
}

/** The same values so many times, one round after the other: labels of rows that are seen in several ways. */
export function repeat(values: Int32Array, times: number): Int32Array {
  const out = new Int32Array(values.length * times);
  for (let round = 0; round < times; round++) out.set(values, round * values.length);
  return out;
}

function checkShapes({ labels, folds, classes, features }: SearchData): void {
  if (classes < 2) {
    throw new SearchDataError(
      `A classifier needs at least 2 categories, not ${classes}. Add another category.`,
    );
  }
  if (labels.length !== folds.length) {
    throw new SearchDataError(
      `There are ${labels.length} labels but ${folds.length} folds; one of each a picture is needed.`,
    );
  }
  if (features.length === 0)
    throw new SearchDataError(
      'There are no features to search over. Extract those of one backbone at least.',
    );
}

const nameOf = ({ classNames }: SearchData, label: number): string =>
  classNames?.[label] ?? `number ${label}`;

/** Left out with its fold, a class must still be in the rest. */
function checkClasses(data: SearchData, dev: DevRows): void {
  for (let label = 0; label < data.classes; label++) {
    const folds = new Set(dev.folds.filter((_, i) => dev.y[i] === label));
    if (folds.size >= 2) continue;
    const count = dev.y.filter((value) => value === label).length;
    throw new SearchDataError(
      `Category ${nameOf(data, label)} has ${count} picture(s) to learn from, in ${folds.size} fold(s); ` +
        'at least 2 pictures in 2 different folds are needed. Add pictures of it, or leave it out.',
    );
  }
}

/** Numbers from 0 on, in their order: who removes pictures may have removed all of a fold. */
function withoutGaps(folds: Int32Array): Int32Array {
  const left = [...new Set(folds)].sort((a, b) => a - b);
  return folds.map((fold) => left.indexOf(fold));
}

function checkFolds(foldCount: number): void {
  if (foldCount < 2)
    throw new SearchDataError(
      'At least 2 folds are needed: give each picture outside the test part a fold from 0.',
    );
}

/**
 * The pictures with a fold, checked.
 *
 * @throws SearchDataError naming the category or fold that is short, and what is needed
 */
export function devRows(data: SearchData): DevRows {
  checkShapes(data);
  const all = Int32Array.from(data.labels.keys());
  const rows = all.filter((row) => (data.folds[row] as number) >= 0);
  const y = rows.map((row) => data.labels[row] as number);
  const folds = withoutGaps(rows.map((row) => data.folds[row] as number));
  const wrong = y.find((label) => label < 0 || label >= data.classes);
  if (wrong !== undefined) throw new SearchDataError(`Label ${wrong} is outside 0..${data.classes - 1}.`);
  const foldCount = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
  const dev = { rows, y, folds, foldCount, classes: data.classes };
  checkFolds(foldCount);
  checkClasses(data, dev);
  return dev;
}

/** Numbers of all folds. */
export const foldsOf = ({ foldCount }: DevRows): number[] => Array.from({ length: foldCount }, (_, at) => at);

/** Positions among the dev rows of those that a fold holds out, and of those it learns from. */
export function splitAt({ folds }: DevRows, fold: number): { heldAt: Int32Array; trainAt: Int32Array } {
  const all = Int32Array.from(folds.keys());
  return { heldAt: all.filter((i) => folds[i] === fold), trainAt: all.filter((i) => folds[i] !== fold) };
}

/** With so few pictures every choice hangs on chance, and nothing takes long. */
const FEW_PICTURES = 100;

export const areFew = ({ y }: DevRows): boolean => y.length <= FEW_PICTURES;

/** With more, several deals into folds take too much room, and so do the inner products of all pairs. */
const MANY_PICTURES = 1000;

export const areMany = ({ y }: DevRows): boolean => y.length > MANY_PICTURES;
