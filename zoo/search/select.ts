import { chooseTrial, defaultTieRule, type Choice, type TieRule } from './choose.js';
import { areFew, devRows, SearchDataError } from './dev-rows.js';
import { findSet } from './find-set.js';
import { loadSet } from './load-set.js';
import { refit, type Refit } from './refit.js';
import { scoreTest, type TestScore } from './score-test.js';
import { inline } from './threads/compute.js';
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
  const features = await loadSet(set, request.labels.length, dev);
  const { seed, signal, compute = inline } = request;
  const model = await refit(features, dev, choice.trial, {
    seed,
    signal,
    compute: areFew(dev) ? inline : compute,
  });
  return { ...choice, ...model, set, test: scoreTest(request, features.all, model) };
}
