import {
  accuracy,
  argmaxRows,
  fitTemperature,
  softmaxRows,
  wilson,
  type Scores,
} from '../../../zoo/index.js';
import type { CurateThresholds } from './settings.js';

/** A picture whose category is doubted. */
export interface LabelDoubt {
  readonly row: number;
  /** `likely-mislabelled`: it looks like another category; `outlier`: unlike its own and unlike any other. */
  readonly kind: 'likely-mislabelled' | 'outlier';
  /** The class that it looks most like. */
  readonly suggestion: number;
  /** Held-out score of the suggestion less that of its own class, > 0. */
  readonly margin: number;
  /** How likely the label is wrong by its {@link misfit} and {@link wrongShares}, 0..1: a lower bound. */
  readonly suspicion: number;
}

/** The best other class of a row, its score and the row's own. */
function rival(
  { classes, data }: Scores,
  row: number,
  label: number,
): { best: number; other: number; own: number } {
  let best = label === 0 ? 1 : 0;
  const at = (c: number): number => data[row * classes + c] as number;
  for (let c = 0; c < classes; c++) if (c !== label && at(c) > at(best)) best = c;
  return { best, other: at(best), own: at(label) };
}

/**
 * How badly a label fits. A swapped label is betrayed by another class far ahead, a picture of no class only by the score of
 * its own being low: half the weight on the other class finds both (measured: docs/curation.md).
 */
const misfit = (other: number, own: number): number => other / 2 - own;

/**
 * Confident learning's thresholds: the mean probability of class j over the pictures that are labelled j (Northcutt, Jiang
 * and Chuang, "Confident Learning", JAIR 70, 2021, equation 2). NaN for a class without pictures.
 */
export function classThresholds({ classes, data }: Scores, labels: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(classes);
  const count = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    sum[label] = (sum[label] as number) + (data[i * classes + label] as number);
    count[label] = (count[label] as number) + 1;
  }
  return sum.map((value, label) => value / (count[label] as number));
}

/**
 * The class each picture is confidently of: the most probable one among those whose probability reaches its threshold;
 * -1 when none does. Off the diagonal of the confident joint (same paper, equation 1) are those that differ from the label.
 */
export function confidentClasses({ rows, classes, data }: Scores, thresholds: Float64Array): Int32Array {
  const out = new Int32Array(rows).fill(-1);
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < classes; c++) {
      const value = data[i * classes + c] as number;
      const best = out[i] as number;
      const beats = best < 0 || value > (data[i * classes + best] as number);
      if (value >= (thresholds[c] as number) && beats) out[i] = c;
    }
  }
  return out;
}

/** Counts of pictures labelled i (row) that are confidently of class j (column), row-major. */
export function confidentJoint(
  labels: ArrayLike<number>,
  confident: Int32Array,
  classes: number,
): Int32Array {
  const joint = new Int32Array(classes * classes);
  confident.forEach((found, i) => {
    const cell = (labels[i] as number) * classes + found;
    if (found >= 0) joint[cell] = (joint[cell] as number) + 1;
  });
  return joint;
}

/** What the misfits would be if right labels were swapped for random ones: those of all other classes of pictures that fit. */
function swappedMisfits({ rows, classes, data }: Scores, labels: ArrayLike<number>): Float64Array {
  const out: number[] = [];
  const best = argmaxRows({ rows, classes, data });
  for (let i = 0; i < rows; i++) {
    const label = labels[i] as number;
    if (best[i] !== label) continue;
    const own = data[i * classes + label] as number;
    for (let c = 0; c < classes; c++) if (c !== label) out.push(misfit(own, data[i * classes + c] as number));
  }
  return Float64Array.from(out).sort();
}

/** Share of an ascending list that is at least `value`. */
function shareFrom(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return sorted.length === 0 ? 0 : (sorted.length - low) / sorted.length;
}

/** Misfits rarer than this among swapped labels say little of how many labels are wrong, with so few pictures. */
const LEAST_SHARE = 0.3;
/** One-sided 90 %. */
const Z = 1.28;

/**
 * How many of the labels are surely wrong, by the tail of the misfits. Wrong labels misfit like swapped ones, right labels of
 * hard pictures less: so the wrong share is at most (misfits >= t) / (swapped misfits >= t) for every t, and the least of
 * these, each with the lower end of its interval, is what cannot be explained by hard pictures alone.
 * @param misfits of all pictures, ascending
 */
export function wrongShare(misfits: Float64Array, swapped: Float64Array): number {
  const rows = misfits.length;
  let least = 1;
  for (let i = 0; i < rows; i++) {
    const expected = shareFrom(swapped, misfits[i] as number);
    if (expected < LEAST_SHARE) break;
    // Also just above this misfit, where the count has dropped and the expectation has not.
    const [lower] = wilson(rows - i - 1, rows, Z);
    least = Math.min(least, lower / expected);
  }
  return least;
}

/** For each misfit (ascending): the least share of wrong labels among the misfits from there on; never falling. */
function wrongShares(misfits: Float64Array, swapped: Float64Array, share: number): Float64Array {
  const wrong = share * misfits.length;
  let most = 0;
  return misfits.map((value, i) => {
    most = Math.max(most, Math.min(1, (wrong * shareFrom(swapped, value)) / (misfits.length - i)));
    return most;
  });
}

/**
 * Whether the classes can be told apart at all. Where they cannot, right labels misfit as badly as swapped ones, and all of them
 * would look wrong. So the accuracy has to be well above guessing, and far above it if the wrong share is what spoils it.
 */
function tellsApart(
  scores: Scores,
  labels: Int32Array,
  wrong: number,
  least: CurateThresholds['leastSkill'],
): boolean {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const guessing = Math.max(...counts.values()) / labels.length;
  const skill = (value: number): number => (value - guessing) / (1 - guessing);
  const now = accuracy(argmaxRows(scores), labels);
  return skill(now) >= least.now && skill(now / (1 - wrong)) >= least.withoutWrong;
}

/**
 * Pictures whose label is doubted, from scores of models that had not seen them.
 * @param scores held-out scores, one row a picture; comparable across classes
 * @returns the most suspicious first
 */
export function findLabelDoubts(
  scores: Scores,
  labels: Int32Array,
  { minMargin, leastSkill }: Pick<CurateThresholds, 'minMargin' | 'leastSkill'>,
): LabelDoubt[] {
  const probabilities = softmaxRows(scores, fitTemperature(scores, labels));
  const confident = confidentClasses(probabilities, classThresholds(probabilities, labels));
  const fits = [...labels]
    .map((label, row) => ({ row, ...rival(scores, row, label) }))
    .sort((a, b) => misfit(a.other, a.own) - misfit(b.other, b.own));
  const misfits = Float64Array.from(fits, ({ other, own }) => misfit(other, own));
  const swapped = swappedMisfits(scores, labels);
  const wrong = wrongShare(misfits, swapped);
  const shares = wrongShares(misfits, swapped, tellsApart(scores, labels, wrong, leastSkill) ? wrong : 0);
  const doubts = fits.map(({ row, best, other, own }, i): LabelDoubt => ({
    row,
    kind: confident[row] === best ? 'likely-mislabelled' : 'outlier',
    suggestion: best,
    margin: other - own,
    suspicion: shares[i] as number,
  }));
  return doubts.filter(({ margin }) => margin >= minMargin).reverse();
}
