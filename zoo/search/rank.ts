import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeadParams } from '../heads/head.js';
import { ridge } from '../heads/ridge.js';
import { ridgeCrossValidation, type RidgeCrossValidation } from '../heads/ridge-cross-validation.js';
import { takeRows, type Matrix } from '../matrix.js';
import { SearchDataError, type DevRows } from './dev-rows.js';
import { standardisationOf, standardise } from './standardise.js';
import { compareTrials, completeTrial, failedTrial, validationOf } from './trial.js';
import type { FeatureSet, SearchRequest, Trial, Validation } from './types.js';

/** A place in the ranking: one tap at the ridge strength that suits it best. */
export interface Ranked {
  readonly set: FeatureSet;
  readonly inputs: number;
  readonly trial: Trial;
}

/**
 * The strength every tap is tried at: in the middle of where the best one lies (0.1 to 1 on photographs, for widths from 96 to 1280).
 * The rest of the grid is for the most promising taps.
 */
const COARSE = [0.3];
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

/** All rows of a feature set, checked against the number of pictures. */
export async function loadMatrix({ backbone, tap, matrix }: FeatureSet, rows: number): Promise<Matrix> {
  const loaded = typeof matrix === 'function' ? await matrix() : matrix;
  if (loaded.rows === rows && loaded.data.length === rows * loaded.cols) return loaded;
  throw new SearchDataError(
    `The features of ${backbone}/${tap.id} have ${loaded.rows} rows for ${rows} pictures. Extract them again.`,
  );
}

function score(cv: RidgeCrossValidation, dev: DevRows, strength: number): Point {
  const scores = cv.heldOut(strength);
  if (!scores.data.every(Number.isFinite)) throw new RangeError('the held-out scores are not finite numbers');
  return { strength, validation: validationOf(scores, dev.y) };
}

async function scoreAt(
  candidate: Candidate,
  request: SearchRequest,
  dev: DevRows,
  strengths: readonly number[],
): Promise<void> {
  const all = await loadMatrix(candidate.set, request.labels.length);
  const x = takeRows(all, dev.rows);
  candidate.inputs = x.cols;
  const cv = ridgeCrossValidation(standardise(x, standardisationOf(x)), dev.y, dev.classes, dev.folds);
  for (const strength of strengths) candidate.points.push(score(cv, dev, strength));
}

/** A tap that cannot be scored is a failed trial, not the end of the search. Wrong data is. */
async function tryScore(
  candidate: Candidate,
  request: SearchRequest,
  dev: DevRows,
  strengths: readonly number[],
): Promise<void> {
  try {
    await scoreAt(candidate, request, dev, strengths);
  } catch (error) {
    if (error instanceof SearchDataError) throw error;
    candidate.failure = error instanceof Error ? error.message : String(error);
  }
}

function toRanked({ set, inputs, points, failure }: Candidate, classes: number): Ranked {
  const best = points.toSorted(surer)[0];
  const params: HeadParams = { strength: best?.strength ?? (COARSE[0] as number) };
  const plan = { set, inputs, classes, head: ridge.id, params };
  // What was scored before a strength failed still counts.
  if (best === undefined) {
    return { set, inputs, trial: failedTrial(plan, failure ?? 'not scored') };
  }
  return { set, inputs, trial: completeTrial(plan, best.validation) };
}

function mostPromising(candidates: readonly Candidate[], classes: number): Candidate[] {
  const byTrial = new Map(candidates.map((candidate) => [toRanked(candidate, classes).trial, candidate]));
  const trials = [...byTrial.keys()].filter(({ validation }) => validation !== null).toSorted(compareTrials);
  return trials.slice(0, REFINED).flatMap((trial) => byTrial.get(trial) ?? []);
}

/**
 * Ranks every tap by ridge regression: predictions held out by fold, in closed form, for one strength at every tap and
 * the whole grid at the most promising ones.
 *
 * Held out by fold rather than one by one, so that near-duplicates that share a fold cannot vouch for each other and the scores stand
 * beside those of trained heads, over the same folds. Features are scaled over all of `dev` here (no label is seen by that); the
 * finalists' scores are made anew with scaling by training folds alone.
 *
 * @returns best first
 */
export async function rank(request: SearchRequest, dev: DevRows): Promise<Ranked[]> {
  const candidates = request.features.map((set): Candidate => ({
    set,
    inputs: 0,
    points: [],
    failure: null,
  }));
  let total = candidates.length + Math.min(REFINED, candidates.length);
  let done = 0;
  const visit = async (candidate: Candidate, strengths: readonly number[]): Promise<void> => {
    await nextTurn();
    request.signal?.throwIfAborted();
    await tryScore(candidate, request, dev, strengths);
    request.onProgress?.({ stage: 'rank', done: ++done, total });
  };
  for (const candidate of candidates) await visit(candidate, COARSE);
  const fine = ridge.grid.map(({ strength }) => strength).filter((strength) => !COARSE.includes(strength));
  const promising = mostPromising(candidates, dev.classes);
  total = candidates.length + promising.length;
  for (const candidate of promising) await visit(candidate, fine);
  const ranked = candidates.map((candidate) => toRanked(candidate, dev.classes));
  return ranked.toSorted((a, b) => compareTrials(a.trial, b.trial));
}
