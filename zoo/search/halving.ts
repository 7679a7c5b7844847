import { setImmediate as nextTurn } from 'node:timers/promises';
import { ridgeCrossValidation } from '../heads/ridge-cross-validation.js';
import type { Matrix } from '../matrix.js';
import { createRng } from '../rng.js';
import { FIRST_STRENGTH } from './score-tap.js';
import { standardisationOf, standardise } from './standardise.js';
import { hScore, labelledSpectrum, logMe } from './transferability.js';
import { validationOf } from './trial.js';
import type { Validation } from './types.js';

/** A backbone that may be searched. */
export interface Contender {
  /** Id of its card. */
  readonly backbone: string;
  /** Puts some pictures, named by their rows, through it. */
  look(rows: Int32Array): Promise<Look>;
}

/** What a contender makes of a sample. */
export interface Look {
  /** One a tap: a row a picture of the sample. */
  readonly features: readonly Matrix[];
  /** Milliseconds that the other pictures are likely to take. */
  readonly restMs: number;
}

export interface HalvingRequest {
  readonly contenders: readonly Contender[];
  /** Class of each picture, 0..classes-1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Fold of each picture; only those with one are looked at, so the test part has no say. */
  readonly folds: Int32Array;
  /** Backbones that all pictures may go through. */
  readonly keep: number;
  /** Milliseconds that samples, and then all pictures through all that are kept, may still take whenever it is asked; Infinity: any. */
  readonly leftMs: () => number;
  readonly seed: number | string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Of the sample at a backbone's best depth: held-out accuracy and log loss of ridge regression, the scores of transferability, or the mean of the places by accuracy and those two. */
export type Judge = 'accuracy' | 'log-loss' | 'log-me' | 'h-score' | 'places';

/** A backbone that was dropped before all pictures went through it, and why. */
export interface DroppedBackbone {
  readonly backbone: string;
  readonly reason: string;
}

export interface Halving {
  /** In the order they were given. */
  readonly kept: readonly string[];
  /** The same, the most accurate on the samples first. */
  readonly bestFirst: readonly string[];
  readonly dropped: readonly DroppedBackbone[];
}

/** A contender as the sample of one round shows it. */
export interface Standing {
  readonly contender: Contender;
  readonly logMe: number;
  readonly hScore: number;
  readonly ridge: Pick<Validation, 'accuracy' | 'logLoss'>;
  readonly restMs: number;
}

/** Pictures a class in the first sample, and how many it has at least and at most, but three a class: each round doubles them. */
const FIRST_OF_CLASS = 6;
const LEAST = 48;
const MOST = 240;
const LEAST_OF_CLASS = 3;

const firstSize = (classes: number): number =>
  Math.max(LEAST_OF_CLASS * classes, Math.min(MOST, Math.max(LEAST, FIRST_OF_CLASS * classes)));

/** Rows with a fold, in an order whose every beginning has as many of each class as the next, or nearly. */
function stratifiedOrder({ labels, folds, classes, seed }: HalvingRequest): Int32Array {
  const rng = createRng(`${seed}/halving`);
  const byClass = Array.from({ length: classes }, (): number[] => []);
  for (const row of rng.shuffle([...labels.keys()]))
    if ((folds[row] as number) >= 0) byClass[labels[row] as number]?.push(row);
  const longest = Math.max(0, ...byClass.map(({ length }) => length));
  return Int32Array.from(
    Array.from({ length: longest }, (_, turn) => byClass.flatMap((rows) => rows[turn] ?? [])).flat(),
  );
}

const best = (scores: readonly number[]): number => Math.max(-Infinity, ...scores);

/** Better first, as trials are ranked: by accuracy, then by log loss. */
const byRidge = (a: Standing['ridge'], b: Standing['ridge']): number =>
  b.accuracy - a.accuracy || a.logLoss - b.logLoss;

/** The data that a standing is judged by. */
export type Labelled = Pick<HalvingRequest, 'labels' | 'folds' | 'classes' | 'signal'>;

/** How a contender does on a sample of the pictures. The best tap speaks for its backbone: which one it is, is searched later. */
export async function standingOf(
  contender: Contender,
  sample: Int32Array,
  request: Labelled,
): Promise<Standing> {
  const { features, restMs } = await contender.look(sample);
  const y = sample.map((row) => request.labels[row] as number);
  const folds = sample.map((row) => request.folds[row] as number);
  const scores: Omit<Standing, 'contender' | 'restMs'>[] = [];
  for (const matrix of features) {
    await nextTurn();
    request.signal?.throwIfAborted();
    const x = standardise(matrix, standardisationOf(matrix));
    const spectrum = labelledSpectrum(x, y, request.classes);
    const heldOut = ridgeCrossValidation(x, y, request.classes, folds).heldOut(FIRST_STRENGTH);
    scores.push({ logMe: logMe(spectrum), hScore: hScore(spectrum), ridge: validationOf(heldOut, y) });
  }
  return {
    contender,
    logMe: best(scores.map((score) => score.logMe)),
    hScore: best(scores.map((score) => score.hScore)),
    ridge: scores.map(({ ridge }) => ridge).toSorted(byRidge)[0] ?? { accuracy: 0, logLoss: Infinity },
    restMs,
  };
}

type Order = (a: Standing, b: Standing) => number;

const byName: Order = ({ contender: a }, { contender: b }) => (a.backbone < b.backbone ? -1 : 1);

/** Better first. */
const ORDERS: Readonly<Record<Exclude<Judge, 'places'>, Order>> = {
  accuracy: (a, b) => byRidge(a.ridge, b.ridge) || b.logMe - a.logMe || byName(a, b),
  'log-loss': (a, b) => a.ridge.logLoss - b.ridge.logLoss || byName(a, b),
  'log-me': (a, b) => b.logMe - a.logMe || byName(a, b),
  'h-score': (a, b) => b.hScore - a.hScore || byName(a, b),
};

/** By the sum of its places by accuracy, LogME and H-score, ties by accuracy. */
function byPlaces(standings: readonly Standing[]): Order {
  const orders = ([ORDERS.accuracy, ORDERS['log-me'], ORDERS['h-score']] as const).map((order) =>
    standings.toSorted(order),
  );
  const sum = (one: Standing): number => orders.reduce((places, order) => places + order.indexOf(one), 0);
  return (a, b) => sum(a) - sum(b) || ORDERS.accuracy(a, b);
}

/**
 * Best first. On ten networks and three sets of photographs the held-out accuracy of ridge regression, ties by LogME, loses less than
 * either transferability score does, at a price that hardly counts beside the sample's features (`bench search --only=shortlist`; docs/search.md has the figures).
 */
const inOrder = (standings: readonly Standing[], judge: Judge): Standing[] =>
  standings.toSorted(judge === 'places' ? byPlaces(standings) : ORDERS[judge]);

function dropped(
  { contender, ridge, logMe: evidence, hScore: share }: Standing,
  why: string,
): DroppedBackbone {
  const accuracy = `${(100 * ridge.accuracy).toFixed(1)} % by ridge regression`;
  const scores = `${accuracy}, LogME ${evidence.toFixed(3)}, H-score ${share.toFixed(2)}`;
  return { backbone: contender.backbone, reason: `${why} (${scores} at its best depth).` };
}

/**
 * The best first, each that still fits into the time; what the cache has takes none. When not one fits, the one that takes least is
 * kept all the same.
 */
function withinTime(ordered: readonly Standing[], mostMs: number): Pick<Halving, 'bestFirst' | 'dropped'> {
  const kept: Standing[] = [];
  const gone: DroppedBackbone[] = [];
  let leftMs = mostMs;
  const least = Math.min(...ordered.map(({ restMs }) => restMs));
  const only = least > leftMs ? ordered.find(({ restMs }) => restMs === least) : undefined;
  for (const one of ordered) {
    if (one === only || one.restMs <= leftMs) {
      kept.push(one);
      leftMs -= one.restMs;
      continue;
    }
    const [takes, left] = [one.restMs, Math.max(0, leftMs)].map((ms) => (ms / 1000).toFixed(1));
    gone.push(
      dropped(
        one,
        `All pictures through it would take about ${takes} s, and the time limit leaves ${left} s`,
      ),
    );
  }
  return { bestFirst: kept.map(({ contender }) => contender.backbone), dropped: gone };
}

/** How backbones are judged: what loses least, unless others are compared with it. */
export interface Jury {
  readonly judge: Judge;
  readonly standingOf: (contender: Contender, sample: Int32Array) => Promise<Standing>;
}

/** Puts the sample through one after the other for as long as there is time; through the first in any case. */
async function lookAt(
  contenders: readonly Contender[],
  sample: Int32Array,
  request: HalvingRequest,
  jury: Jury,
): Promise<Standing[]> {
  const standings: Standing[] = [];
  for (const contender of contenders) {
    if (standings.length > 0 && request.leftMs() <= 0) break;
    standings.push(await jury.standingOf(contender, sample));
    request.onProgress?.(standings.length, contenders.length);
  }
  return standings;
}

const unseen = ({ backbone }: Contender, pictures: number): DroppedBackbone => ({
  backbone,
  reason: `The time limit left no time to look at ${pictures} pictures through it.`,
});

/**
 * Successive halving over backbones (Jamieson and Talwalkar, AISTATS 2016): all go through a small stratified
 * sample of the pictures, the better half through one of twice the size, until few enough are left for the long pass. Only the closed form of
 * ridge regression is used for it. Under a time limit, those are kept then that are likely to fit; when it is over while samples are
 * looked at, those that were seen last are chosen among.
 */
export async function halveBackbones(
  request: HalvingRequest,
  jury: Jury = { judge: 'accuracy', standingOf: (one, sample) => standingOf(one, sample, request) },
): Promise<Halving> {
  const order = stratifiedOrder(request);
  const gone: DroppedBackbone[] = [];
  let left: readonly Contender[] = request.contenders;
  let size = firstSize(request.classes);
  for (;;) {
    const sample = order.subarray(0, size);
    const standings = await lookAt(left, sample, request, jury);
    gone.push(...left.slice(standings.length).map((one) => unseen(one, sample.length)));
    const ordered = inOrder(standings, jury.judge);
    // Without time for a larger sample this one decides.
    const half = request.leftMs() > 0 ? Math.ceil(left.length / 2) : 0;
    const count = Math.max(request.keep, half);
    const lost = ordered.slice(count);
    gone.push(
      ...lost.map((one) =>
        dropped(
          one,
          `Not among the best ${count} of ${standings.length} backbones on ${sample.length} pictures`,
        ),
      ),
    );
    const kept = ordered.slice(0, count);
    if (kept.length <= request.keep) {
      const { bestFirst, dropped: late } = withinTime(kept, request.leftMs());
      const ids = request.contenders.map(({ backbone }) => backbone);
      return { kept: ids.filter((id) => bestFirst.includes(id)), bestFirst, dropped: [...gone, ...late] };
    }
    left = kept.map(({ contender }) => contender);
    size = Math.min(MOST, 2 * size);
  }
}
