import type { Rng } from '../rng.js';
import type { Measured } from './measure.js';
import { fitExponent, samplePowerLaw, type ErrorPoint, type PowerLaw } from './power-law.js';
import type { Rows } from './subsets.js';

/** What is known of one size, counted so that a resample is a weighted sum. */
export interface Tally {
  readonly pictures: number;
  /** For each draw: the rows that were predicted wrongly. */
  readonly misses: readonly Int32Array[];
}

export const tallyOf = ({ pictures, hits }: Measured): Tally => ({
  pictures,
  misses: hits.map((draw) => Int32Array.from(draw.keys()).filter((row) => draw[row] === 0)),
});

/** The laws of one resample: of all pictures, and of each class with the exponent of all. */
export interface Replicate {
  readonly all: PowerLaw;
  readonly classes: readonly PowerLaw[];
}

/** Errors of all rows (index 0) and of each class (from 1), for each draw of a size, under weights of the rows. */
function weightedErrors({ misses }: Tally, { y, classes }: Rows, weights: ArrayLike<number>): Float64Array[] {
  const totals = new Float64Array(classes + 1);
  y.forEach((label, row) => {
    const weight = weights[row] as number;
    totals[0] = (totals[0] as number) + weight;
    totals[label + 1] = (totals[label + 1] as number) + weight;
  });
  return misses.map((wrong) => {
    const sums = new Float64Array(classes + 1);
    for (const row of wrong) {
      const weight = weights[row] as number;
      const own = (y[row] as number) + 1;
      sums[0] = (sums[0] as number) + weight;
      sums[own] = (sums[own] as number) + weight;
    }
    // A class that a resample left out: nothing is known of it there.
    return sums.map((sum, i) => (totals[i] === 0 ? NaN : sum / (totals[i] as number)));
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
}

/** Variance of a proportion, as if half a picture more were wrong and half a one right: never zero. */
const binomial = (error: number, count: number): number => {
  const share = (error * count + 0.5) / (count + 1);
  return (share * (1 - share)) / count;
};

/**
 * How much the accuracy of one draw moves when other pictures are drawn to learn from, as a share of what it would move if
 * every prediction were new: pooled over the sizes that have several draws.
 */
export function drawSpread(tallies: readonly Tally[], rows: Rows): number {
  const ones = new Float64Array(rows.y.length).fill(1);
  const ratios = tallies
    .filter(({ misses }) => misses.length > 1)
    .map((tally) => {
      const errors = weightedErrors(tally, rows, ones).map((error) => error[0] as number);
      return varianceOf(errors) / binomial(mean(errors), rows.y.length);
    });
  return ratios.length === 0 ? 1 : Math.max(LEAST_SPREAD, mean(ratios));
}

/** Draws of a set with few errors can agree by luck. */
const LEAST_SPREAD = 0.05;

/**
 * Error at each size for one column of `weightedErrors`, with the variance between draws, and more of it the smaller the size is: the
 * law holds for many pictures, so that the larger sizes should lead.
 */
function pointsOf(
  perSize: readonly { size: number; draws: readonly Float64Array[] }[],
  column: number,
  count: number,
  spread: number,
): ErrorPoint[] {
  const largest = Math.max(...perSize.map(({ size }) => size));
  return perSize.map(({ size, draws }) => {
    const error = mean(draws.map((errors) => errors[column] as number));
    const variance = (spread * binomial(error, count)) / draws.length;
    return { size, error, variance: (variance * largest) / size };
  });
}

/** The points as they were measured. */
export function measuredPoints(
  tallies: readonly Tally[],
  rows: Rows,
  column: number,
  spread: number,
): ErrorPoint[] {
  const ones = new Float64Array(rows.y.length).fill(1);
  const perSize = tallies.map((tally) => ({
    size: tally.pictures,
    draws: weightedErrors(tally, rows, ones),
  }));
  return pointsOf(perSize, column, countOf(rows, column), spread);
}

const countOf = ({ y }: Rows, column: number): number =>
  column === 0 ? y.length : y.reduce((sum, label) => sum + (label === column - 1 ? 1 : 0), 0);

/** Groups drawn with replacement: how often each row is there. */
function resampleRows(groups: readonly string[], rng: Rng): Float64Array {
  const names = [...new Set(groups)];
  const counts = new Map<string, number>();
  for (let i = 0; i < names.length; i++) {
    const name = names[rng.int(names.length)] as string;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Float64Array.from(groups, (group) => counts.get(group) ?? 0);
}

/**
 * Draws drawn with replacement vary by (D - 1) / D of what D fresh ones would: the rest is added as noise, which for a size with one
 * draw is all of it.
 */
function noisy(points: readonly ErrorPoint[], draws: readonly number[], rng: Rng): ErrorPoint[] {
  return points.map((point, i) => {
    const error = point.error + rng.normal() * Math.sqrt(point.variance / (draws[i] as number));
    return { ...point, error: Math.min(1, Math.max(0, error)) };
  });
}

/** Laws through `count` resamples of the pictures that were predicted and of the draws. */
export function replicate(
  tallies: readonly Tally[],
  rows: Rows,
  spread: number,
  count: number,
  rng: Rng,
): Replicate[] {
  const counts = Array.from({ length: rows.classes + 1 }, (_, column) => countOf(rows, column));
  const drawCounts = tallies.map(({ misses }) => misses.length);
  return Array.from({ length: count }, () => {
    const weights = resampleRows(rows.groups, rng);
    const perSize = tallies.map((tally) => {
      const all = weightedErrors(tally, rows, weights);
      return { size: tally.pictures, draws: all.map(() => all[rng.int(all.length)] as Float64Array) };
    });
    const points = (column: number): ErrorPoint[] =>
      noisy(pointsOf(perSize, column, counts[column] as number, spread), drawCounts, rng);
    const all = samplePowerLaw(points(0), rng);
    const classes = Array.from({ length: rows.classes }, (_, label) => {
      const own = points(label + 1);
      const known = own.every(({ error }) => Number.isFinite(error));
      return known ? fitExponent(own, all.exponent) : { floor: 0, scale: 0, exponent: all.exponent };
    });
    return { all, classes };
  });
}
