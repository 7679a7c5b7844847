import { takeRows } from '../matrix.js';
import { chooseTrial, defaultTieRule, type Choice, type TieRule } from './choose.js';
import { devRows, SearchDataError } from './dev-rows.js';
import { findSet } from './find-set.js';
import { loadMatrix, loadMore } from './rank.js';
import { refit, type Refit } from './refit.js';
import { scoreTest, type TestScore } from './score-test.js';
import type { FeatureSet, SearchData, Trial } from './types.js';

export interface SelectRequest extends SearchData {
  readonly trials: readonly Trial[];
  readonly rule?: TieRule;
}

/** The chosen model, trained on everything but the test pictures, and its score on those. */
export interface Selection extends Choice, Refit {
  readonly set: FeatureSet;
  readonly test: TestScore;
}

function setOf({ features }: SearchData, trial: Trial): FeatureSet {
  const set = findSet(features, trial);
  if (set === undefined) {
    throw new SearchDataError(
      `The features of ${trial.backbone}/${trial.tap} are not among those given; the chosen trial needs them.`,
    );
  }
  return set;
}

/**
 * Chooses a trial by validation alone, trains it on all pictures with a fold, fits its temperature, then reads the test pictures, once.
 *
 * @throws SearchDataError when no trial came to an end or the winner's features are missing
 */
export async function select(request: SelectRequest): Promise<Selection> {
  const dev = devRows(request);
  const choice = chooseTrial(request.trials, request.rule ?? defaultTieRule);
  const set = setOf(request, choice.trial);
  const matrix = await loadMatrix(set, request.labels.length);
  const more = await loadMore(set, request.labels.length);
  const own = { x: takeRows(matrix, dev.rows), more: more.map((rows) => takeRows(rows, dev.rows)) };
  const model = await refit(own, dev, choice.trial, request.seed, request.signal);
  return { ...choice, ...model, set, test: scoreTest(request, matrix, model) };
}
