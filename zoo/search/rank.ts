import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeadParams } from '../heads/head.js';
import { ridge } from '../heads/ridge.js';
import { ridgeCrossValidation, type RidgeCrossValidation } from '../heads/ridge-cross-validation.js';
import { stackRows } from '../matrix.js';
import type { Scores } from '../metrics/index.js';
import { areFew, repeat, SearchDataError, type DevRows } from './dev-rows.js';
import { loadMatrix, loadMore } from './load-set.js';
import { standardisationOf, standardise } from './standardise.js';
import { planEnsembles, planJoins, type RatedSet } from './join.js';
import { isTwin, planTwins } from './twins.js';
import { planLooks } from './looks.js';
import { keepsTo, rankable, type Deadline } from './limits.js';
import { compareTrials, completeTrial, failedTrial, PRUNED, prunedTrial, validationOf } from './trial.js';
import type { FeatureSet, SearchRequest, Trial, Validation } from './types.js';

/** A place in the ranking: one tap at the ridge strength that suits it best. */
export interface Ranked {
  readonly set: FeatureSet;
  readonly inputs: number;
  readonly trial: Trial;
}

/** Strengths, weak to strong. */
const STRENGTHS = ridge.grid.map(({ strength }) => strength);
/**
 * The strength every tap is tried at: in the middle of where the best one lies (0.1 to 1 on photographs, for widths from 96 to 1280).
 * From there the most promising taps walk the grid.
 */
const FIRST = STRENGTHS.indexOf(0.3);
export const FIRST_STRENGTH = STRENGTHS[FIRST] as number;
export const FIRST_PARAMS: HeadParams = { strength: FIRST_STRENGTH };
const REFINED = 12;

interface Point {
  strength: number;
  validation: Validation;
}

/** One tap while it is being ranked; the cross-validation is dropped when nothing more is to be asked of it. */
interface Candidate {
  set: FeatureSet;
  inputs: number;
  points: Point[];
  failure: string | null;
}

/** The strength of a tap is chosen by log loss: at one tap it moves smoothly with the strength, accuracy jumps. */
const surer = (a: Point, b: Point): number => a.validation.logLoss - b.validation.logLoss;
const surestOf = ({ points }: Candidate): Point | undefined => points.toSorted(surer)[0];

const firstRows = ({ classes, data }: Scores, rows: number): Scores => ({
  rows,
  classes,
  data: data.subarray(0, rows * classes),
});

function score(cv: RidgeCrossValidation, dev: DevRows, strength: number): Point {
  // Only pictures as they are: what else was learnt from comes after them.
  const scores = firstRows(cv.heldOut(strength), dev.y.length);
  if (!scores.data.every(Number.isFinite)) throw new RangeError('the held-out scores are not finite numbers');
  return { strength, validation: validationOf(scores, dev.y) };
}

async function openTap(
  candidate: Candidate,
  request: SearchRequest,
  dev: DevRows,
): Promise<RidgeCrossValidation> {
  const all = await loadMatrix(candidate.set, request.labels.length);
  candidate.inputs = all.cols;
  const more = await loadMore(candidate.set, request.labels.length);
  const scaling = standardisationOf(all, dev.rows);
  const x = stackRows([all, ...more].map((rows) => standardise(rows, scaling, dev.rows)));
  const times = 1 + more.length;
  return ridgeCrossValidation(x, repeat(dev.y, times), dev.classes, repeat(dev.folds, times));
}

type Scoring = (candidate: Candidate, scoreAt: (index: number) => Point) => void;

const scoreFirst: Scoring = ({ points }, scoreAt) => void points.push(scoreAt(FIRST));

/** Walks both ways from the first strength, as long as the log loss falls. */
const walk: Scoring = ({ points }, scoreAt) => {
  for (const step of [-1, 1]) {
    let last: Point | undefined = points[0];
    for (let index = FIRST + step; last !== undefined && index in STRENGTHS; index += step) {
      const next = scoreAt(index);
      points.push(next);
      last = surer(next, last) < 0 ? next : undefined;
    }
  }
};

const scoreAll: Scoring = (candidate, scoreAt) => {
  scoreFirst(candidate, scoreAt);
  walk(candidate, scoreAt);
};

/** A tap that cannot be scored is a failed trial, not the end of the search. Wrong data is. */
async function tryScore(
  candidate: Candidate,
  request: SearchRequest,
  dev: DevRows,
  scoring: Scoring,
): Promise<void> {
  try {
    const cv = await openTap(candidate, request, dev);
    scoring(candidate, (index) => score(cv, dev, STRENGTHS[index] as number));
  } catch (error) {
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
 * @param deadline when it has passed, what has no score yet is pruned; one tap gets one in any case
 * @returns best first
 */
export async function rank(request: SearchRequest, dev: DevRows, deadline?: Deadline): Promise<Ranked[]> {
  const candidates = request.features.filter((set) => !isTwin(set)).map(candidateOf);
  let total = candidates.length + Math.min(REFINED, candidates.length);
  let done = 0;
  const isLate = (): boolean => done > 0 && (deadline?.passed() ?? false);
  const visit = async (candidate: Candidate, scoring: Scoring): Promise<void> => {
    await nextTurn();
    request.signal?.throwIfAborted();
    await tryScore(candidate, request, dev, scoring);
    done += 1;
    request.onProgress?.({ stage: 'rank', done, total });
  };
  const hear = async (sets: readonly FeatureSet[], scoring: Scoring): Promise<void> => {
    const more = seated(sets, candidates.length, request);
    total += more.length;
    for (const candidate of more) {
      if (isLate()) break;
      await visit(candidate, scoring);
      candidates.push(candidate);
    }
  };
  for (const candidate of candidates) if (!isLate()) await visit(candidate, scoreFirst);
  await hear(planTwins(ratedOf(candidates, request), request.features, areFew(dev)), scoreFirst);
  const promising = mostPromising(candidates, dev.classes);
  total = candidates.length + promising.length;
  for (const candidate of promising) if (!isLate()) await visit(candidate, walk);
  // Each further round is planned by what the ones before have shown.
  const rounds = [
    (rated: RatedSet[]) => (request.joinTaps === true ? planJoins(rated) : []),
    (rated: RatedSet[]) => planEnsembles(rated, request.ensembles ?? [], request.views),
    (rated: RatedSet[]) => planLooks(rated, request.views),
  ];
  for (const plan of rounds) await hear(plan(ratedOf(candidates, request)), scoreAll);
  const ranked = candidates.map((candidate) => toRanked(candidate, dev.classes));
  return ranked.toSorted((a, b) => compareTrials(a.trial, b.trial));
}
