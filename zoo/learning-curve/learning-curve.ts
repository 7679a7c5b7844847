import type { Matrix } from '../matrix.js';
import { createRng } from '../rng.js';
import { drawSpread, measuredPoints, replicate, tallyOf, type Replicate, type Tally } from './bootstrap.js';
import { measureSubsets, type Measured } from './measure.js';
import { cannotSay, outlookOf, quantile } from './outlook.js';
import { errorAt, fitPowerLaw, type PowerLaw } from './power-law.js';
import { smallestClass, type Rows } from './subsets.js';
import type { Wording } from '../wording.js';
import type { Backtest, LearningCurve } from './types.js';

/** Sizes a curve needs: a law of three coefficients through three points fits anything. */
const LEAST_SIZES = 4;
const REPLICATES = 300;
const FACTORS = [1, 1.5, 2, 4];
/** A backtest sees subsets of up to this share of the largest. */
const BACKTEST_SHARE = 0.4;

export interface LearningCurveRequest {
  /** Features of the development pictures at the chosen tap, as the model scales them. */
  readonly scaled: Matrix;
  readonly rows: Rows;
  readonly classNames: readonly string[];
  readonly wording: Wording;
  /** Strength of the ridge head that stands in for the chosen one. */
  readonly strength: number;
  readonly seed: string;
  readonly signal?: AbortSignal;
  /** Asked now and then: true ends it without a curve. */
  readonly isLate?: () => boolean;
}

interface Fitted {
  readonly tallies: readonly Tally[];
  readonly spread: number;
  readonly replicates: readonly Replicate[];
}

function fit(measured: readonly Measured[], rows: Rows, seed: string): Fitted {
  const tallies = measured.map(tallyOf);
  const spread = drawSpread(tallies, rows);
  const replicates = replicate(tallies, rows, spread, REPLICATES, createRng(`${seed}/bootstrap`));
  return { tallies, spread, replicates };
}

/** Median and 90 % band. */
function bandOf(values: readonly number[]): { middle: number; interval: [number, number] } {
  const sorted = values.toSorted((a, b) => a - b);
  return { middle: quantile(sorted, 0.5), interval: [quantile(sorted, 0.05), quantile(sorted, 0.95)] };
}

function bandAt(laws: readonly PowerLaw[], size: number): { accuracy: number; interval: [number, number] } {
  const { middle, interval } = bandOf(laws.map((law) => 1 - errorAt(law, size)));
  return { accuracy: middle, interval };
}

function gainOf(laws: readonly PowerLaw[], from: number, to: number): LearningCurve['doubling'] {
  const { middle, interval } = bandOf(laws.map((law) => errorAt(law, from) - errorAt(law, to)));
  return { gain: middle, interval };
}

const accuracyOf = (hits: Uint8Array): number => hits.reduce((sum, hit) => sum + hit, 0) / hits.length;

function pointOf({ pictures, hits }: Measured, classes: number): LearningCurve['points'][number] {
  const accuracies = hits.map(accuracyOf);
  const accuracy = accuracies.reduce((sum, value) => sum + value, 0) / accuracies.length;
  const squares = accuracies.reduce((sum, value) => sum + (value - accuracy) ** 2, 0);
  const deviation = accuracies.length > 1 ? Math.sqrt(squares / (accuracies.length - 1)) : 0;
  return { pictures, perCategory: pictures / classes, accuracy, deviation, draws: hits.length };
}

/** What laws of smaller subsets foretold for a size, beside what was measured there. */
function foretold(laws: readonly PowerLaw[], size: number, measured: number): Backtest {
  const { accuracy, interval } = bandAt(laws, size);
  return { predicted: accuracy, interval, measured, error: accuracy - measured };
}

interface Backtests {
  readonly all: LearningCurve['backtest'];
  /** One a class. */
  readonly classes: readonly (Backtest | null)[];
}

