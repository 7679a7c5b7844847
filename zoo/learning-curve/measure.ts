import { setImmediate as nextTurn } from 'node:timers/promises';
import { applyHead } from '../heads/head.js';
import { ridge } from '../heads/ridge.js';
import { takeRows, type Matrix } from '../matrix.js';
import { argmaxRows } from '../metrics/index.js';
import { createRng } from '../rng.js';
import { rotate } from '../search/rotate.js';
import { draw, smallestClass, subset, LEAST_GROUPS, type Draw, type Rows } from './subsets.js';

/** Shares of the pictures that are measured, each about 1.6 times the one before, and in how many draws. */
const SHARES = [
  { share: 0.1, draws: 8 },
  { share: 0.16, draws: 8 },
  { share: 0.25, draws: 6 },
  { share: 0.4, draws: 4 },
  { share: 0.63, draws: 3 },
  { share: 1, draws: 1 },
] as const;

/** What was seen at one size. */
export interface Measured {
  readonly share: number;
  /** Rows learnt from, mean over folds and draws. */
  readonly pictures: number;
  /** For each draw: 1 where a row was predicted rightly by a model that had not seen its fold. */
  readonly hits: readonly Uint8Array[];
}

export interface MeasureRequest {
  /** Features of the rows, as the model scales them. */
  readonly scaled: Matrix;
  readonly rows: Rows;
  /** Strength of the ridge head, as in `ridge.params`. */
  readonly strength: number;
  readonly seed: string;
  readonly signal?: AbortSignal;
  /** Asked between heads: true ends the measuring. */
  readonly isLate?: () => boolean;
}

interface Attempt {
  readonly hits: Uint8Array;
  readonly pictures: number;
}

/** @returns null when it is late */
async function attempt(
  features: Matrix,
  request: MeasureRequest,
  share: number,
  order: Draw,
): Promise<Attempt | null> {
  const { rows, strength, seed, signal } = request;
  const hits = new Uint8Array(rows.y.length);
  let pictures = 0;
  for (let fold = 0; fold < rows.foldCount; fold++) {
    await nextTurn();
    signal?.throwIfAborted();
    if (request.isLate?.() === true) return null;
    const train = subset(rows, fold, share, order);
    const held = Int32Array.from(rows.y.keys()).filter((row) => rows.folds[row] === fold);
    const y = train.map((row) => rows.y[row] as number);
    const fit = { x: takeRows(features, train), y, classes: rows.classes, rng: createRng(seed) };
    const head = await ridge.fit({ ...fit, params: { strength } });
    argmaxRows(applyHead(head, takeRows(features, held))).forEach((label, i) => {
      const row = held[i] as number;
      hits[row] = label === rows.y[row] ? 1 : 0;
    });
    pictures += train.length / rows.foldCount;
  }
  return { hits, pictures };
}

/** Shares at which the smallest class still has pictures enough, and no more at one than at the one before. */
export function usableShares(rows: Rows): (typeof SHARES)[number][] {
  const { groups } = smallestClass(rows);
  return SHARES.filter(({ share }) => Math.round(share * groups) >= LEAST_GROUPS);
}

/**
 * Accuracy at growing subsets: for each size some draws, in each of which every fold is predicted by a ridge head that
 * was fitted on a share of the other folds. Closed form on cached features, in the span of the rows: a small part of what
 * one pass through a network costs.
 *
 * @returns null when it is late: the largest subsets, which matter most, come last
 */
export async function measureSubsets(request: MeasureRequest): Promise<Measured[] | null> {
  const features = rotate(request.scaled).train;
  const orders = Array.from({ length: Math.max(...SHARES.map(({ draws }) => draws)) }, (_, i) =>
    draw(request.rows.groups, createRng(`${request.seed}/draw ${i}`)),
  );
  const measured: Measured[] = [];
  for (const { share, draws } of usableShares(request.rows)) {
    const attempts: Attempt[] = [];
    for (const order of orders.slice(0, draws)) {
      const made = await attempt(features, request, share, order);
      if (made === null) return null;
      attempts.push(made);
    }
    const pictures = attempts.reduce((sum, one) => sum + one.pictures, 0) / attempts.length;
    measured.push({ share, pictures, hits: attempts.map(({ hits }) => hits) });
  }
  return measured;
}
