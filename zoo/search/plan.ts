import { parseLooks } from '../backbones/looks.js';
import type { Head, HeadParams } from '../heads/head.js';
import { heads } from '../heads/registry.js';
import { ridge } from '../heads/ridge.js';
import type { Ranked } from './rank.js';

/** One head on one finalist: its settings are trained on the same folds, side by side where the head can. */
export interface Job {
  readonly finalist: Ranked;
  readonly head: string;
  readonly grid: readonly HeadParams[];
}

/** How much is trained after the ranking. */
export interface Effort {
  /** Taps that get trained heads. */
  readonly finalists: number;
  /** How many of them, from the best, also get the heads that cost more than a linear one. */
  readonly costly: number;
  /** Whether these are left when they are behind after a few folds. */
  readonly race: boolean;
  /** Whether the further settings of each head are tried too. */
  readonly further: boolean;
  /** How often the pictures are dealt out into folds, where they are neither few, then it is done in any case, nor many. */
  readonly deals: number;
}

/** Where it matters which pictures are left out together, or there is time, they are dealt out as often. */
export const MOST_DEALS = 3;

const QUICK = { race: true, further: false, deals: 1 };
/** As often as where pictures are few. */
const THOROUGH = { finalists: 12, costly: 6, race: false, further: true, deals: MOST_DEALS };

const MINUTE_MS = 60_000;
/** A backbone whose best tap is further behind than this gets no seat of its own. */
const SEAT_WITHIN = 0.05;
const LINEAR = new Set(['ridge', 'logistic']);

/** Whether a job is of a head that is trained in any case; others must be ahead of these. */
export const isLinear = ({ head }: Pick<Job, 'head'>): boolean => LINEAR.has(head);

/** More time, more finalists; a person who limits trials wants them used. With neither: what is worth its time, a few per cent of what the features cost. */
export function effortFor(budgetMs: number | null, maxTrials: number | null): Effort {
  if (budgetMs === null && maxTrials !== null) return THOROUGH;
  if (budgetMs === null || budgetMs < MINUTE_MS) return { finalists: 3, costly: 1, ...QUICK };
  return budgetMs < 5 * MINUTE_MS ? { finalists: 6, costly: 2, ...QUICK } : THOROUGH;
}

/** Other looks at the pictures are no other backbone. */
const baseOf = ({ set }: Pick<Ranked, 'set'>): string => parseLooks(set.backbone).base;

/**
 * The best taps, spread over backbones: first the best tap of every backbone that comes close to the best of all (ranking scores
 * differ by less than their noise there, and backbones fail in different ways), then whatever ranks highest.
 */
export function chooseFinalists(ranked: readonly Ranked[], count: number): Ranked[] {
  const scored = ranked.filter(({ trial }) => trial.validation !== null);
  const floor = (scored[0]?.trial.validation?.accuracy ?? 0) - SEAT_WITHIN;
  const leaders = scored.filter(
    ({ set, trial }, index) =>
      (trial.validation?.accuracy ?? 0) >= floor &&
      scored.findIndex((other) => baseOf(other) === baseOf({ set })) === index,
  );
  const rest = scored.filter((candidate) => !leaders.includes(candidate));
  const seated = new Set([...leaders, ...rest].slice(0, count));
  return scored.filter((candidate) => seated.has(candidate));
}

/** Each finalist with the heads that `wanted` takes, at the settings that `gridOf` gives. */
const jobsOf = (
  finalists: readonly Ranked[],
  wanted: (job: Pick<Job, 'head'>) => boolean,
  gridOf: (head: Head) => Job['grid'],
): Job[] =>
  finalists.flatMap((finalist) =>
    heads
      .filter(({ id }) => id !== ridge.id && wanted({ head: id }))
      .map((head) => ({ finalist, head: head.id, grid: gridOf(head) })),
  );

const isCostly = (job: Pick<Job, 'head'>): boolean => !isLinear(job);
const usual = ({ grid }: Head): Job['grid'] => grid;
const further = (head: Head): Job['grid'] => head.further ?? [];

/** Jobs in the order of their worth: linear heads on every finalist, the costly ones on the best, then the further settings of both. */
export function planJobs(finalists: readonly Ranked[], effort: Effort): Job[] {
  const leading = finalists.slice(0, effort.costly);
  const own = finalists.map((finalist) => ({ finalist, head: ridge.id, grid: [finalist.trial.params] }));
  const jobs = [...own, ...jobsOf(finalists, isLinear, usual), ...jobsOf(leading, isCostly, usual)];
  if (!effort.further) return jobs;
  // By finalist, so that the folds of one after the other can be given back.
  const more = finalists.flatMap((one) => [
    ...jobsOf([one], isLinear, further),
    ...jobsOf(leading.includes(one) ? [one] : [], isCostly, further),
  ]);
  return [...jobs, ...more];
}

/** Settings of a job that are trials of their own; the ridge head of a finalist takes the place of its ranking. */
const countOf = ({ head, grid }: Job): number => (head === ridge.id ? 0 : grid.length);

/** Cuts jobs to a number of trials, the first ones first. */
export function withinLimit(jobs: readonly Job[], limit: number): { within: Job[]; beyond: Job[] } {
  let left = limit;
  const parts = jobs.map((job) => {
    const taken = Math.min(left, countOf(job));
    left -= taken;
    if (taken === countOf(job)) return { within: job, beyond: null };
    const part = (grid: Job['grid']): Job | null => (grid.length === 0 ? null : { ...job, grid });
    return { within: part(job.grid.slice(0, taken)), beyond: part(job.grid.slice(taken)) };
  });
  return {
    within: parts.flatMap(({ within }) => within ?? []),
    beyond: parts.flatMap(({ beyond }) => beyond ?? []),
  };
}
