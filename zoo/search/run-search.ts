import { ridge } from '../heads/ridge.js';
import type { Scores } from '../metrics/index.js';
import { crossValidate, foldFeatures, type FoldedFeatures } from './cross-validate.js';
import { areFew, devRows, type DevRows } from './dev-rows.js';
import { findFloor } from './floor.js';
import { inOrderOfHearing, keepsTo, rankable, startDeadline, type Deadline } from './limits.js';
import { isTwin } from './twins.js';
import { chooseFinalists, effortFor, planJobs, withinLimit, type Job } from './plan.js';
import { refold } from './refold.js';
import { loadSet } from './load-set.js';
import { FIRST_PARAMS, rank, type Ranked } from './rank.js';
import {
  compareTrials,
  completeTrial,
  failedTrial,
  PRUNED,
  prunedTrial,
  repeatedValidation,
  validationOf,
  type TrialPlan,
} from './trial.js';
import type { FeatureSet, SearchRequest, SearchResult, Trial } from './types.js';

/** Seed of everything random at one tap. */
export function tapSeed(seed: number | string, { backbone, tap }: Pick<Trial, 'backbone' | 'tap'>): string {
  return `${seed}/${backbone}/${tap}`;
}

function plansOf({ finalist, head, grid }: Job, classes: number): TrialPlan[] {
  return grid.map((params) => ({ set: finalist.set, inputs: finalist.inputs, classes, head, params }));
}

/** Taps there was no trial left for. */
const unheard = (sets: readonly FeatureSet[], classes: number): TrialPlan[] =>
  sets.map((set) => {
    return { set, inputs: set.tap.channels ?? 0, classes, head: ridge.id, params: FIRST_PARAMS };
  });

/** @param deals held-out logits, one for each deal into folds */
function scored(plan: TrialPlan, deals: readonly Scores[], { y }: DevRows): Trial {
  if (!deals.every(({ data }) => data.every(Number.isFinite))) {
    return failedTrial(plan, 'The head gave logits that are not finite numbers.');
  }
  return completeTrial(plan, repeatedValidation(deals.map((logits) => validationOf(logits, y))));
}

/** Where pictures are few it matters which of them are left out together, so they are dealt out as often. */
const DEALS = 3;

/** The development pictures in their folds, and in others where they are few. */
function dealsOf(dev: DevRows, { groups, seed }: SearchRequest): DevRows[] {
  if (groups === undefined || !areFew(dev)) return [dev];
  const own = Array.from(dev.rows, (row) => groups[row] as string);
  return refold(dev, own, DEALS, String(seed));
}

/** Trials of one job. An error of a head fails its trials only; being told to stop is passed on. */
async function runJob(
  job: Job,
  deals: readonly FoldedFeatures[],
  request: SearchRequest,
  deadline: Deadline,
): Promise<Trial[]> {
  const [{ dev }] = deals as [FoldedFeatures];
  const plans = plansOf(job, dev.classes);
  const seed = tapSeed(request.seed, job.finalist.trial);
  const { head, grid } = job;
  try {
    const logits: Scores[][] = [];
    for (const folded of deals)
      logits.push(await crossValidate(folded, { head, grid, seed, signal: deadline.signal() }));
    return plans.map((plan, index) =>
      scored(
        plan,
        logits.map((deal) => deal[index] as Scores),
        dev,
      ),
    );
  } catch (error) {
    request.signal?.throwIfAborted();
    if (deadline.passed()) return plans.map((plan) => prunedTrial(plan, PRUNED.time));
    return plans.map((plan) => failedTrial(plan, error instanceof Error ? error.message : String(error)));
  }
}

/** Folds of each finalist in each deal, made when first asked for. */
function foldCache(
  request: SearchRequest,
  deals: readonly DevRows[],
): (finalist: Ranked) => Promise<readonly FoldedFeatures[]> {
  const made = new Map<Ranked, readonly FoldedFeatures[]>();
  const [first] = deals as [DevRows];
  return async (finalist) => {
    const known = made.get(finalist);
    if (known !== undefined) return known;
    const { x, more } = await loadSet(finalist.set, request.labels.length, first);
    const folded = deals.map((dev) => foldFeatures(x, dev, more));
    made.set(finalist, folded);
    return folded;
  };
}

async function runJobs(
  jobs: readonly Job[],
  request: SearchRequest,
  dev: DevRows,
  deadline: Deadline,
): Promise<Trial[]> {
  const foldsOf = foldCache(request, dealsOf(dev, request));
  const trials: Trial[] = [];
  for (const [index, job] of jobs.entries()) {
    request.signal?.throwIfAborted();
    if (deadline.passed())
      trials.push(...plansOf(job, dev.classes).map((plan) => prunedTrial(plan, PRUNED.time)));
    else trials.push(...(await runJob(job, await foldsOf(job.finalist), request, deadline)));
    request.onProgress?.({ stage: 'finalists', done: index + 1, total: jobs.length });
  }
  return trials;
}

/** One entry an id: a finalist's ridge trial takes the place of its ranking, unless it did not come to an end. */
function merge(ranking: readonly Trial[], trained: readonly Trial[]): Trial[] {
  const byId = new Map(ranking.map((trial) => [trial.id, trial]));
  for (const trial of trained) {
    if (trial.state === 'complete' || !byId.has(trial.id)) byId.set(trial.id, trial);
  }
  return [...byId.values()].toSorted(compareTrials);
}

/**
 * Searches backbone x tap x head. Every tap is ranked in closed form; the best few, spread over backbones, get trained heads, scored by
 * predictions over the given folds. Labels of pictures without a fold are never read. Equal requests give equal results, to the
 * bit on one machine, unless the time budget cuts them at different places or a cap on latency lies where the clock is noisy.
 *
 * @throws SearchDataError when the pictures do not suffice; says what is needed
 * @throws the signal's reason when it is aborted
 */
export async function runSearch(request: SearchRequest): Promise<SearchResult> {
  const deadline = startDeadline(request);
  const { maxTrials = null, cap } = request;
  const dev = devRows(request);
  const twins = request.features.filter(isTwin);
  const heard = inOrderOfHearing({ ...request, features: request.features.filter((set) => !isTwin(set)) });
  const count = rankable(heard.length, maxTrials);
  const ranked = await rank({ ...request, features: [...heard.slice(0, count), ...twins] }, dev, deadline);
  const effort = effortFor(request.budgetMs, maxTrials);
  const fitting = ranked.filter(({ set }) => keepsTo(set, cap));
  const jobs = planJobs(chooseFinalists(fitting, effort.finalists), effort);
  const { within, beyond } = withinLimit(jobs, maxTrials === null ? Infinity : maxTrials - ranked.length);
  const trained = await runJobs(within, request, dev, deadline);
  const left = beyond.flatMap((job) => plansOf(job, dev.classes));
  const pruned = [...unheard(heard.slice(count), dev.classes), ...left].map((plan) =>
    prunedTrial(plan, PRUNED.trials),
  );
  const trials = merge([...ranked.map(({ trial }) => trial), ...pruned], trained);
  return { trials, floor: await findFloor(request, dev, deadline) };
}
