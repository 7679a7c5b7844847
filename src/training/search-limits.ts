import type { Cap } from '../../zoo/index.js';
import type { RunSettings } from '../config/settings.js';

/** What a person allows a search: time, trials, and what the winner may cost. */
export interface SearchLimits {
  readonly budgetMs: number | null;
  readonly maxTrials: number | null;
  readonly cap: Cap;
}

const BYTES_PER_MB = 1_000_000;

type Limiting = Pick<RunSettings, 'budgetMs' | 'maxTrials' | 'maxLatencyMs' | 'maxSizeMb'>;

/** Runs of before there were limits have none. */
export function searchLimitsOf({
  budgetMs,
  maxTrials,
  maxLatencyMs,
  maxSizeMb,
}: Partial<Limiting>): SearchLimits {
  return {
    budgetMs: budgetMs ?? null,
    maxTrials: maxTrials ?? null,
    cap: {
      maxLatencyMs: maxLatencyMs ?? null,
      maxBytes: maxSizeMb === null || maxSizeMb === undefined ? null : maxSizeMb * BYTES_PER_MB,
    },
  };
}