/** The curve through the smaller subsets alone, held against what was measured with all pictures. */
function backtestsOf(measured: readonly Measured[], rows: Rows, seed: string): Backtests {
  const last = measured.at(-1);
  const seen = measured.filter(({ share }) => share <= BACKTEST_SHARE);
  const labels = Array.from({ length: rows.classes }, (_, label) => label);
  if (last?.share !== 1 || seen.length < LEAST_SIZES) return { all: null, classes: labels.map(() => null) };
  const { replicates } = fit(seen, rows, `${seed}/backtest`);
  const { pictures } = last;
  const whole = replicates.map(({ all }) => all);
  return {
    all: {
      upTo: (seen.at(-1) as Measured).pictures,
      at: pictures,
      ...foretold(whole, pictures, accuracyOf(last.hits[0] as Uint8Array)),
    },
    classes: labels.map((label) => {
      const laws = replicates.map(({ classes }) => classes[label] as PowerLaw);
      const recall = recallOf(last, rows, label);
      return recall === null ? null : foretold(laws, pictures, recall);
    }),
  };
}

const countOf = ({ y }: Rows, label: number): number => y.filter((value) => value === label).length;

function recallOf(last: Measured | undefined, { y }: Rows, label: number): number | null {
  const own = last?.hits[0]?.filter((_, row) => y[row] === label);
  return own === undefined || own.length === 0 ? null : accuracyOf(own);
}

type Unfitted = Pick<LearningCurve, 'points'>;

function tooFew(
  { rows, classNames, wording: { many } }: LearningCurveRequest,
  measured: readonly Measured[],
  base: Unfitted,
): LearningCurve {
  const { label, groups } = smallestClass(rows);
  const reason = `${classNames[label]} has ${groups} ${many} to learn from when a fold is held out; a curve takes about 10.`;
  const last = measured.at(-1);
  const categories = classNames.map((category, at) => ({
    category,
    pictures: countOf(rows, at),
    recall: recallOf(last, rows, at),
    ...cannotSay({ subject: category, many }, reason),
    backtest: null,
  }));
  return {
    ...base,
    fit: null,
    doubling: null,
    forecast: [],
    backtest: null,
    categories,
    ...cannotSay({ subject: 'each category', many }, reason),
  };
}

function fitted(request: LearningCurveRequest, measured: readonly Measured[], base: Unfitted): LearningCurve {
  const {
    rows,
    classNames,
    seed,
    wording: { many },
  } = request;
  const { tallies, spread, replicates } = fit(measured, rows, seed);
  const laws = replicates.map(({ all }) => all);
  const now = rows.y.length;
  const law = fitPowerLaw(measuredPoints(tallies, rows, 0, spread));
  const backtests = backtestsOf(measured, rows, seed);
  const categories = classNames.map((category, label) => ({
    category,
    pictures: countOf(rows, label),
    recall: recallOf(measured.at(-1), rows, label),
    // The laws of a class are in pictures of all categories, which grow alike.
    ...outlookOf({
      laws: replicates.map(({ classes }) => classes[label] as PowerLaw),
      now,
      categories: now / countOf(rows, label),
      many,
      subject: category,
      measure: 'recall',
    }),
    backtest: backtests.classes[label] ?? null,
  }));
  return {
    ...base,
    fit: { asymptote: 1 - errorAt(law, Infinity), scale: law.scale, exponent: law.exponent },
    forecast: FACTORS.map((factor) => ({
      factor,
      perCategory: (factor * now) / rows.classes,
      ...bandAt(laws, factor * now),
    })),
    doubling: gainOf(laws, now, 2 * now),
    backtest: backtests.all,
    categories,
    ...outlookOf({
      laws,
      now,
      categories: rows.classes,
      many,
      subject: 'each category',
      measure: 'accuracy',
    }),
  };
}

/** What stands in the place of a curve that there was no time for. */
export function noTimeForCurve({ many }: Wording): LearningCurve {
  const reason = 'the time limit was over before growing subsets had been learnt from.';
  return {
    ...{ points: [], fit: null, doubling: null, forecast: [], backtest: null, categories: [] },
    ...cannotSay({ subject: 'each category', many }, reason),
  };
}

/**
 * How much more data would help: ridge heads on growing subsets of the development pictures, a power law through their held-out
 * accuracy, and a band by bootstrap over pictures, draws and exponents. All categories grow alike; those of a single one share the
 * exponent of all.
 *
 * @returns null when it is late
 * @throws the signal's reason when it is aborted
 */
export async function learningCurve(request: LearningCurveRequest): Promise<LearningCurve | null> {
  const measured = await measureSubsets(request);
  if (measured === null) return null;
  const base = { points: measured.map((one) => pointOf(one, request.rows.classes)) };
  return measured.length < LEAST_SIZES ? tooFew(request, measured, base) : fitted(request, measured, base);
}
