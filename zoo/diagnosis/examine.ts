import { parseLooks } from '../backbones/looks.js';
import { tapIds } from '../graph/taps.js';
import { applyHead } from '../heads/head.js';
import { ridge } from '../heads/ridge.js';
import { ridgeCrossValidation } from '../heads/ridge-cross-validation.js';
import { learningCurve, noTimeForCurve } from '../learning-curve/learning-curve.js';
import type { LearningCurve } from '../learning-curve/types.js';
import type { Matrix } from '../matrix.js';
import { argmaxRows, confusionMatrix, softmaxRows, type ConfusionMatrix } from '../metrics/index.js';
import { devRows, type DevRows } from '../search/dev-rows.js';
import { loadMatrix } from '../search/load-set.js';
import type { Selection } from '../search/select.js';
import { standardise } from '../search/standardise.js';
import { validationOf } from '../search/trial.js';
import type { FeatureSet, SearchData, Trial } from '../search/types.js';
import { diagnose } from './diagnose.js';
import type { DoubtedRow, Findings, Referee } from './evidence.js';
import type { Wording } from '../wording.js';
import type { Diagnosis } from './types.js';

export interface ExaminationRequest extends SearchData {
  readonly wording: Wording;
  readonly classNames: readonly string[];
  readonly trials: readonly Trial[];
  readonly selection: Selection;
  /** One entry a picture of the request, test pictures included. */
  readonly ids: readonly string[];
  /** Duplicate group of each picture. */
  readonly groups: readonly string[];
  /** True for pictures that a person brought. */
  readonly own: readonly boolean[];
  /** Doubts about labels; rows are those of the request. */
  readonly doubts: readonly DoubtedRow[];
  /** Asked now and then: true leaves out the learning curve. */
  readonly isLate?: () => boolean;
}

/** What a held-out model says of one development picture. */
export interface HeldOutPrediction {
  /** Row of the request. */
  readonly row: number;
  readonly truth: number;
  readonly predicted: number;
  /** Calibrated probability of `predicted`. */
  readonly confidence: number;
}

export interface Examination {
  readonly learningCurve: LearningCurve;
  readonly diagnosis: readonly Diagnosis[];
  readonly predictions: readonly HeldOutPrediction[];
  /** Of the held-out predictions: rows true, columns predicted. */
  readonly confusion: ConfusionMatrix;
}

/** The ridge head that suits the chosen tap best, by held-out log loss, with what it predicts. */
function callReferee(scaled: Matrix, dev: DevRows): Referee {
  const cv = ridgeCrossValidation(scaled, dev.y, dev.classes, dev.folds);
  const tried = ridge.grid.map(({ strength }) => ({
    strength,
    ...validationOf(cv.heldOut(strength), dev.y),
  }));
  return tried.reduce((best, other) => (other.logLoss < best.logLoss ? other : best));
}

/** Share of a backbone's operations up to a tap, of those up to its deepest one. */
function depths(features: readonly FeatureSet[]): Findings['depthOf'] {
  const flopsOf = new Map(features.map(({ backbone, tap }) => [`${backbone}/${tap.id}`, tap.flops]));
  const deepest = new Map<string, number>();
  for (const { backbone, tap } of features)
    deepest.set(backbone, Math.max(deepest.get(backbone) ?? 1, tap.flops));
  return ({ backbone, tap }) => {
    const { base } = parseLooks(backbone);
    const flops = tapIds(tap).map((id) => flopsOf.get(`${base}/${id}`) ?? 0);
    return Math.max(...flops) / (deepest.get(base) ?? 1);
  };
}

/** Doubts about development pictures, by their place among them. */
function doubtsOf({ doubts }: ExaminationRequest, dev: DevRows): DoubtedRow[] {
  const place = new Map([...dev.rows].map((row, i) => [row, i]));
  return doubts.flatMap((doubt) => {
    const row = place.get(doubt.row);
    return row === undefined ? [] : [{ ...doubt, row }];
  });
}

function predictionsOf({ selection }: ExaminationRequest, dev: DevRows): HeldOutPrediction[] {
  const { heldOut, temperature } = selection;
  const probabilities = softmaxRows(heldOut, temperature);
  const labels = argmaxRows(heldOut);
  return [...dev.rows].map((row, i) => ({
    row,
    truth: dev.y[i] as number,
    predicted: labels[i] as number,
    confidence: probabilities.data[i * dev.classes + (labels[i] as number)] as number,
  }));
}

function learntBy({ head }: Selection, scaled: Matrix, y: Int32Array): Uint8Array {
  const labels = argmaxRows(applyHead(head, scaled));
  return Uint8Array.from(y, (label, row) => (labels[row] === label ? 1 : 0));
}

/**
 * Looks at a finished search: how much more data would help, what is wrong, which pictures were taken for what. Only development pictures
 * are looked at; labels of test pictures stay unread.
 *
 * @throws the signal's reason when it is aborted
 */
export async function examine(request: ExaminationRequest): Promise<Examination> {
  const { selection, classNames, trials, signal, wording } = request;
  const dev = devRows(request);
  const x = await loadMatrix(selection.set, request.labels.length);
  // As the chosen model scales them: tap by tap.
  const scaled = standardise(x, selection.standardisation, dev.rows);
  const seed = `${request.seed}/examine`;
  const referee = callReferee(scaled, dev);
  const groups = [...dev.rows].map((row) => request.groups[row] as string);
  const curve = await learningCurve({
    scaled,
    rows: { ...dev, groups },
    classNames,
    wording,
    strength: referee.strength,
    seed,
    signal,
    isLate: request.isLate,
  });
  const predictions = predictionsOf(request, dev);
  const diagnosis = diagnose({
    wording,
    classNames,
    ids: [...dev.rows].map((row) => request.ids[row] as string),
    y: dev.y,
    heldOut: selection.heldOut,
    learnt: learntBy(selection, scaled, dev.y),
    referee,
    trials,
    depthOf: depths(request.features),
    chosen: selection.trial,
    doubts: doubtsOf(request, dev),
    own: [...dev.rows].map((row) => request.own[row] === true),
    x: scaled,
    curve,
    seed,
  });
  const predicted = Int32Array.from(predictions, (one) => one.predicted);
  return {
    learningCurve: curve ?? noTimeForCurve(wording),
    diagnosis,
    predictions,
    confusion: confusionMatrix(predicted, dev.y, dev.classes),
  };
}
