import { mcnemar } from '../metrics/index.js';
import { SearchDataError } from './dev-rows.js';
import { compareTrials } from './trial.js';
import type { Trial, TrialCost, Validation } from './types.js';

/** When a cheaper trial counts as equal to the best. Both conditions must hold. */
export interface TieRule {
  /** At most this much validation accuracy below the best. */
  readonly margin: number;
  /** The paired exact McNemar test against the best must give more than this. */
  readonly pValue: number;
}

export const defaultTieRule: TieRule = { margin: 0.005, pValue: 0.3 };

/** Savings below this share are not worth a single picture. */
const WORTHWHILE = 0.9;

type Scored = Trial & { readonly validation: Validation };

/** The choice and why. */
export interface Choice {
  readonly trial: Scored;
  /** The most accurate trial; another than `trial` when a cheaper one counts as equal. */
  readonly best: Scored;
  /** Two-sided p-value of "the choice and the best are right equally often". */
  readonly pValue: number;
}

const isScored = (trial: Trial): trial is Scored => trial.state === 'complete' && trial.validation !== null;

/** By operations, not by the clock: a choice that hung on a measured time could not be repeated. */
function cheaper(a: TrialCost, b: TrialCost): boolean {
  if (a.flops !== b.flops) return a.flops < WORTHWHILE * b.flops;
  return a.trainableParams < WORTHWHILE * b.trainableParams;
}

function tied(trial: Scored, best: Scored, rule: TieRule): boolean {
  if (trial.validation.accuracy < best.validation.accuracy - rule.margin - 1e-12) return false;
  return mcnemar(trial.validation.correct, best.validation.correct).pValue > rule.pValue;
}

/**
 * The trial of highest validation accuracy, or the cheapest of those that are markedly cheaper and cannot be told from it.
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
  const equals = scored.filter((trial) => cheaper(trial.cost, best.cost) && tied(trial, best, rule));
  const trial = equals.reduce((least, other) => (cheaper(other.cost, least.cost) ? other : least), best);
  return { trial, best, pValue: mcnemar(trial.validation.correct, best.validation.correct).pValue };
}
