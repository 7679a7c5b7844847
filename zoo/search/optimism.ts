import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Interval } from '../metrics/index.js';
import { createRng, type Rng } from '../rng.js';
import { chooseTrial, isScored, type ScoredTrial, type TieRule } from './choose.js';
import type { Trial, Validation } from './types.js';

/** How much too good the chosen trial looks because it was chosen. */
export interface Optimism {
  /** Trials that the choice was made among. */
  readonly trials: number;
  /** Validation accuracy of the chosen trial less `corrected`; rarely below zero, and then by chance. */
  readonly estimate: number;
  /** What the chosen trial would score on further pictures, as far as the validation predictions tell. */
  readonly corrected: number;
  /** Of `corrected`, 95 %: percentiles over the resamples. */
  readonly interval: Interval;
  readonly resamples: number;
}

const RESAMPLES = 200;
/** A trial this many standard errors behind the best is not chosen in any resample; leaving it out saves its time. */
const REACH = 5;

/** The validation a trial would have had on other pictures of the same kind: rows drawn with replacement. */
function resampled({ validation }: ScoredTrial, rows: Int32Array): Validation {
  const correct = new Uint8Array(rows.length);
  const losses = new Float32Array(rows.length);
  let [right, loss] = [0, 0];
  rows.forEach((row, i) => {
    correct[i] = validation.correct[row] as number;
    losses[i] = validation.losses[row] as number;
    right += correct[i];
    loss += losses[i];
  });
  const count = rows.length;
  return { ...validation, accuracy: right / count, logLoss: loss / count, count, correct, losses };
}

function withinReach(trials: readonly ScoredTrial[]): ScoredTrial[] {
  const best = Math.max(...trials.map(({ validation }) => validation.accuracy));
  return trials.filter(({ validation: { accuracy, count } }) => {
    const error = Math.sqrt((best * (1 - best) + accuracy * (1 - accuracy)) / count);
    return accuracy >= best - REACH * error - 1 / count;
  });
}

/** Accuracy, on the rows that were not drawn, of the trial that the drawn ones choose; null when all were drawn. */
function outsideAccuracy(trials: readonly ScoredTrial[], rule: TieRule, rng: Rng): number | null {
  const count = trials[0]?.validation.count ?? 0;
  const drawn = Int32Array.from({ length: count }, () => rng.int(count));
  const inside = new Set(drawn);
  const resample = trials.map((trial) => ({ ...trial, validation: resampled(trial, drawn) }));
  const { id } = chooseTrial(resample, rule).trial;
  const correct = trials.find((trial) => trial.id === id)?.validation.correct ?? new Uint8Array();
  const outside = correct.filter((_, row) => !inside.has(row));
  return outside.length === 0 ? null : outside.reduce((sum, right) => sum + right, 0) / outside.length;
}

/**
 * The optimism of choosing among many trials: bootstrap bias corrected cross-validation (BBC-CV: Tsamardinos, Greasidou and
 * Borboudakis, Machine Learning 107, 2018). Validation pictures are drawn with replacement, the whole rule of the choice is applied to
 * the drawn ones, and what it chooses is scored on those that were not drawn. No model is trained again: the held-out predictions of
 * every trial are there already. Strengths tried while a tap was ranked are not trials; their small share is left out.
 *
 * @param rule the one that the choice was made by
 * @returns null when nothing was chosen among: a single trial, or a single picture
 */
export async function estimateOptimism(
  trials: readonly Trial[],
  seed: number | string,
  rule: TieRule,
): Promise<Optimism | null> {
  const scored = trials.filter(isScored);
  if (scored.length < 2 || (scored[0]?.validation.count ?? 0) < 2) return null;
  const rivals = withinReach(scored);
  const rng = createRng(`${seed}/optimism`);
  const scores: number[] = [];
  for (let resample = 0; resample < RESAMPLES; resample++) {
    if (resample % 20 === 0) await nextTurn();
    const accuracy = outsideAccuracy(rivals, rule, rng);
    if (accuracy !== null) scores.push(accuracy);
  }
  scores.sort((a, b) => a - b);
  const corrected = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const at = (share: number): number => scores[Math.round(share * (scores.length - 1))] as number;
  return {
    trials: scored.length,
    estimate: chooseTrial(scored, rule).trial.validation.accuracy - corrected,
    corrected,
    interval: [at(0.025), at(0.975)],
    resamples: scores.length,
  };
}
