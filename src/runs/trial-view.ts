import { paretoFront } from '../../zoo/index.js';
import { trialCostSchema, type ModelSummary, type TrialView } from './run.js';

/** A trial as it is kept: the front depends on all of them, so it is not. */
export type StoredTrial = Omit<TrialView, 'pareto'>;

/** Runs of before operations and sizes were kept get nulls for them. */
export const withCost = (summary: ModelSummary): ModelSummary => ({
  ...summary,
  cost: trialCostSchema.parse(summary.cost),
});

/** Trials for the outside, with those on the Pareto front of accuracy, latency and size marked. */
export function markPareto(rows: readonly StoredTrial[]): TrialView[] {
  const trials = rows.map(({ backbone, tap, head, params, state, validation, cost, reason }) => {
    const complete = { ...trialCostSchema.parse(cost) };
    return { backbone, tap, head, params, state, validation, cost: complete, reason };
  });
  const placed = trials.flatMap((trial) => {
    const { validation, cost } = trial;
    if (validation === null || cost.bytes === null || cost.flops === null) return [];
    const { latencyMs, bytes, flops } = cost;
    return [{ trial, accuracy: validation.accuracy, cost: { latencyMs, bytes, flops } }];
  });
  const front = paretoFront(placed);
  const chosen = new Set(placed.filter((_, i) => front[i]).map(({ trial }) => trial));
  return trials.map((trial) => ({ ...trial, pareto: chosen.has(trial) }));
}
