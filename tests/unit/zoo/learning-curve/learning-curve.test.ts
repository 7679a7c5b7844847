import { describe, expect, it } from 'vitest';
import { wordings } from '../../../../src/modalities/modality.js';
import { learningCurve, noTimeForCurve } from '../../../../zoo/learning-curve/learning-curve.js';
import { rounded } from '../../../../zoo/learning-curve/outlook.js';
import { errorAt, fitExponent, fitPowerLaw, sizeFor } from '../../../../zoo/learning-curve/power-law.js';
import { draw, subset, type Rows } from '../../../../zoo/learning-curve/subsets.js';
import { learningCurveSchema, type LearningCurve } from '../../../../zoo/learning-curve/types.js';
import { takeRows, type Matrix } from '../../../../zoo/matrix.js';
import { createRng } from '../../../../zoo/rng.js';
import { standardisationOf, standardise } from '../../../../zoo/search/standardise.js';
import { syntheticFeatures } from '../search/synthetic.js';

describe('the power law', () => {
  const law = { floor: 0.05, scale: 2, exponent: 0.35 };
  const points = [20, 40, 80, 160, 320].map((size) => ({ size, error: errorAt(law, size), variance: 1e-6 }));

  it('is found again in its own points, exponent included', () => {
    const { floor, scale, exponent } = fitPowerLaw(points);
    expect(exponent).toBe(0.35);
    expect(floor).toBeCloseTo(0.05, 6);
    expect(scale).toBeCloseTo(2, 5);
  });

  it('tells the size for an error, and none for one below its floor', () => {
    expect(sizeFor(law, errorAt(law, 123))).toBeCloseTo(123, 6);
    expect(sizeFor(law, 0.04)).toBe(Infinity);
  });

  it('never falls below no error at all, nor rises with more pictures', () => {
    const steep = fitExponent(
      [10, 20, 40].map((size) => ({ size, error: 3 / size ** 2, variance: 1e-6 })),
      0.5,
    );
    expect(steep.floor).toBe(0);
    const rising = fitExponent(
      [10, 20, 40].map((size) => ({ size, error: size / 100, variance: 1e-6 })),
      0.5,
    );
    expect(rising.scale).toBe(0);
  });
});

/** Rows of `classes` classes in turn; every group is a pair of rows of one class. */
function rowsOf(count: number, classes: number): Rows {
  const y = Int32Array.from({ length: count }, (_, i) => i % classes);
  const groups = Array.from(y, (label, i) => `${label}-${Math.floor(i / classes / 2)}`);
  const folds = y.map((_, i) => Math.floor(i / classes / 2) % 5);
  return { y, folds, foldCount: 5, classes, groups };
}

describe('subsets', () => {
  const rows = rowsOf(300, 3);
  const order = draw(rows.groups, createRng(1));

  it('hold whole groups of every class in equal shares, none of the fold, and grow by nesting', () => {
    const small = subset(rows, 2, 0.25, order);
    const large = subset(rows, 2, 0.6, order);
    expect([...small].every((row) => large.includes(row))).toBe(true);
    expect([...large].some((row) => rows.folds[row] === 2)).toBe(false);
    const counts = [0, 1, 2].map((label) => small.filter((row) => rows.y[row] === label).length);
    expect(counts).toEqual([20, 20, 20]);
    const groups = new Set([...small].map((row) => rows.groups[row]));
    expect(rows.groups.filter((group) => groups.has(group)).length).toBe(small.length);
  });
});

const names = ['ant', 'bee', 'cat'];

function features(count: number, signal: number): Matrix {
  const labels = Int32Array.from({ length: count }, (_, i) => i % 3);
  const x = syntheticFeatures(labels, [{ id: 'tap', signal, cols: 40 }], 7)[0]?.matrix as Matrix;
  return standardise(x, standardisationOf(x));
}

const asked = { classNames: names, wording: wordings.image, strength: 0.3, seed: 'curve' };

