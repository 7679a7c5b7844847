import { applyHead } from '../heads/head.js';
import { takeRows, type Matrix } from '../matrix.js';
import {
  argmaxRows,
  confusionMatrix,
  expectedCalibrationError,
  logLoss,
  softmaxRows,
  wilson,
  type ConfusionMatrix,
  type Interval,
  type Scores,
} from '../metrics/index.js';
import type { Refit } from './refit.js';
import { standardise } from './standardise.js';
import type { SearchData } from './types.js';

/** How the chosen model does on pictures that had no part in anything before. */
export interface TestScore {
  readonly accuracy: number;
  /** Wilson, 95 %; [0, 1] when there are no test pictures. */
  readonly interval: Interval;
  readonly count: number;
  /** Rows true, columns predicted. */
  readonly confusion: ConfusionMatrix;
  /** Mean cross-entropy, in nats. */
  readonly logLoss: number;
  /** Expected calibration error, 15 bins. */
  readonly calibrationError: number;
  /** Index in the request of each test picture. */
  readonly rows: Int32Array;
  /** [rows, classes], in the order of `rows`: what the packaged file must reproduce. */
  readonly probabilities: Scores;
}

/** Fold of the pictures of the test part; other negative folds are pictures that nobody uses. */
const TEST_FOLD = -1;

/**
 * The one place where labels of test pictures are read. Called once a selection, with the model already final.
 *
 * @param matrix features of all pictures of the request
 */
export function scoreTest(
  data: Pick<SearchData, 'labels' | 'folds' | 'classes'>,
  matrix: Matrix,
  model: Refit,
): TestScore {
  const rows = Int32Array.from(data.labels.keys()).filter((row) => data.folds[row] === TEST_FOLD);
  const labels = rows.map((row) => data.labels[row] as number);
  const logits = applyHead(model.head, standardise(takeRows(matrix, rows), model.standardisation));
  const probabilities = softmaxRows(logits, model.temperature);
  const predicted = argmaxRows(logits);
  const right = labels.filter((label, i) => predicted[i] === label).length;
  return {
    accuracy: rows.length === 0 ? 0 : right / rows.length,
    interval: wilson(right, rows.length),
    count: rows.length,
    confusion: confusionMatrix(predicted, labels, data.classes),
    logLoss: logLoss(logits, labels, model.temperature),
    calibrationError: expectedCalibrationError(probabilities, labels),
    rows,
    probabilities,
  };
}
