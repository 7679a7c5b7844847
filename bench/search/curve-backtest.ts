import { splitByGroup } from '../../src/dataset/split/split-by-group.js';
import { wordings } from '../../src/modalities/modality.js';
import {
  argmaxRows,
  createRng,
  learningCurve,
  ridgeCrossValidation,
  standardisationOf,
  standardise,
  type Matrix,
} from '../../zoo/index.js';
import { lastTapOf } from './contest.js';
import type { SetFeatures } from './bench-zoo.js';
import type { PhotoSet } from './photo-set.js';

const STRENGTH = 0.3;
/** The curve sees so much of the pictures; what cross-validation with five folds learns from, of all, is then twice as much. */
const SEEN = 0.4;
const FOLDS = 5;

export interface BacktestCase {
  readonly set: string;
  readonly backbone: string;
  readonly seed: number;
  readonly now: number;
  readonly predicted: number;
  readonly interval: readonly [number, number];
  readonly truth: number;
  readonly covered: boolean;
}

/** Rows with their folds: a share of every category, drawn at random. */
function partOf(
  { photos }: PhotoSet,
  share: number,
  seed: number,
): { rows: Int32Array; y: Int32Array; folds: Int32Array; groups: string[] } {
  const order = createRng(`backtest/${seed}`).shuffle([...photos.keys()]);
  const perLabel = new Map<number, number[]>();
  for (const row of order) {
    const label = photos[row]?.label ?? 0;
    perLabel.set(label, [...(perLabel.get(label) ?? []), row]);
  }
  const rows = Int32Array.from(
    [...perLabel.values()].flatMap((list) => list.slice(0, Math.round(share * list.length))),
  ).sort();
  const groups = Array.from(rows, (row) => photos[row]?.sha256 ?? '');
  const items = groups.map((group, i) => ({
    id: group,
    group,
    category: String(photos[rows[i] as number]?.label),
  }));
  const folds = splitByGroup(items, { seed, testShare: 1 / FOLDS, folds: FOLDS - 1 }).map(({ part, fold }) =>
    part === 'test' ? FOLDS - 1 : fold,
  );
  return { rows, groups, y: rows.map((row) => photos[row]?.label ?? 0), folds: Int32Array.from(folds) };
}

async function matrixOf(features: SetFeatures, rows: Int32Array, backbone: string): Promise<Matrix> {
  const { matrix } = lastTapOf(features.of(rows, [backbone]), backbone);
  return typeof matrix === 'function' ? matrix() : matrix;
}

async function truthOf(
  set: PhotoSet,
  features: SetFeatures,
  backbone: string,
  seed: number,
): Promise<number> {
  const { rows, y, folds } = partOf(set, 1, seed);
  const x = await matrixOf(features, rows, backbone);
  const scores = ridgeCrossValidation(
    standardise(x, standardisationOf(x)),
    y,
    set.classNames.length,
    folds,
  ).heldOut(STRENGTH);
  const answers = argmaxRows(scores);
  return y.filter((label, i) => answers[i] === label).length / y.length;
}

/** Foretells, from four tenths of the pictures, the cross-validated accuracy with all of them. */
export async function backtestCurve(
  set: PhotoSet,
  features: SetFeatures,
  backbone: string,
  seed: number,
): Promise<BacktestCase> {
  const { rows, groups, y, folds } = partOf(set, SEEN, seed);
  const x = await matrixOf(features, rows, backbone);
  const curve = await learningCurve({
    scaled: standardise(x, standardisationOf(x)),
    rows: { y, folds, groups, foldCount: FOLDS, classes: set.classNames.length },
    classNames: set.classNames,
    wording: wordings.image,
    strength: STRENGTH,
    seed: `backtest/${seed}`,
  });
  const doubled = curve?.forecast.find(({ factor }) => factor === 2);
  if (!doubled) throw new Error(`No curve could be drawn for ${set.name}: ${curve?.text}`);
  const truth = await truthOf(set, features, backbone, seed);
  const [low, high] = doubled.interval;
  return {
    set: set.name,
    backbone,
    seed,
    now: y.length,
    predicted: doubled.accuracy,
    interval: doubled.interval,
    truth,
    covered: low <= truth && truth <= high,
  };
}

/** Errors in shares, and how often the 90 % band held the truth. */
export function summariseBacktest(
  cases: readonly BacktestCase[],
): Record<'cases' | 'meanError' | 'meanAbsoluteError' | 'coverage' | 'meanWidth', number> {
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const errors = cases.map(({ predicted, truth }) => predicted - truth);
  return {
    cases: cases.length,
    meanError: mean(errors),
    meanAbsoluteError: mean(errors.map(Math.abs)),
    coverage: mean(cases.map(({ covered }) => Number(covered))),
    meanWidth: mean(cases.map(({ interval }) => interval[1] - interval[0])),
  };
}
