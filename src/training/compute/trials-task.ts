import { performance } from 'node:perf_hooks';
import {
  estimateLatencies,
  examine,
  runSearch,
  select,
  type Examination,
  type ExaminationRequest,
  type FeatureSet,
  type InstalledBackbone,
  type Selection,
  type Trial,
} from '../../../zoo/index.js';
import type { ModelSummary } from '../../runs/run.js';
import type { StoredTrial } from '../../runs/trial-view.js';
import type { Report } from './child.js';
import { installAll, openShelf } from './features-task.js';
import { floorBackbone } from './floor-backbone.js';
import type { TrialsResult, TrialsTask } from './protocol.js';
import { writeState, type SearchState } from './search-state.js';
import { scoreOf, viewSelection } from './selection-view.js';

/** Searches, selects, and leaves what the packaging needs in the task's state file. */
export async function computeTrials(task: TrialsTask, report: Report): Promise<TrialsResult> {
  const installed = await installAll(task);
  const features = await allFeatures(task, installed);
  const randomFeatures = await allFeatures(task, await floorBackbone(installed, task.cacheDir));
  const latencies = await measureAll(task, installed);
  const data = {
    features,
    labels: Int32Array.from(task.pictures, ({ label }) => label),
    folds: Int32Array.from(task.pictures, ({ fold }) => fold),
    classes: task.labels.length,
    classNames: task.labels,
    seed: task.seed,
  };
  const ranked = features.length;
  const result = await runSearch({
    ...data,
    randomFeatures,
    budgetMs: task.budgetMs,
    now: () => performance.now(),
    onProgress: ({ stage, done, total }) => {
      if (stage === 'rank') report(done, total, 'ranking every tap');
      else report(ranked + done, ranked + total, 'training heads on the finalists');
    },
  });
  const { trials } = result;
  const selection = await select({ ...data, trials });
  report(ranked, ranked, 'learning curve and diagnosis');
  const examination = await examine({ ...data, trials, selection, ...storyOf(task) });
  await writeState(task.stateFile, toState(selection, latencies, examination));
  return {
    trials: trials.map((trial) => toView(trial, latencies)),
    selection: await viewSelection(result, selection, task.seed),
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

async function allFeatures(task: TrialsTask, backbones: readonly InstalledBackbone[]): Promise<FeatureSet[]> {
  return (await Promise.all(backbones.map((backbone) => featureSets(task, backbone)))).flat();
}

async function featureSets(task: TrialsTask, installed: InstalledBackbone): Promise<FeatureSet[]> {
  const shelf = await openShelf(task.cacheDir, installed);
  const images = task.pictures.map(({ sha256 }) => sha256);
  return installed.taps.map((tap) => ({
    backbone: installed.card.id,
    tap,
    matrix: () => shelf.read(tap.id, images),
  }));
}

/** Latency of a tap by `latencyKey`. Kept out of the search: a choice that hung on a noisy clock could not be repeated. */
type Latencies = ReadonlyMap<string, number>;

const latencyKey = (backbone: string, tap: string): string => `${backbone}/${tap}`;

async function measureAll(task: TrialsTask, installed: readonly InstalledBackbone[]): Promise<Latencies> {
  const all = new Map<string, number>();
  for (const backbone of installed) {
    const options = { threads: task.threads ?? undefined, now: () => performance.now() };
    for (const [tap, ms] of await estimateLatencies(backbone, options))
      all.set(latencyKey(backbone.card.id, tap), ms);
  }
  return all;
}

function toView(trial: Trial, latencies: Latencies): StoredTrial {
  const { backbone, tap, head, params, state, validation, cost, reason } = trial;
  const latencyMs = latencies.get(latencyKey(backbone, tap)) ?? null;
  return {
    backbone,
    tap,
    head,
    params,
    state,
    validation: validation && scoreOf(validation),
    cost: { ...cost, latencyMs },
    reason,
  };
}

function toState(
  selection: Selection,
  latencies: Latencies,
  { learningCurve, diagnosis }: Examination,
): SearchState {
  const { trial, test } = selection;
  const { state: _state, reason: _reason, validation, ...view } = toView(trial, latencies);
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
