import type { Cap } from '../../zoo/index.js';
import type { RunSettings } from '../config/settings.js';

/** What a person allows a search: time, trials, and what the winner may cost. */
export interface SearchLimits {
  readonly budgetMs: number | null;
  readonly maxTrials: number | null;
  /** Whether backbones are also tried together; null: taken only where that clearly pays. */
  readonly ensemble: boolean | null;
  /** Whether also those of different sizes, which takes a second pass: not where time is limited. */
  readonly acrossSizes: boolean;
  /** Whether pictures are also seen mirrored, and their centre, which takes two further passes: not where time is limited. */
  readonly augment: boolean;
  readonly cap: Cap;
}

/** What a person allows the features: samples, and the long pass of all pictures through backbones. */
export interface PassLimits {
  readonly maxBackbones: number;
  /** Time for both; null: any. */
  readonly mostMs: number | null;
}

/** Of a time limit, the share that features may take: the trials and their proof want some too. */
const PASS_SHARE = 0.5;

/** Runs of before there were limits have none. */
export const passLimitsOf = ({
  maxBackbones,
  budgetMs,
}: Partial<Pick<RunSettings, 'maxBackbones' | 'budgetMs'>>): PassLimits => ({
  maxBackbones: maxBackbones ?? Infinity,
  mostMs: budgetMs === null || budgetMs === undefined ? null : PASS_SHARE * budgetMs,
});

const BYTES_PER_MB = 1_000_000;

type Limiting = Pick<
  RunSettings,
  'budgetMs' | 'maxTrials' | 'ensemble' | 'augment' | 'maxLatencyMs' | 'maxSizeMb'
>;

/** Runs of before there were limits have none. */
export function searchLimitsOf({
  budgetMs,
  maxTrials,
  ensemble,
  augment,
  maxLatencyMs,
  maxSizeMb,
}: Partial<Limiting>): SearchLimits {
  const unlimited = (budgetMs ?? null) === null;
  return {
    budgetMs: budgetMs ?? null,
    maxTrials: maxTrials ?? null,
    ensemble: ensemble === undefined ? false : ensemble,
    acrossSizes: ensemble === true && unlimited,
    augment: augment === true && unlimited,
    cap: {
      maxLatencyMs: maxLatencyMs ?? null,
      maxBytes: maxSizeMb === null || maxSizeMb === undefined ? null : maxSizeMb * BYTES_PER_MB,
    },
  };
}
