import { mcnemar, wilson } from '../../zoo/index.js';
import type { Policy, Verdict } from '../http/api/retraining.js';

/** One model on the held-out pictures. */
export interface Side {
  readonly modelId: string;
  readonly version: number;
  readonly backbone: string;
  readonly bytes: number;
  readonly latencyMs: number;
  /** 1 where right, one entry a picture, in the same order for both sides. */
  readonly correct: ArrayLike<number>;
}

const share = (value: number): string => `${(value * 100).toFixed(1)} %`;
const points = (value: number): string => `${(value * 100).toFixed(1)} points`;

function viewOf({ correct, ...side }: Side): Verdict['champion'] {
  const right = Array.from(correct).reduce((sum, one) => sum + one, 0);
  const interval = wilson(right, correct.length);
  return { ...side, accuracy: correct.length === 0 ? 0 : right / correct.length, interval };
}

/**
 * Whether a challenger replaces the champion: it must be right more often on the same held-out pictures, by the margin and at
 * the p-value of the project (exact McNemar test), and stay under its caps.
 *
 * @param comparisons challengers judged so far, this one included
 */
export function judge(champion: Side, challenger: Side, policy: Policy, comparisons: number): Verdict {
  const { onlyFirst, onlySecond, pValue } = mcnemar(champion.correct, challenger.correct);
  const [old, fresh] = [viewOf(champion), viewOf(challenger)];
  const gain = fresh.accuracy - old.accuracy;
  const pictures = champion.correct.length;
  const lost = [
    gain <= 0 && `it is not more accurate (${share(fresh.accuracy)} against ${share(old.accuracy)})`,
    gain > 0 &&
      gain < policy.margin &&
      `it gains ${points(gain)}, less than the margin of ${points(policy.margin)}`,
    gain > 0 &&
      pValue > policy.pValue &&
      `the gain may be luck (p = ${pValue.toFixed(3)}, more than ${policy.pValue})`,
    policy.maxLatencyMs !== null &&
      fresh.latencyMs > policy.maxLatencyMs &&
      `it takes ${fresh.latencyMs.toFixed(1)} ms an example, more than ${policy.maxLatencyMs} ms`,
    policy.maxBytes !== null &&
      fresh.bytes > policy.maxBytes &&
      `its file has ${fresh.bytes} bytes, more than ${policy.maxBytes}`,
  ].filter((reason) => reason !== false);
  const won = `it gains ${points(gain)} on ${pictures} held-out examples (${share(old.accuracy)} to ${share(fresh.accuracy)}; it alone is right on ${onlySecond}, the champion alone on ${onlyFirst}; p = ${pValue.toPrecision(2)})`;
  return {
    wins: lost.length === 0,
    reasons: lost.length === 0 ? [won] : lost,
    pictures,
    champion: old,
    challenger: fresh,
    onlyChampion: onlyFirst,
    onlyChallenger: onlySecond,
    pValue,
    comparisons,
  };
}
