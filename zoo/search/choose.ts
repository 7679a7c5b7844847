import { memberIds } from '../backbones/merge.js';
import { mcnemar } from '../metrics/index.js';
import { SearchDataError } from './dev-rows.js';
import { compareTrials } from './trial.js';
import type { Trial, TrialCost, Validation } from './types.js';

/** Which trials count as equal, and how much of a cheaper one's disadvantage is let pass. */
export interface TieRule {
  /** A trial is equal to the most accurate when it is at most this many standard errors of that accuracy below it... */
  readonly standardErrors: number;
  /** ...and the paired exact McNemar test gives more than this. */
  readonly pValue: number;
  /** Among equals, the cheapest within this much of the least log loss is taken, in nats... */
  readonly logLoss: number;
  /** ...and this much more for each time that it halves the operations. */
  readonly perHalving: number;
  /**
   * The best ensemble is taken where its log loss is by so many standard errors, of the difference picture by picture, below that of the
   * best without ensembles; null: where it is the surest of the equals, since whoever asks for ensembles knows their price. What saves work
   * is let pass among ensembles, and among the others, not between them.
   */
  readonly ensembleErrors: number | null;
}

/**
 * Among so many trials the highest accuracy is partly luck; log loss, over the same predictions, is less noisy. Measured on three photo sets
 * with two zoos (51 and 20 taps), all pictures and 25 a category, 8 to 10 splits each: mean test accuracy 86.9 % and 79.8 % for
 * plain highest accuracy, 87.6 % and 79.6 % for the least log loss among equals. With the cheaper ones up to 0.01 nats above it
 * nothing is lost (87.7 %, 79.6 %); with 0.015, 0.4 points are. But what costs half may be less sure by 0.01 nats more, a quarter by 0.02: on the mean
 * of 27 searches (three sets, 10, 30 and all pictures, three seeds) accuracy moves by -0.04 ± 0.03 points with ten backbones and 0.1 ± 0.2 with
 * the embedded five, whose winners take 0.50 in place of 0.91 billion operations. One standard error: Breiman et al., CART, 1984, section 3.4.3.
 */
export const defaultTieRule: TieRule = {
  standardErrors: 1,
  pValue: 0.3,
  logLoss: 0.01,
  perHalving: 0.01,
  ensembleErrors: null,
};

/**
 * As {@link defaultTieRule}, and an ensemble, which costs several times as much, only where it is surer by a standard error. Where nobody asked
 * for ensembles that keeps those that are worth it: in 45 searches (ten backbones, three photo sets, 10, 30 and all pictures, five seeds) 17 are
 * taken, most with all pictures, and accuracy gains 0.47 ± 0.18 points over none (-0.04, 0.25 and 1.2 by amount) for 1.9 times the
 * operations; where surer at all 29, 0.80 ± 0.20 and 2.6 times; by 1.645 errors 7, 0.25 ± 0.10 and 1.25 times.
 */
export const worthwhileTieRule: TieRule = { ...defaultTieRule, ensembleErrors: 1 };

/** Savings below this share are not worth a single picture. */
const WORTHWHILE = 0.9;

/** A trial that came to an end. */
export type ScoredTrial = Trial & { readonly validation: Validation };

/** The choice and why. */
export interface Choice {
  readonly trial: ScoredTrial;
  /** The most accurate trial; another than `trial` when a surer or cheaper one counts as equal. */
  readonly best: ScoredTrial;
  /** Two-sided p-value of "the choice and the best are right equally often". */
  readonly pValue: number;
}

export const isScored = (trial: Trial): trial is ScoredTrial =>
  trial.state === 'complete' && trial.validation !== null;

/** By operations, not by the clock: a choice that hung on a measured time could not be repeated. */
function cheaper(a: TrialCost, b: TrialCost): boolean {
  if (a.flops !== b.flops) return a.flops < WORTHWHILE * b.flops;
  return a.trainableParams < WORTHWHILE * b.trainableParams;
}

