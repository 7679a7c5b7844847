import type { TrialCost } from './types.js';

/** What a place on the front is judged by. */
export interface Placed {
  readonly accuracy: number;
  readonly cost: Pick<TrialCost, 'latencyMs' | 'bytes' | 'flops'>;
}

/** Measured time where both have one, else operations. */
function slower(a: Placed, b: Placed): number {
  const [first, second] = [a.cost.latencyMs, b.cost.latencyMs];
  return first !== null && second !== null ? first - second : a.cost.flops - b.cost.flops;
}

function dominates(a: Placed, b: Placed): boolean {
  const gaps = [b.accuracy - a.accuracy, slower(a, b), a.cost.bytes - b.cost.bytes];
  return gaps.every((gap) => gap <= 0) && gaps.some((gap) => gap < 0);
}

/**
 * Which of the trials are on the Pareto front of accuracy, latency and size: no other is at least as good in all three and better in
 * one. Of equals, all are.
 *
 * @returns one entry a trial, in their order
 */
export function paretoFront(trials: readonly Placed[]): boolean[] {
  return trials.map((trial) => !trials.some((other) => dominates(other, trial)));
}
