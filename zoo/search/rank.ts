import type { HeadParams } from '../heads/head.js';
import { ridge } from '../heads/ridge.js';
import { areFew, SearchDataError, type DevRows } from './dev-rows.js';
import { loadMatrix, loadMore } from './load-set.js';
import { memberTaps, planEnsembles, planJoins, widthsOf, type RatedSet } from './join.js';
import { ProductStore } from './product-store.js';
import { isTwin, planTwins } from './twins.js';
import { planLooks } from './looks.js';
import { keepsTo, rankable, type Deadline } from './limits.js';
import { FIRST_STRENGTH, surer, type Point, type Scoring, type TapTask } from './score-tap.js';
import type { Compute } from './threads/compute.js';
import { compareTrials, completeTrial, failedTrial, PRUNED, prunedTrial } from './trial.js';
import type { FeatureSet, SearchRequest, Trial } from './types.js';

/** What a ranking is about, and where it is computed. */
export interface Ranking {
  readonly request: SearchRequest;
  readonly dev: DevRows;
  readonly compute: Compute;
  /** When it has passed, what has no score yet is pruned; one tap gets one in any case. */
  readonly deadline?: Deadline;
}

/** A place in the ranking: one tap at the ridge strength that suits it best. */
export interface Ranked {
  readonly set: FeatureSet;
  readonly inputs: number;
  readonly trial: Trial;
}

export const FIRST_PARAMS: HeadParams = { strength: FIRST_STRENGTH };
const REFINED = 12;

/** One tap while it is being ranked. */
interface Candidate {
  set: FeatureSet;
  inputs: number;
  points: readonly Point[];
  failure: string | null;
}

const surestOf = ({ points }: Candidate): Point | undefined => points.toSorted(surer)[0];

/** What a set is scored by. */
async function sourceOf(
  set: FeatureSet,
  { request, dev }: Pick<Ranking, 'request' | 'dev'>,
  products: ProductStore,
): Promise<TapTask['source']> {
  if (products.admits(set, dev)) return { products: await products.of(set, dev) };
  const { length } = request.labels;
  const matrices = [await loadMatrix(set, length), ...(await loadMore(set, length))];
  return { matrices, widths: set.parts && widthsOf(set) };
}

/** A tap that cannot be scored is a failed trial, not the end of the search. Wrong data is. */
async function scoreCandidate(
  candidate: Candidate,
  scoring: Scoring,
  { request, dev, compute }: Ranking,
  products: ProductStore,
): Promise<void> {
  const { set, points } = candidate;
  try {
    const source = await sourceOf(set, { request, dev }, products);
    if ('matrices' in source) candidate.inputs = source.matrices[0]?.cols ?? 0;
    Object.assign(candidate, await compute.run('scoreTap', { source, dev, scoring, points }, request.signal));
  } catch (error) {
    request.signal?.throwIfAborted();
    if (error instanceof SearchDataError) throw error;
    candidate.failure = error instanceof Error ? error.message : String(error);
  }
}

function toRanked(candidate: Candidate, classes: number): Ranked {
  const { set, inputs, failure } = candidate;
  const best = surestOf(candidate);
  const params: HeadParams = best ? { strength: best.strength } : FIRST_PARAMS;
  const plan = { set, inputs, classes, head: ridge.id, params };
  // What was scored before a strength failed still counts.
  if (best === undefined) {
    return {
      set,
      inputs,
      trial: failure === null ? prunedTrial(plan, PRUNED.time) : failedTrial(plan, failure),
    };
  }
  return { set, inputs, trial: completeTrial(plan, best.validation) };
}

/** Candidates within the cap, each at its least log loss. */
const ratedOf = (candidates: readonly Candidate[], { cap }: SearchRequest): RatedSet[] =>
  candidates.flatMap((candidate) => {
    const { set } = candidate;
    const best = surestOf(candidate);
    return best && keepsTo(set, cap) ? [{ set, logLoss: best.validation.logLoss }] : [];
  });

