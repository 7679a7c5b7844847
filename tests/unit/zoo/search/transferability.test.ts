import { describe, expect, it } from 'vitest';
import type { Matrix } from '../../../../zoo/index.js';
import { standardisationOf } from '../../../../zoo/index.js';
import { hScore, labelledSpectrum, ledoitWolf, logMe } from '../../../../zoo/search/transferability.js';

/** Centred features that any program can make again, and labels in turn. */
function made(rows: number, cols: number, classes: number, pull: number): { x: Matrix; y: Int32Array } {
  const data = Float32Array.from({ length: rows * cols }, (_, at) => {
    const [i, j] = [Math.floor(at / cols), at % cols];
    const shared = 2 * (j % 3) * Math.cos(0.5 * i * i);
    return Math.sin(1.7 * i + 0.9 * j * j + 0.3 * i * j) + shared + (j % classes === i % classes ? pull : 0);
  });
  const { mean } = standardisationOf({ rows, cols, data });
  const centred = data.map((value, at) => value - (mean[at % cols] as number));
  return { x: { rows, cols, data: centred }, y: Int32Array.from({ length: rows }, (_, i) => i % classes) };
}

describe('transferability', () => {
  // By numpy 1.24 and scikit-learn 1.2.1: LogME by its equations after an SVD, the covariances inverted as they stand.
  it.each([
    [30, 8, 3, 0.5, { logMe: -0.859591, shrinkage: 0.039007, plain: 0.94024, shrunk: 0.779565 }],
    [24, 40, 4, 0.6, { logMe: -0.733255, shrinkage: 0.02875, plain: 3.0, shrunk: 2.655073 }],
    [60, 8, 3, 0, { logMe: -0.869633, shrinkage: 0.014069, plain: 0.035035, shrunk: 0.032232 }],
  ])('of %i x %i features is what numpy says', (rows, cols, classes, pull, expected) => {
    const { x, y } = made(rows, cols, classes, pull);
    const spectrum = labelledSpectrum(x, y, classes);
    expect(logMe(spectrum)).toBeCloseTo(expected.logMe, 4);
    expect(ledoitWolf(spectrum)).toBeCloseTo(expected.shrinkage, 4);
    expect(hScore(spectrum, 0)).toBeCloseTo(expected.plain, 4);
    expect(hScore(spectrum)).toBeCloseTo(expected.shrunk, 4);
  });

  it('is classes - 1 where features are the classes', () => {
    const classes = 4;
    const y = Int32Array.from({ length: 40 }, (_, i) => i % classes);
    const data = new Float32Array(40 * classes).fill(-1 / classes);
    y.forEach((label, row) => (data[row * classes + label]! += 1));
    expect(hScore(labelledSpectrum({ rows: 40, cols: classes, data }, y, classes), 0)).toBeCloseTo(3, 6);
  });

  it('is higher for features that say more of the labels', () => {
    const scores = [0, 0.3, 0.6, 1.2].map((pull) => {
      const { x, y } = made(60, 24, 3, pull);
      const spectrum = labelledSpectrum(x, y, 3);
      return [logMe(spectrum), hScore(spectrum)] as const;
    });
    for (const which of [0, 1] as const) {
      const values = scores.map((score) => score[which]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
  });

  it('refuses numbers that are none', () => {
    const { x, y } = made(20, 5, 2, 0.5);
    x.data[7] = NaN;
    expect(() => labelledSpectrum(x, y, 2)).toThrow(/not finite/);
  });
});
