import type { Scores } from '../metrics/index.js';
import { chooseTrial, defaultTieRule, type Choice, type TieRule } from './choose.js';
import { areFew, devRows, SearchDataError, type DevRows } from './dev-rows.js';
import { foldSet, type FoldedFeatures } from './cross-validate.js';
import { findSet } from './find-set.js';
import { loadSet, type DevFeatures } from './load-set.js';
import { ProductStore } from './product-store.js';
import { holdOut, refit, type Refit } from './refit.js';
import { scoreTest, type TestScore } from './score-test.js';
import { inline } from './threads/compute.js';
import type { FeatureSet, HeldOut, SearchData, Trial } from './types.js';

export interface SelectRequest extends SearchData {
  readonly trials: readonly Trial[];
  readonly rule?: TieRule;
  /** What the search that made the trials has to give; made anew where it is not among them. */
  readonly heldOut?: HeldOut;
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

/** Held-out logits of a trial that come from no search. */
function holdOutAnew(
  request: SelectRequest,
  dev: DevRows,
  trial: Trial,
  set: FeatureSet,
  features: DevFeatures,
): Promise<Scores> {
  const { seed, signal, labels } = request;
  const compute = areFew(dev) ? inline : (request.compute ?? inline);
  const folding = { rows: labels.length, compute, products: new ProductStore(request, compute, 'fold') };
  const [folded] = foldSet(set, [dev], folding, features) as [FoldedFeatures];
  return holdOut(folded, trial, { seed, signal, compute });
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
  const heldOut =
    request.heldOut?.get(choice.trial.id) ?? (await holdOutAnew(request, dev, choice.trial, set, features));
  const model = await refit({ features, dev, heldOut }, choice.trial, request);
  return { ...choice, ...model, set, test: scoreTest(request, features.all, model) };
}
