import {
  accuracy,
  argmaxRows,
  createRng,
  ridgeCrossValidation,
  standardisationOf,
  standardise,
  type Matrix,
  type Scores,
  type Tap,
} from '../../../zoo/index.js';
import type { LeakDelta } from './curation.js';

/** Middle of where the best strength lies on photographs; the scores are averaged over taps, which forgives the choice. */
const STRENGTH = 0.3;
const FOLDS = 10;
/** Blocks of this many rows are solved in closed form; in a large set more folds are the cheaper way. */
const MOST_OF_FOLD = 400;
const LEAK_FOLDS = 5;
const LEAK_REPEATS = 3;
/** Taps that are tried of each backbone. */
const TRIED = 6;
/** Of all that were tried the better half speaks, but no fewer than this (docs/curation.md). */
const LEAST_SPEAKING = 6;
const SHALLOWEST = 0.4;

/**
 * Taps worth asking: spread over the deeper part of the network, where features tell things apart, the wider ones first
 * (measured on three sets: `wide` taps lead the narrow block outputs at the same depth).
 */
export function tapsToTry(taps: readonly Tap[]): Tap[] {
  const deep = taps.filter((tap) => tap.depth >= SHALLOWEST);
  const widths = deep.map((tap) => tap.channels).sort((a, b) => a - b);
  const median = widths[widths.length >> 1] ?? 0;
  const wide = deep.filter((tap) => tap.channels >= median);
  const step = Math.max(1, wide.length / TRIED);
  return Array.from({ length: Math.min(TRIED, wide.length) }, (_, i) => wide[Math.floor(i * step)] as Tap);
}

const foldsFor = (rows: number): number => Math.max(FOLDS, Math.ceil(rows / MOST_OF_FOLD));

/** Folds of single pictures: each class dealt out in turn, in the order of the rows. */
export function dealFolds(labels: ArrayLike<number>, folds = foldsFor(labels.length)): Int32Array {
  const dealt = new Map<number, number>();
  return Int32Array.from(labels, (label) => {
    const count = dealt.get(label) ?? 0;
    dealt.set(label, count + 1);
    // Each class begins elsewhere, so that small classes do not all meet in the first folds.
    return (count + label) % folds;
  });
}

/** Scores of every row by a ridge fit that has not seen its fold. */
export function heldOutScores(
  matrix: Matrix,
  labels: Int32Array,
  classes: number,
  folds: Int32Array,
): Scores {
  const x = standardise(matrix, standardisationOf(matrix));
  return ridgeCrossValidation(x, labels, classes, folds).heldOut(STRENGTH);
}

/** A backbone whose features of the pictures can be read. */
export interface Onlooker {
  readonly backbone: string;
  readonly taps: readonly Tap[];
  /** Features of the judged pictures at one tap. */
  readonly load: (tap: string) => Promise<Matrix>;
}

export interface Witness {
  readonly backbone: string;
  readonly tap: string;
  readonly scores: Scores;
  readonly accuracy: number;
}

/** Held-out scores by tap, the better taps of all backbones, best first. Matrices are loaded one at a time. */
export async function hearWitnesses(
  onlookers: readonly Onlooker[],
  labels: Int32Array,
  classes: number,
  onProgress?: (done: number, total: number) => void,
): Promise<Witness[]> {
  const folds = dealFolds(labels);
  const asked = onlookers.flatMap(({ backbone, taps, load }) =>
    tapsToTry(taps).map(({ id }) => ({ backbone, tap: id, load })),
  );
  const witnesses: Witness[] = [];
  for (const { backbone, tap, load } of asked) {
    onProgress?.(witnesses.length, asked.length);
    const scores = heldOutScores(await load(tap), labels, classes, folds);
    witnesses.push({ backbone, tap, scores, accuracy: accuracy(argmaxRows(scores), labels) });
  }
  const speaking = Math.max(LEAST_SPEAKING, Math.ceil(witnesses.length / 2));
  return witnesses.sort((a, b) => b.accuracy - a.accuracy).slice(0, speaking);
}

/** Mean of the scores. @throws RangeError when there are none */
export function meanScores(all: readonly Scores[]): Scores {
  const [first] = all;
  if (!first) throw new RangeError('There are no scores to average.');
  const data = new Float64Array(first.data.length);
  for (const scores of all)
    for (let i = 0; i < data.length; i++)
      data[i] = (data[i] as number) + (scores.data[i] as number) / all.length;
  return { rows: first.rows, classes: first.classes, data };
}

/** Pictures dealt out in random order: whole groups, or each picture alone when `groups` are all different. */
function randomFolds(labels: Int32Array, groups: readonly string[], seed: string): Int32Array {
  const rng = createRng(seed);
  const order = rng.shuffle([...new Set(groups)]);
  const labelOf = new Map(groups.map((group, i) => [group, labels[i] as number]));
  const folds = dealFolds(
    order.map((group) => labelOf.get(group) as number),
    LEAK_FOLDS,
  );
  const foldOf = new Map(order.map((group, i) => [group, folds[i] as number]));
  return Int32Array.from(groups, (group) => foldOf.get(group) as number);
}

/**
 * The leak delta: accuracy of one and the same ridge regression over pictures with their copies, once with the copies of a
 * picture in one fold, once dealt out one by one; each the mean of a few random deals.
 * @param groups the duplicate group of each row
 */
export function measureLeak(
  matrix: Matrix,
  labels: Int32Array,
  classes: number,
  groups: readonly string[],
  seed: number,
): LeakDelta {
  const mean = (names: readonly string[]): number => {
    let sum = 0;
    for (let i = 0; i < LEAK_REPEATS; i++) {
      const folds = randomFolds(labels, names, `leak/${seed}/${i}`);
      sum += accuracy(argmaxRows(heldOutScores(matrix, labels, classes, folds)), labels);
    }
    return sum / LEAK_REPEATS;
  };
  const grouped = mean(groups);
  const ungrouped = mean(groups.map((_, i) => String(i)));
  const copies = groups.length - new Set(groups).size;
  return { grouped, ungrouped, delta: ungrouped - grouped, pictures: groups.length, copies };
}
