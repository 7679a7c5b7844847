import { takeRows } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { crossValidate, foldFeatures, type FoldedFeatures } from './cross-validate.js';
import { devRows, type DevRows } from './dev-rows.js';
import { findFloor } from './floor.js';
import { chooseFinalists, effortFor, planJobs, type Job } from './plan.js';
import { loadMatrix, rank, type Ranked } from './rank.js';
import {
  compareTrials,
  completeTrial,
  failedTrial,
  prunedTrial,
  validationOf,
  type TrialPlan,
} from './trial.js';
import type { SearchRequest, SearchResult, Trial } from './types.js';

/** Seed of everything random at one tap. */
export function tapSeed(seed: number | string, { backbone, tap }: Pick<Trial, 'backbone' | 'tap'>): string {
  return `${seed}/${backbone}/${tap}`;
}

function plansOf({ finalist, head, grid }: Job, classes: number): TrialPlan[] {
  return grid.map((params) => ({ set: finalist.set, inputs: finalist.inputs, classes, head, params }));
}

function scored(plan: TrialPlan, logits: Scores | undefined, dev: DevRows): Trial {
  if (logits === undefined || !logits.data.every(Number.isFinite)) {
    return failedTrial(plan, 'The head gave logits that are not finite numbers.');
  }
  return completeTrial(plan, validationOf(logits, dev.y));
}

/** Trials of one job. An error of a head fails its trials only; being told to stop is passed on. */
async function runJob(job: Job, folded: FoldedFeatures, request: SearchRequest): Promise<Trial[]> {
  const { dev } = folded;
  const plans = plansOf(job, dev.classes);
  const seed = tapSeed(request.seed, job.finalist.trial);
  try {
    const logits = await crossValidate(folded, {
      head: job.head,
      grid: job.grid,
      seed,
      signal: request.signal,
    });
    return plans.map((plan, index) => scored(plan, logits[index], dev));
  } catch (error) {
    request.signal?.throwIfAborted();
    return plans.map((plan) => failedTrial(plan, error instanceof Error ? error.message : String(error)));
  }
}

/** Folds of each finalist, made when first asked for. */
function foldCache(request: SearchRequest, dev: DevRows): (finalist: Ranked) => Promise<FoldedFeatures> {
  const made = new Map<Ranked, FoldedFeatures>();
  return async (finalist) => {
    const known = made.get(finalist);
    if (known !== undefined) return known;
    const matrix = await loadMatrix(finalist.set, request.labels.length);
    const folded = foldFeatures(takeRows(matrix, dev.rows), dev);
    made.set(finalist, folded);
    return folded;
  };
}

async function runJobs(
  jobs: readonly Job[],
  request: SearchRequest,
  dev: DevRows,
  startedMs: number,
): Promise<Trial[]> {
  const { budgetMs, now, signal, onProgress } = request;
  const foldsOf = foldCache(request, dev);
  const trials: Trial[] = [];
  for (const [index, job] of jobs.entries()) {
    signal?.throwIfAborted();
    if (budgetMs !== null && now() - startedMs >= budgetMs)
      trials.push(...plansOf(job, dev.classes).map(prunedTrial));
    else trials.push(...(await runJob(job, await foldsOf(job.finalist), request)));
    onProgress?.({ stage: 'finalists', done: index + 1, total: jobs.length });
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
 * bit on one machine, unless the time budget cuts them at different places.
 *
 * @throws SearchDataError when the pictures do not suffice; says what is needed
 * @throws the signal's reason when it is aborted
 */
export async function runSearch(request: SearchRequest): Promise<SearchResult> {
  const startedMs = request.now();
  const dev = devRows(request);
  const ranked = await rank(request, dev);
  const effort = effortFor(request.budgetMs);
  const jobs = planJobs(chooseFinalists(ranked, effort.finalists), effort);
  const trained = await runJobs(jobs, request, dev, startedMs);
  const ranking = ranked.map(({ trial }) => trial);
  return { trials: merge(ranking, trained), floor: await findFloor(request, dev) };
}