async function curveOf(x: Matrix, rows: Rows): Promise<LearningCurve> {
  const curve = await learningCurve({ ...asked, scaled: x, rows });
  if (curve === null) throw new Error('Nothing is late here.');
  return curve;
}

describe('the learning curve', () => {
  it('foretells the accuracy that four times as many pictures then have', async () => {
    const all = features(1440, 3);
    const part = await curveOf(
      takeRows(
        all,
        Int32Array.from({ length: 360 }, (_, i) => i),
      ),
      rowsOf(360, 3),
    );
    const whole = await curveOf(all, rowsOf(1440, 3));
    const foretold = part.forecast.find(({ factor }) => factor === 4);
    const truth = whole.forecast.find(({ factor }) => factor === 1)?.accuracy ?? 0;
    expect(foretold?.interval[0]).toBeLessThan(truth);
    expect(foretold?.interval[1]).toBeGreaterThan(truth);
    expect(Math.abs((foretold?.accuracy ?? 0) - truth)).toBeLessThan(0.04);
    expect(part.verdict).toBe('more-helps');
    expect(part.text).toMatch(/^About \d+ more pictures of each category for \+2 points of accuracy/);
    expect(learningCurveSchema.parse(part)).toEqual(part);
    expect(Math.abs(part.backtest?.error ?? 1)).toBeLessThan(0.08);
    for (const { recall, backtest } of part.categories) {
      expect(backtest?.measured).toBe(recall);
      expect(backtest?.error).toBe((backtest?.predicted ?? 0) - (recall ?? 0));
      expect(Math.abs(backtest?.error ?? 1)).toBeLessThan(0.12);
    }
  });

  it('says that more would hardly help where all is right already, for each category too', async () => {
    const curve = await curveOf(features(300, 9), rowsOf(300, 3));
    expect(curve.verdict).toBe('enough');
    expect(curve.categories.map(({ verdict }) => verdict)).toEqual(['enough', 'enough', 'enough']);
    expect(curve.text).toMatch(/no two points left to gain/);
  });

  it('says that it cannot say, and why, where there are too few to draw a curve', async () => {
    const curve = await curveOf(features(30, 3), rowsOf(30, 3));
    expect(curve.verdict).toBe('cannot-say');
    expect(curve.fit).toBeNull();
    expect(curve.reason).toMatch(/ant has 4 pictures to learn from/);
    expect(curve.categories.map(({ backtest }) => backtest)).toEqual([null, null, null]);
  });

  it('says nothing of what is recognised where not even one point could be measured', async () => {
    const curve = await curveOf(features(6, 3), rowsOf(6, 3));
    expect(curve.points).toEqual([]);
    expect(curve.categories.map(({ recall }) => recall)).toEqual([null, null, null]);
    expect(learningCurveSchema.parse(curve)).toEqual(curve);
  });

  it('is the same for the same seed and stops when told to', async () => {
    const [x, rows] = [features(120, 3), rowsOf(120, 3)];
    expect(await curveOf(x, rows)).toEqual(await curveOf(x, rows));
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(learningCurve({ ...asked, scaled: x, rows, signal })).rejects.toThrow('stop');
  });

  it('is not drawn when its time is over in the middle, and what stands in its place says so', async () => {
    let heads = 0;
    const request = {
      ...asked,
      scaled: features(120, 3),
      rows: rowsOf(120, 3),
      isLate: () => (heads += 1) > 20,
    };
    expect(await learningCurve(request)).toBeNull();
    expect(heads).toBe(21);
    const instead = noTimeForCurve(wordings.image);
    expect(learningCurveSchema.parse(instead)).toEqual(instead);
    expect(instead.text).toMatch(/one cannot say yet: the time limit was over/);
  });
});

it('numbers of pictures are rounded to what is known of them', () => {
  expect([0.3, 7.4, 34.6, 347, 1249].map(rounded)).toEqual([1, 7, 35, 350, 1200]);
});
