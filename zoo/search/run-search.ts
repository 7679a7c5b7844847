import { ridge } from '../heads/ridge.js';
import type { Scores } from '../metrics/index.js';
import {
  crossValidate,
  foldSet,
  type CrossValidationRequest,
  type FoldedFeatures,
} from './cross-validate.js';
import { defaultTieRule, withoutCostly } from './choose.js';
import { areFew, areMany, devRows, type DevRows } from './dev-rows.js';
import { findFloor } from './floor.js';
import { HeldOutStore } from './held-out.js';
import { inOrderOfHearing, keepsTo, rankable, startDeadline, type Deadline } from './limits.js';
import { isTwin } from './twins.js';
import {
  chooseFinalists,
  effortFor,
  isLinear,
  MOST_DEALS,
  planJobs,
  withinLimit,
  type Effort,
  type Job,
} from './plan.js';
import { raceFolds } from './race.js';
import { refold } from './refold.js';
import { ProductStore } from './product-store.js';
import { FIRST_PARAMS, rank, type Ranked, type Ranking } from './rank.js';
import { inline } from './threads/compute.js';
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

/** A search under way. */
type Search = Ranking & { readonly deadline: Deadline; readonly heldOut: HeldOutStore };

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
function scored(plan: TrialPlan, deals: readonly Scores[], { dev: { y }, heldOut }: Search): Trial {
  if (!deals.every(({ data }) => data.every(Number.isFinite))) {
    return failedTrial(plan, 'The head gave logits that are not finite numbers.');
  }
  const trial = completeTrial(plan, repeatedValidation(deals.map((logits) => validationOf(logits, y))));
  heldOut.keep(trial, deals[0] as Scores);
  return trial;
}

/** The development pictures in their folds, and in others where they are few, or there is time and they are not many. */
function dealsOf(dev: DevRows, { groups, seed }: SearchRequest, effort: Effort): DevRows[] {
  const patient = areMany(dev) ? 1 : effort.deals;
  const deals = areFew(dev) ? MOST_DEALS : patient;
  if (groups === undefined || deals === 1) return [dev];
  const own = Array.from(dev.rows, (row) => groups[row] as string);
  return refold(dev, own, deals, String(seed));
}

/** Held-out logits of each setting in each deal. */
async function crossValidateAll(
  deals: readonly FoldedFeatures[],
  training: CrossValidationRequest,
): Promise<Scores[][]> {
  const logits = await Promise.all(deals.map((folded) => crossValidate(folded, training)));
  return training.grid.map((_, setting) => logits.map((deal) => deal[setting] as Scores));
}

/**
 * Trials of one job. An error of a head fails its trials only; being told to stop is passed on.
 *
 * @param linear trials of the same finalist's linear heads, which others must be ahead of
 */
async function runJob(
  job: Job,
  deals: readonly FoldedFeatures[],
  linear: readonly Trial[],
  search: Search,
): Promise<Trial[]> {
  const { request, dev, compute, deadline } = search;
  const plans = plansOf(job, dev.classes);
  const { head, grid } = job;
  const training = { head, grid, seed: tapSeed(request.seed, job.finalist.trial), deadline, compute };
  const rivals = linear.flatMap(({ validation }) => validation?.losses ?? []);
  try {
    const results =
      rivals.length === 0
        ? await crossValidateAll(deals, training)
        : await raceFolds(deals, training, rivals);
    return plans.map((plan, index) => {
      const own = results[index];
      return own ? scored(plan, own, search) : prunedTrial(plan, PRUNED.race);
    });
  } catch (error) {
    request.signal?.throwIfAborted();
    if (deadline.passed()) return plans.map((plan) => prunedTrial(plan, PRUNED.time));
    return plans.map((plan) => failedTrial(plan, error instanceof Error ? error.message : String(error)));
  }
}

interface FoldCache {
  /** Folds of a finalist in each deal. */
  of(finalist: Ranked): readonly FoldedFeatures[];
  /** The memory of its folds is given back; products stay, for others may have the same members. */
  forget(finalist: Ranked): void;
}

function foldCache({ request, dev, compute }: Search, effort: Effort): FoldCache {
  const made = new Map<Ranked, readonly FoldedFeatures[]>();
  const deals = dealsOf(dev, request, effort);
  const folding = {
    rows: request.labels.length,
    compute,
    products: new ProductStore(request, compute, 'fold'),
  };
  const of = (finalist: Ranked): readonly FoldedFeatures[] => {
    const known = made.get(finalist);
    if (known !== undefined) return known;
    const folded = foldSet(finalist.set, deals, folding);
    made.set(finalist, folded);
    return folded;
  };
  return { of, forget: (finalist) => void made.delete(finalist) };
}

/** All at once, as far as there are threads: the folds of a job in their order, and jobs in theirs; heads that race after those they race with. */
async function runJobs(jobs: readonly Job[], effort: Effort, search: Search): Promise<Trial[]> {
  const folds = foldCache(search, effort);
  const open = new Map<Ranked, number>();
  for (const { finalist } of jobs) open.set(finalist, (open.get(finalist) ?? 0) + 1);
  const close = (finalist: Ranked): void => {
    const left = (open.get(finalist) as number) - 1;
    open.set(finalist, left);
    if (left === 0) folds.forget(finalist);
  };
  const begun: { job: Job; trials: Promise<Trial[]> }[] = [];
  let done = 0;
  const run = async (job: Job, rivals: readonly Promise<Trial[]>[]): Promise<Trial[]> => {
    const linear = (await Promise.all(rivals)).flat();
    const own = await runJob(job, folds.of(job.finalist), linear, search);
    close(job.finalist);
    search.request.onProgress?.({ stage: 'finalists', done: (done += 1), total: jobs.length });
    return own;
  };
  for (const job of jobs) {
    const same = begun.filter((other) => other.job.finalist === job.finalist);
    const rivals = isLinear(job) || !effort.race ? [] : same.filter((other) => isLinear(other.job));
    begun.push({
      job,
      trials: run(
        job,
        rivals.map(({ trials }) => trials),
      ),
    });
  }
  return (await Promise.all(begun.map(({ trials }) => trials))).flat();
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
  // With few pictures all is done before threads have started.
  const compute = areFew(dev) ? inline : (request.compute ?? inline);
  const search = { request, dev, compute, deadline, heldOut: new HeldOutStore() };
  const features = [...heard.slice(0, count), ...twins];
  const ranked = await rank({ ...search, request: { ...request, features } });
  const effort = effortFor(request.budgetMs, maxTrials);
  // What keeps to the cap is measured against what does too: nothing else can be chosen.
  const within = ranked.filter(({ set }) => keepsTo(set, cap));
  const worthwhile = withoutCostly(
    within.map(({ trial }) => trial),
    request.rule ?? defaultTieRule,
  );
  const fitting = within.filter(({ trial }) => worthwhile.includes(trial));
  const jobs = planJobs(chooseFinalists(fitting, effort.finalists), effort);
  const limited = withinLimit(jobs, maxTrials === null ? Infinity : maxTrials - ranked.length);
  const trained = await runJobs(limited.within, effort, search);
  const left = limited.beyond.flatMap((job) => plansOf(job, dev.classes));
  const pruned = [...unheard(heard.slice(count), dev.classes), ...left].map((plan) =>
    prunedTrial(plan, PRUNED.trials),
  );
  const trials = merge([...ranked.map(({ trial }) => trial), ...pruned], trained);
  return { trials, floor: await findFloor(search), heldOut: search.heldOut.all };
}
