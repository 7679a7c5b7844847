import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Matrix } from '../matrix.js';
import { createRng } from '../rng.js';
import { standardisationOf, standardise } from './standardise.js';
import { hScore, labelledSpectrum, logMe } from './transferability.js';

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
  /** Milliseconds that all pictures may take through all that are kept; null: any. */
  readonly mostMs: number | null;
  readonly seed: number | string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/** A backbone that was dropped before all pictures went through it, and why. */
export interface DroppedBackbone {
  readonly backbone: string;
  readonly reason: string;
}

export interface Halving {
  /** In the order they were given. */
  readonly kept: readonly string[];
  readonly dropped: readonly DroppedBackbone[];
}

/** A contender as the samples of one round show it. */
interface Standing {
  readonly contender: Contender;
  readonly logMe: number;
  readonly hScore: number;
  readonly restMs: number;
}

/** Pictures a class in the first sample, and how many it has at least and at most: each round doubles them. */
const FIRST_OF_CLASS = 6;
const LEAST = 48;
const MOST = 240;

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

/** The best tap speaks for its backbone: which one it is, is searched later. */
async function standingOf(
  contender: Contender,
  sample: Int32Array,
  request: HalvingRequest,
): Promise<Standing> {
  const { features, restMs } = await contender.look(sample);
  const y = sample.map((row) => request.labels[row] as number);
  const scores: { logMe: number; hScore: number }[] = [];
  for (const matrix of features) {
    await nextTurn();
    request.signal?.throwIfAborted();
    const x = standardise(matrix, standardisationOf(matrix));
    const spectrum = labelledSpectrum(x, y, request.classes);
    scores.push({ logMe: logMe(spectrum), hScore: hScore(spectrum) });
  }
  return {
    contender,
    logMe: best(scores.map((score) => score.logMe)),
    hScore: best(scores.map((score) => score.hScore)),
    restMs,
  };
}

/** Best first: by the mean of its two places, then by LogME, then by name. */
function inOrder(standings: readonly Standing[]): Standing[] {
  const place = (one: Standing, key: 'logMe' | 'hScore'): number =>
    standings.filter((other) => other[key] > one[key]).length;
  const places = (one: Standing): number => place(one, 'logMe') + place(one, 'hScore');
  return standings.toSorted(
    (a, b) =>
      places(a) - places(b) || b.logMe - a.logMe || (a.contender.backbone < b.contender.backbone ? -1 : 1),
  );
}

const dropped = ({ contender, logMe: evidence, hScore: share }: Standing, why: string): DroppedBackbone => ({
  backbone: contender.backbone,
  reason: `${why} (LogME ${evidence.toFixed(3)}, H-score ${share.toFixed(2)} at its best depth).`,
});

/** Drops from the worst end until the other pictures fit into the time; one is kept in any case. */
function withinTime(ordered: readonly Standing[], mostMs: number | null): Halving {
  const kept = [...ordered];
  const gone: DroppedBackbone[] = [];
  const totalMs = (): number => kept.reduce((sum, { restMs }) => sum + restMs, 0);
  while (mostMs !== null && kept.length > 1 && totalMs() > mostMs) {
    const seconds = Math.round(totalMs() / 1000);
    const why = `All pictures through ${kept.length} backbones would take about ${seconds} s, more than the time limit leaves for it, and this one stood last`;
    gone.push(dropped(kept.pop() as Standing, why));
  }
  return { kept: kept.map(({ contender }) => contender.backbone), dropped: gone };
}

/**
 * Successive halving over backbones (Jamieson and Talwalkar, AISTATS 2016), ranked by transferability: all go through a small stratified
 * sample of the pictures, the better half through one of twice the size, until few enough are left for the long pass. No head is
 * trained for it. Then, under a time limit, the last ones are dropped until the long pass is likely to fit.
 */
export async function halveBackbones(request: HalvingRequest): Promise<Halving> {
  const order = stratifiedOrder(request);
  const gone: DroppedBackbone[] = [];
  let left: readonly Contender[] = request.contenders;
  let size = Math.min(MOST, Math.max(LEAST, FIRST_OF_CLASS * request.classes));
  for (;;) {
    const sample = order.subarray(0, size);
    const standings: Standing[] = [];
    for (const contender of left) {
      standings.push(await standingOf(contender, sample, request));
      request.onProgress?.(standings.length, left.length);
    }
    const ordered = inOrder(standings);
    const count = Math.max(request.keep, Math.ceil(left.length / 2));
    const lost = ordered.slice(count);
    gone.push(
      ...lost.map((one) =>
        dropped(one, `Not among the best ${count} of ${left.length} backbones on ${sample.length} pictures`),
      ),
    );
    const kept = ordered.slice(0, count);
    if (kept.length <= request.keep) {
      const final = withinTime(kept, request.mostMs);
      const ids = request.contenders.map(({ backbone }) => backbone);
      return { kept: ids.filter((id) => final.kept.includes(id)), dropped: [...gone, ...final.dropped] };
    }
    left = kept.map(({ contender }) => contender);
    size = Math.min(MOST, 2 * size);
  }
}