/** As many as there are trials left for, of those within the cap. */
function seated(sets: readonly FeatureSet[], taken: number, request: SearchRequest): Candidate[] {
  const { maxTrials = null, cap } = request;
  const seats = maxTrials === null ? Infinity : rankable(Infinity, maxTrials) - taken;
  return sets
    .filter((set) => keepsTo(set, cap))
    .slice(0, Math.max(0, seats))
    .map(candidateOf);
}

const candidateOf = (set: FeatureSet): Candidate => ({
  set,
  inputs: set.tap.channels ?? 0,
  points: [],
  failure: null,
});

function mostPromising(candidates: readonly Candidate[], classes: number): Candidate[] {
  const byTrial = new Map(candidates.map((candidate) => [toRanked(candidate, classes).trial, candidate]));
  const trials = [...byTrial.keys()].filter(({ validation }) => validation !== null).toSorted(compareTrials);
  return trials.slice(0, REFINED).flatMap((trial) => byTrial.get(trial) ?? []);
}

/**
 * Ranks every tap by ridge regression: predictions held out by fold, in closed form, for one strength at every tap and
 * the strengths around it at the most promising ones. The surest are heard by their generalised mean too, where there are features of it; where
 * asked for, then also the surest taps of the leading backbones, joined, the surest backbones together, and the surest taps with further
 * looks at the pictures.
 *
 * Held out by fold rather than one by one, so that near-duplicates that share a fold cannot vouch for each other and the scores stand
 * beside those of trained heads, over the same folds. Features are scaled over all of `dev` here (no label is seen by that); the
 * finalists' scores are made anew with scaling by training folds alone.
 *
 * @returns best first
 */
export async function rank({ request, dev, compute, deadline }: Ranking): Promise<Ranked[]> {
  const candidates = request.features.filter((set) => !isTwin(set)).map(candidateOf);
  let total = candidates.length + Math.min(REFINED, candidates.length);
  let done = 0;
  const products = new ProductStore(request, compute, 'all');
  const isLate = (): boolean => done > 0 && (deadline?.passed() ?? false);
  const visit = async (candidate: Candidate, scoring: Scoring): Promise<boolean> => {
    request.signal?.throwIfAborted();
    if (isLate()) return false;
    await scoreCandidate(candidate, scoring, { request, dev, compute }, products);
    done += 1;
    request.onProgress?.({ stage: 'rank', done, total });
    return true;
  };
  const visitAll = (some: readonly Candidate[], scoring: Scoring): Promise<boolean[]> =>
    Promise.all(some.map((candidate) => compute.slot(visit, candidate, scoring)));
  const hear = async (sets: readonly FeatureSet[], scoring: Scoring): Promise<void> => {
    const more = seated(sets, candidates.length, request);
    total += more.length;
    const heard = await visitAll(more, scoring);
    candidates.push(...more.filter((_, at) => heard[at]));
  };
  await visitAll(candidates, 'first');
  await hear(planTwins(ratedOf(candidates, request), request.features, areFew(dev)), 'first');
  const promising = mostPromising(candidates, dev.classes);
  total = candidates.length + promising.length;
  await visitAll(promising, 'around');
  const members = request.joinTaps === true ? memberTaps(areFew(dev)) : 1;
  // Each further round is planned by what the ones before have shown.
  const rounds = [
    (rated: RatedSet[]) => (request.joinTaps === true ? planJoins(rated) : []),
    (rated: RatedSet[]) => planEnsembles(rated, request.ensembles ?? [], members, request.views),
    (rated: RatedSet[]) => planLooks(rated, request.views),
  ];
  for (const plan of rounds) await hear(plan(ratedOf(candidates, request)), 'both');
  const ranked = candidates.map((candidate) => toRanked(candidate, dev.classes));
  return ranked.toSorted((a, b) => compareTrials(a.trial, b.trial));
}
