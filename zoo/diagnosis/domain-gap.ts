import { ridgeCrossValidation } from '../heads/ridge-cross-validation.js';
import { argmaxRows, differenceInterval, wilson } from '../metrics/index.js';
import { createRng } from '../rng.js';
import { standardisationOf, standardise } from '../search/standardise.js';
import type { Matrix } from '../matrix.js';
import {
  EXAMPLES,
  percent,
  predictionsOf,
  rowsWhere,
  shareOf,
  tallyRows,
  type Findings,
} from './evidence.js';
import type { Diagnosis } from './types.js';

const FOLDS = 5;
const STRENGTH = 0.3;
/** Fewer pictures of one source say nothing. */
const LEAST = 8;

/** Features less the mean of their class: what is left cannot tell sources apart by what they show. */
function withoutClass({ rows, cols, data }: Matrix, y: Int32Array): Matrix {
  const classes = y.reduce((most, label) => Math.max(most, label + 1), 0);
  const sums = new Float64Array(classes * cols);
  const counts = new Float64Array(classes);
  for (let row = 0; row < rows; row++) {
    const label = y[row] as number;
    counts[label] = (counts[label] as number) + 1;
    for (let d = 0; d < cols; d++)
      sums[label * cols + d] = (sums[label * cols + d] as number) + (data[row * cols + d] as number);
  }
  const out = new Float32Array(rows * cols);
  for (let row = 0; row < rows; row++) {
    const label = y[row] as number;
    for (let d = 0; d < cols; d++)
      out[row * cols + d] =
        (data[row * cols + d] as number) - (sums[label * cols + d] as number) / (counts[label] as number);
  }
  return { rows, cols, data: out };
}

/**
 * Classifier two-sample test (Lopez-Paz and Oquab, ICLR 2017): the share of rows whose source is told rightly by a model that
 * has not seen them, on as many rows of the one source as of the other, so that 1/2 is chance.
 */
function sourceTest({ x, y, own, seed }: Findings): { right: number; count: number } {
  const rng = createRng(`${seed}/sources`);
  const [mine, theirs] = [true, false].map((wanted) =>
    rng.shuffle(rowsWhere(y, (row) => own[row] === wanted)),
  ) as [number[], number[]];
  const size = Math.min(mine.length, theirs.length);
  const rows = [...mine.slice(0, size), ...theirs.slice(0, size)];
  const centred = withoutClass(x, y);
  const data = new Float32Array(rows.length * x.cols);
  rows.forEach((row, i) => data.set(centred.data.subarray(row * x.cols, (row + 1) * x.cols), i * x.cols));
  const matrix = { rows: rows.length, cols: x.cols, data };
  const source = Int32Array.from(rows, (row) => (own[row] ? 1 : 0));
  const folds = Int32Array.from(rows.keys(), (i) => i % FOLDS);
  const scores = ridgeCrossValidation(
    standardise(matrix, standardisationOf(matrix)),
    source,
    2,
    folds,
  ).heldOut(STRENGTH);
  const guessed = argmaxRows(scores);
  return { right: source.filter((value, i) => guessed[i] === value).length, count: rows.length };
}

/**
 * Own pictures that are another kind than the crawled ones, to their cost: the sources can be told apart beyond chance (99 %) when the
 * categories are taken out, and own pictures are recognised less beyond chance (95 %).
 */
export function domainGap(findings: Findings): Diagnosis[] {
  const { own, y, ids, classNames, wording } = findings;
  const { correct } = predictionsOf(findings);
  const mine = rowsWhere(y, (row) => own[row] === true);
  const theirs = rowsWhere(y, (row) => own[row] !== true);
  if (Math.min(mine.length, theirs.length) < LEAST) return [];
  const [mineTally, theirTally] = [tallyRows(correct, mine), tallyRows(correct, theirs)];
  const [, upper] = differenceInterval(mineTally, theirTally);
  if (upper >= 0) return [];
  const { right, count } = sourceTest(findings);
  if (wilson(right, count, 2.576)[0] <= 0.5) return [];
  const wrong = mine.filter((row) => correct[row] === 0);
  return [
    {
      code: 'domain-gap',
      blames: 'data',
      severity: 'high',
      message:
        `Your own ${wording.many} are of another kind than the crawled ones: ${percent(shareOf(mineTally))} of them are recognised and ${percent(shareOf(theirTally))} of the crawled, ` +
        `and which is which can be told in ${percent(right / count)} of cases by the features alone.`,
      evidence: {
        own: mine.length,
        crawled: theirs.length,
        accuracyOwn: shareOf(mineTally),
        accuracyCrawled: shareOf(theirTally),
        toldApart: right / count,
      },
      fix: `Add own ${wording.many}, taken as the model will see them: ${mine.length} of ${y.length} are now. Ask for crawled ones that look like yours in the queries.`,
      categories: classNames.filter((_, label) => wrong.some((row) => y[row] === label)),
      examples: wrong.slice(0, EXAMPLES).map((row) => ids[row] as string),
    },
  ];
}
