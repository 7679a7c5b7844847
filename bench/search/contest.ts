import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import {
  applyHead,
  argmaxRows,
  getHead,
  isPlainTap,
  openThreads,
  parseView,
  createRng,
  runSearch,
  select,
  standardisationOf,
  standardise,
  takeRows,
  worthwhileTieRule,
  type FeatureSet,
  type SearchRequest,
  type TieRule,
  type Trial,
} from '../../zoo/index.js';

import type { Round } from './rounds.js';

/** One contestant's accuracy on the test part of a round. */
export interface Fixed {
  readonly backbone: string;
  readonly tap: string;
  readonly accuracy: number;
}

export interface Picked extends Fixed {
  readonly head: string;
  readonly validation: number;
  readonly searchMs: number;
  readonly selectMs: number;
}

/** A round as the search is asked about it. */
export type RoundData = Omit<SearchRequest, 'budgetMs' | 'now' | 'features'>;

export const dataOf = (round: Round, classNames: readonly string[], seed: number): RoundData => ({
  labels: round.labels,
  folds: round.folds,
  classes: classNames.length,
  classNames,
  seed,
  groups: Array.from(round.rows, String),
});

/** What `--ensemble` and `--augment` of `graft build` add to a search. */
export interface Extras {
  readonly ensembles?: SearchRequest['ensembles'];
  readonly views?: readonly FeatureSet[];
  /** How the choice is made among them. */
  readonly rule?: TieRule;
}

/** What is searched unless something is asked for: networks that want the same picture are also tried together, where that is worth it. */
export const asBuilt = (groups: readonly (readonly string[])[]): Extras => ({
  ensembles: groups
    .map((group) => group.filter((id) => parseView(id).base === id))
    .filter(({ length }) => length > 1),
  rule: worthwhileTieRule,
});

/** Graft's whole search, and its pick. */
export async function searchAndPick(
  features: readonly FeatureSet[],
  data: RoundData,
  { ensembles = [], views = [], rule }: Extras = {},
): Promise<Picked & { trials: readonly Trial[] }> {
  const started = performance.now();
  const threads = openThreads(availableParallelism());
  const round = { ...data, compute: threads.compute };
  const { trials, heldOut } = await runSearch({
    ...{ ...round, features, joinTaps: true, ensembles, views, rule, budgetMs: null },
    now: () => performance.now(),
  });
  const searched = performance.now();
  const read = { ...round, features: [...features, ...views] };
  const { trial, test } = await select({ ...read, trials, rule, heldOut });
  await threads.close();
  return {
    backbone: trial.backbone,
    tap: trial.tap,
    head: trial.head,
    accuracy: test.accuracy,
    validation: trial.validation.accuracy,
    searchMs: searched - started,
    selectMs: performance.now() - searched,
    trials,
  };
}

export const lastTapOf = (features: readonly FeatureSet[], backbone: string): FeatureSet =>
  features
    .filter((set) => set.backbone === backbone && isPlainTap(set.tap.id))
    .reduce((deepest, set) => (set.tap.flops >= deepest.tap.flops ? set : deepest));

/** Of one tap: its ranking, and both settings of the logistic head. */
const LINEAR_HEADS = { budgetMs: null, maxTrials: 3, now: () => 0 };

/** The usual way: one network, read at its end, the better of ridge and logistic regression by cross-validation. */
export async function fixedChoice(set: FeatureSet, data: RoundData): Promise<Fixed> {
  const features = [set];
  const { trials } = await runSearch({ ...data, features, ...LINEAR_HEADS });
  const { test } = await select({ ...data, features, trials });
  return { backbone: set.backbone, tap: set.tap.id, accuracy: test.accuracy };
}

/** Test accuracy of every tap, read by its mean, with the ridge strength that the ranking chose: what an oracle picks from. */
export async function oracleScores(
  features: readonly FeatureSet[],
  trials: readonly Trial[],
  data: RoundData,
): Promise<(Fixed & { hits: Uint8Array })[]> {
  const rows = Int32Array.from(data.labels.keys());
  const [train, test] = [
    rows.filter((row) => (data.folds[row] as number) >= 0),
    rows.filter((row) => (data.folds[row] as number) < 0),
  ];
  const y = train.map((row) => data.labels[row] as number);
  const ridge = getHead('ridge');
  const scores: (Fixed & { hits: Uint8Array })[] = [];
  for (const set of features.filter(({ tap }) => isPlainTap(tap.id))) {
    const trial = trials.find(
      (one) => one.head === 'ridge' && one.backbone === set.backbone && one.tap === set.tap.id,
    );
    if (!trial) continue;
    const matrix = typeof set.matrix === 'function' ? await set.matrix() : set.matrix;
    const x = takeRows(matrix, train);
    const scaling = standardisationOf(x);
    const fit = { x: standardise(x, scaling), y, classes: data.classes, rng: createRng(1) };
    const head = await ridge.fit({ ...fit, params: trial.params });
    const answers = argmaxRows(applyHead(head, standardise(takeRows(matrix, test), scaling)));
    const hits = Uint8Array.from(test, (row, i) => (answers[i] === data.labels[row] ? 1 : 0));
    const accuracy = hits.reduce((sum, hit) => sum + hit, 0) / hits.length;
    scores.push({ backbone: set.backbone, tap: set.tap.id, accuracy, hits });
  }
  return scores;
}
