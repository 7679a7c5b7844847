import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import {
  defaultTieRule,
  examine,
  fitsCap,
  fitThreads,
  openThreads,
  runSearch,
  select,
  startDeadline,
  worthwhileTieRule,
  type Deadline,
  type Examination,
  type ExaminationRequest,
  type SearchRequest,
  type Selection,
  type Trial,
} from '../../../zoo/index.js';
import { wordings } from '../../modalities/modality.js';
import type { ModelSummary } from '../../runs/run.js';
import type { StoredTrial } from '../../runs/trial-view.js';
import { refuseIfNothingFits } from './cap.js';
import type { Report } from './child.js';
import { memoryLimit } from './memory.js';
import { latencyKey, workOf } from './modal-work.js';
import type { TrialsResult, TrialsTask } from './protocol.js';
import { writeState, type SearchState } from './search-state.js';
import { scoreOf, viewSelection } from './selection-view.js';

/** Of the time for trials, what measuring latencies may take, and what there is until the search has to end: proofs come after it. */
const LATENCY_SHARE = 0.25;
const SEARCH_SHARE = 0.9;

/** A cap on latency cannot be kept without measuring; else that ends with its share of the time. */
function latencyIsLate({ limits: { budgetMs, cap } }: TrialsTask, { leftMs }: Deadline): () => boolean {
  if (budgetMs === null || cap.maxLatencyMs !== null) return () => false;
  return () => leftMs() <= (1 - LATENCY_SHARE) * budgetMs;
}

/** What is searched, without what says how. */
async function openSearch(task: TrialsTask, deadline: Deadline) {
  const work = workOf(task);
  const opened = await work.open(task, latencyIsLate(task, deadline));
  const { randomFeatures, latencies, leftOut } = opened;
  const { ensemble, acrossSizes, augment } = task.limits;
  const together = ensemble === false ? { groups: [], views: [] } : await opened.together(acrossSizes);
  const data = {
    features: opened.features.map((set) => ({
      ...set,
      latencyMs: latencies.get(latencyKey(set.backbone, set.tap.id)) ?? null,
    })),
    labels: Int32Array.from(task.pictures, ({ label }) => label),
    folds: Int32Array.from(task.pictures, ({ fold }) => fold),
    groups: task.pictures.map(({ group }) => group),
    classes: task.labels.length,
    classNames: task.labels,
    seed: task.seed,
  };
  const views = [...together.views, ...(augment ? await opened.looks() : [])];
  return {
    data,
    leftOut,
    more: { randomFeatures, joinTaps: work.joinTaps, ensembles: together.groups, views },
  };
}

/** Searches, selects, and leaves what the packaging needs in the task's state file. */
export async function computeTrials(task: TrialsTask, report: Report): Promise<TrialsResult> {
  const deadline = startDeadline({ budgetMs: task.limits.budgetMs, now: () => performance.now() });
  const { data, more, leftOut } = await openSearch(task, deadline);
  const most = task.threads ?? availableParallelism();
  const threads = openThreads(fitThreads({ ...data, ...more }, most, memoryLimit(task)));
  try {
    const opened = { data: { ...data, compute: threads.compute }, more, leftOut };
    return await searchWith(opened, task, deadline, report);
  } finally {
    await threads.close();
  }
}

type Opened = Awaited<ReturnType<typeof openSearch>>;

async function searchWith(
  { data, more, leftOut }: Opened & { data: Pick<SearchRequest, 'compute'> },
  task: TrialsTask,
  deadline: Deadline,
  report: Report,
): Promise<TrialsResult> {
  const { maxTrials, cap, ensemble } = task.limits;
  const rule = ensemble === null ? worthwhileTieRule : defaultTieRule;
  const ranked = data.features.length;
  const result = await runSearch({
    ...data,
    ...more,
    rule,
    budgetMs: task.limits.budgetMs === null ? null : SEARCH_SHARE * deadline.leftMs(),
    maxTrials,
    cap,
    now: () => performance.now(),
    onProgress: ({ stage, done, total }) => {
      if (stage === 'rank') report(done, total, 'ranking every tap');
      else report(ranked + done, ranked + total, 'training heads on the finalists');
    },
  });
  refuseIfNothingFits(result.trials.map(priceOf), cap);
  const trials = result.trials.filter(({ cost }) => fitsCap(cost, cap));
  const read = { ...data, features: [...data.features, ...more.views] };
  const selection = await select({ ...read, trials, rule, heldOut: result.heldOut });
  report(ranked, ranked, 'learning curve and diagnosis');
  const wording = wordings[task.modality];
  const found = { trials: result.trials, selection, wording, ...storyOf(task) };
  const examination = await examine({ ...read, ...found, isLate: deadline.passed });
  await writeState(task.stateFile, toState(selection, examination));
  return {
    trials: result.trials.map(toView),
    selection: await viewSelection(result, selection, {
      ...{ seed: task.seed, cap, rule, dropped: task.dropped, leftOut },
    }),
    examination,
  };
}

/** What earlier stages know of each picture. */
function storyOf({ pictures }: TrialsTask): Pick<ExaminationRequest, 'ids' | 'groups' | 'own' | 'doubts'> {
  return {
    ids: pictures.map(({ id }) => id),
    groups: pictures.map(({ group }) => group),
    own: pictures.map(({ own }) => own),
    doubts: pictures.flatMap(({ doubt }, row) => (doubt ? [{ row, ...doubt }] : [])),
  };
}

const priceOf = ({ backbone, tap, cost: { latencyMs, bytes } }: Trial) => ({
  backbone,
  tap,
  latencyMs,
  bytes,
});

/** As it is kept: operations are those of the whole model. */
const costView = ({ headFlops, flops, ...cost }: Trial['cost']): StoredTrial['cost'] => ({
  ...cost,
  flops: flops + headFlops,
});

function toView(trial: Trial): StoredTrial {
  const { backbone, tap, head, params, state, validation, cost, reason } = trial;
  return {
    backbone,
    tap,
    head,
    params,
    state,
    validation: validation && scoreOf(validation),
    cost: costView(cost),
    reason,
  };
}

function toState(selection: Selection, { learningCurve, diagnosis }: Examination): SearchState {
  const { trial, test } = selection;
  const { state: _state, reason: _reason, validation, ...view } = toView(trial);
  if (!validation) throw new Error(`The chosen trial ${trial.id} has no validation score.`);
  const selected: ModelSummary = { ...view, validation, test: scoreOf(test) };
  return {
    selected,
    mean: selection.standardisation.mean,
    std: selection.standardisation.std,
    layers: selection.head.layers,
    temperature: selection.temperature,
    unknownBelow: selection.unknown.below,
    learningCurve,
    diagnosis,
    testRows: test.rows,
    testProbabilities: Float64Array.from(test.probabilities.data),
  };
}