function tied(trial: ScoredTrial, best: ScoredTrial, rule: TieRule): boolean {
  const { accuracy, count, correct } = best.validation;
  const margin = rule.standardErrors * Math.sqrt((accuracy * (1 - accuracy)) / count);
  if (trial.validation.accuracy < accuracy - margin - 1e-12) return false;
  return trial === best || mcnemar(trial.validation.correct, correct).pValue > rule.pValue;
}

/** Whether a trial is of several backbones together. */
export const isTogether = ({ backbone }: Pick<Trial, 'backbone'>): boolean => memberIds(backbone).length > 1;

/** By how many standard errors the mean log loss of `a` is below that of `b`, over the same pictures. */
function surerBy(a: ScoredTrial, b: ScoredTrial): number {
  const gains = a.validation.losses.map((loss, row) => (b.validation.losses[row] as number) - loss);
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const variance = gains.reduce((sum, gain) => sum + (gain - mean) * (gain - mean), 0) / gains.length;
  return mean === 0 ? 0 : mean / Math.sqrt(variance / gains.length);
}

/** Of several trials without the ensembles that are not worth their price by their scores so far; of the others the surest is left. */
export function withoutCostly(trials: readonly Trial[], rule: TieRule): readonly Trial[] {
  const scored = trials.filter(isScored).toSorted(compareTrials);
  const single = scored.filter((trial) => !isTogether(trial));
  const [surest] = scored.filter(isTogether).toSorted((a, b) => a.validation.logLoss - b.validation.logLoss);
  if (rule.ensembleErrors === null || surest === undefined || single.length === 0) return trials;
  const isWorth = surerBy(surest, pick(single, rule)) >= rule.ensembleErrors;
  return trials.filter((trial) => !isTogether(trial) || (isWorth && trial === surest));
}

/** The trials that may be chosen: those of several backbones together where the best of them is surer by enough, else the others. */
function eligible(scored: readonly ScoredTrial[], rule: TieRule): readonly ScoredTrial[] {
  const single = scored.filter((trial) => !isTogether(trial));
  const together = scored.filter(isTogether);
  if (rule.ensembleErrors === null || single.length === 0 || together.length === 0) return scored;
  return surerBy(pick(together, rule), pick(single, rule)) >= rule.ensembleErrors ? together : single;
}

/**
 * Of the trials that cannot be told from the most accurate one, the cheapest of those that are as sure as the surest.
 *
 * @throws SearchDataError when no trial came to an end
 */
export function chooseTrial(trials: readonly Trial[], rule: TieRule = defaultTieRule): Choice {
  const scored = trials.filter(isScored).toSorted(compareTrials);
  const best = scored[0];
  if (best === undefined) {
    const reasons = new Set(trials.map(({ reason }) => reason ?? '').filter((reason) => reason !== ''));
    throw new SearchDataError(`No trial came to an end (${[...reasons].join('; ') || 'there were none'}).`);
  }
  const trial = pick(eligible(scored, rule), rule);
  return { trial, best, pValue: mcnemar(trial.validation.correct, best.validation.correct).pValue };
}

/** Beyond 32 times cheaper nothing more is let pass. */
const MOST_HALVINGS = 5;

/** How much less sure a trial may be than the surest, for what it saves. */
function allowance({ cost }: ScoredTrial, surest: ScoredTrial, { logLoss, perHalving }: TieRule): number {
  const halvings = Math.log2(Math.max(1, surest.cost.flops) / Math.max(1, cost.flops));
  return logLoss + perHalving * Math.min(MOST_HALVINGS, Math.max(0, halvings));
}

/** @param scored best first, one at least */
function pick(scored: readonly ScoredTrial[], rule: TieRule): ScoredTrial {
  const best = scored[0] as ScoredTrial;
  const equals = scored.filter((trial) => tied(trial, best, rule));
  const surest = equals.reduce((least, other) =>
    other.validation.logLoss < least.validation.logLoss ? other : least,
  );
  const peers = equals.filter((trial) => isTogether(trial) === isTogether(surest));
  const within = peers.filter(
    (trial) => trial.validation.logLoss <= surest.validation.logLoss + allowance(trial, surest, rule),
  );
  return within.reduce((least, other) => (cheaper(other.cost, least.cost) ? other : least), surest);
}
