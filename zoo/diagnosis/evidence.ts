import type { LearningCurve } from '../learning-curve/types.js';
import type { Matrix } from '../matrix.js';
import { argmaxRows, type Scores, type Tally } from '../metrics/index.js';
import type { Trial } from '../search/types.js';
import type { Wording } from '../wording.js';

/** A picture whose label another stage doubts. */
export interface DoubtedRow {
  readonly row: number;
  /** Class it looks like. */
  readonly suggestion: number;
  /** Least probability that the label is wrong. */
  readonly suspicion: number;
}

/** A plain head at the chosen tap, to compare the chosen one with. */
export interface Referee {
  readonly strength: number;
  /** 1 where right when held out, one entry a development picture. */
  readonly correct: Uint8Array;
}

/** All that a diagnosis is made from. Rows are the development pictures: no test picture is looked at. */
export interface Findings {
  readonly wording: Wording;
  readonly classNames: readonly string[];
  /** How a picture is named in examples. */
  readonly ids: readonly string[];
  readonly y: Int32Array;
  /** Held-out logits of the chosen head. */
  readonly heldOut: Scores;
  /** 1 where the chosen head, fitted on all of them, is right about a picture it has learnt from. */
  readonly learnt: Uint8Array;
  readonly referee: Referee;
  /** Leaderboard of the run, with the share of its backbone's operations that each tap takes. */
  readonly trials: readonly Trial[];
  readonly depthOf: (trial: Pick<Trial, 'backbone' | 'tap'>) => number;
  readonly chosen: Trial;
  readonly doubts: readonly DoubtedRow[];
  /** True for pictures a person brought, false for crawled ones. */
  readonly own: readonly boolean[];
  /** Features at the chosen tap, as the model scales them. */
  readonly x: Matrix;
  /** Null where there was no time for it. */
  readonly curve: LearningCurve | null;
  readonly seed: string;
}

/** What the held-out predictions say, row by row. */
export interface Predicted {
  readonly labels: Int32Array;
  readonly correct: Uint8Array;
}

export function predictionsOf({ heldOut, y }: Pick<Findings, 'heldOut' | 'y'>): Predicted {
  const labels = argmaxRows(heldOut);
  return { labels, correct: Uint8Array.from(y, (label, row) => (labels[row] === label ? 1 : 0)) };
}

/** Rows for which `test` holds. */
export const rowsWhere = (y: Int32Array, test: (row: number) => boolean): number[] =>
  [...y.keys()].filter(test);

export function tallyRows(correct: Uint8Array, rows: readonly number[]): Tally {
  return { correct: rows.reduce((sum, row) => sum + (correct[row] as number), 0), count: rows.length };
}

export const shareOf = ({ correct, count }: Tally): number => (count === 0 ? 0 : correct / count);

export const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** So many pictures are shown for one diagnosis. */
export const EXAMPLES = 12;
