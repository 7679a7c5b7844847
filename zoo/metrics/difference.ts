import { wilson, type Interval } from './proportion.js';

/** A count of successes among trials. */
export interface Tally {
  readonly correct: number;
  readonly count: number;
}

/**
 * Interval of `a - b` for proportions of two separate groups (R. G. Newcombe, Statistics in Medicine 17, 1998, method 10: from the Wilson
 * intervals of both).
 *
 * @param z 1.96 for 95 %
 */
export function differenceInterval(a: Tally, b: Tally, z = 1.96): Interval {
  if (a.count === 0 || b.count === 0) return [-1, 1];
  const [lowA, highA] = wilson(a.correct, a.count, z);
  const [lowB, highB] = wilson(b.correct, b.count, z);
  const shareA = a.correct / a.count;
  const shareB = b.correct / b.count;
  const gap = shareA - shareB;
  return [gap - Math.hypot(shareA - lowA, highB - shareB), gap + Math.hypot(highA - shareA, shareB - lowB)];
}
