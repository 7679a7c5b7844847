import { createRng } from '../../zoo/index.js';

/** Permutations: the smallest p-value they can tell is 1 in 1000. */
const PERMUTATIONS = 999;
/** Sums of the same numbers in another order may differ by this. */
const ROUNDING = 1e-12;

/** Greatest distance between two empirical distributions (Kolmogorov-Smirnov). Both are sorted by this. */
export function kolmogorovSmirnov(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [first.toSorted((x, y) => x - y), second.toSorted((x, y) => x - y)];
  let [i, j, greatest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i] as number, b[j] as number);
    while (i < a.length && (a[i] as number) <= value) i += 1;
    while (j < b.length && (b[j] as number) <= value) j += 1;
    greatest = Math.max(greatest, Math.abs(i / a.length - j / b.length));
  }
  return greatest;
}

export interface DriftTest {
  readonly statistic: number;
  /** Share of random re-dealings, the actual one included, that are at least as far apart. */
  readonly pValue: number;
}

/**
 * Whether live values come from the distribution of the reference: an exact test by permutation, so that with a threshold of p on
 * its p-value, at most that share of windows raises a false alarm when nothing has changed, whatever the distribution is.
 */
export function testDrift(reference: readonly number[], live: readonly number[], seed: string): DriftTest {
  const pool = [...reference, ...live];
  const apart = (order: Int32Array): number => {
    const dealt = Array.from(order, (at) => pool[at] as number);
    return kolmogorovSmirnov(dealt.slice(0, reference.length), dealt.slice(reference.length));
  };
  return testByPermutation(pool.length, apart, seed);
}

type Point = readonly number[];

/** The same for points in space, such as sketches of embeddings, by the energy distance (Székely and Rizzo, 2004). */
export function testPointDrift(reference: readonly Point[], live: readonly Point[], seed: string): DriftTest {
  const distances = distancesOf([...reference, ...live]);
  const first = reference.length;
  return testByPermutation(first + live.length, (order) => energyDistance(distances, order, first), seed);
}

function distancesOf(points: readonly Point[]): Float64Array {
  const all = new Float64Array(points.length ** 2);
  points.forEach((a, i) => {
    for (let j = 0; j < i; j++) {
      const distance = Math.hypot(...a.map((value, k) => value - (points[j]?.[k] ?? 0)));
      all[i * points.length + j] = all[j * points.length + i] = distance;
    }
  });
  return all;
}

/** Twice the mean distance between two groups, less the mean distances within them; 0 where they are spread alike. */
function energyDistance(distances: Float64Array, order: Int32Array, first: number): number {
  const count = order.length;
  let [within, between, others] = [0, 0, 0];
  for (let i = 0; i < count; i++) {
    const row = (order[i] as number) * count;
    for (let j = 0; j < i; j++) {
      const distance = distances[row + (order[j] as number)] as number;
      if (i < first) within += distance;
      else if (j < first) between += distance;
      else others += distance;
    }
  }
  const rest = count - first;
  return (2 * between) / (first * rest) - (2 * within) / first ** 2 - (2 * others) / rest ** 2;
}

/** @param apart how far apart the two groups are when the items are dealt in an order, those of the first group first */
function testByPermutation(count: number, apart: (order: Int32Array) => number, seed: string): DriftTest {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const statistic = apart(order);
  const rng = createRng(`drift/${seed}`);
  let asFar = 1;
  for (let n = 0; n < PERMUTATIONS; n++) {
    for (let i = count - 1; i > 0; i--) {
      const j = rng.int(i + 1);
      [order[i], order[j]] = [order[j] as number, order[i] as number];
    }
    if (apart(order) >= statistic - ROUNDING) asFar += 1;
  }
  return { statistic, pValue: asFar / (PERMUTATIONS + 1) };
}
