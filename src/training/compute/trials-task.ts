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
  worthwhileTieRule,
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

/** What is searched, without what says how. */
async function openSearch(task: TrialsTask) {
  const work = workOf(task);
  const opened = await work.open(task);
  const { randomFeatures, latencies } = opened;
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
  return { data, more: { randomFeatures, joinTaps: work.joinTaps, ensembles: together.groups, views } };
}

/** Searches, selects, and leaves what the packaging needs in the task's state file. */
export async function computeTrials(task: TrialsTask, report: Report): Promise<TrialsResult> {
  const { data, more } = await openSearch(task);
  const most = task.threads ?? availableParallelism();
  const threads = openThreads(fitThreads({ ...data, ...more }, most, memoryLimit(task)));
  try {
    return await searchWith({ ...data, compute: threads.compute }, more, task, report);
  } finally {
    await threads.close();
  }
}

type Opened = Awaited<ReturnType<typeof openSearch>>;

async function searchWith(
  data: Opened['data'] & Pick<SearchRequest, 'compute'>,
  more: Opened['more'],
  task: TrialsTask,
  report: Report,
): Promise<TrialsResult> {
  const { budgetMs, maxTrials, cap, ensemble } = task.limits;
  const rule = ensemble === null ? worthwhileTieRule : defaultTieRule;
  const ranked = data.features.length;
  const result = await runSearch({
    ...data,
    ...more,
    rule,
    budgetMs,
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
  const selection = await select({ ...read, trials, rule });
  report(ranked, ranked, 'learning curve and diagnosis');
  const wording = wordings[task.modality];
  const examination = await examine({ ...read, trials: result.trials, selection, wording, ...storyOf(task) });
  await writeState(task.stateFile, toState(selection, examination));
  return {
    trials: result.trials.map(toView),
    selection: await viewSelection(result, selection, { seed: task.seed, cap, rule, dropped: task.dropped }),
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
