import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  accuracy,
  argmaxRows,
  confusionMatrix,
  expectedCalibrationError,
  fitTemperature,
  logLoss,
  mcnemar,
  softmaxRows,
  wilson,
  type Scores,
} from '../../../../zoo/metrics/index.js';
import { createRng } from '../../../../zoo/rng.js';

const scores = (classes: number, data: number[]): Scores => ({
  rows: data.length / classes,
  classes,
  data: Float64Array.from(data),
});

describe('wilson', () => {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 3 (score, no continuity correction).
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i', (correct, count, low, high) => {
    const [a, b] = wilson(correct, count, 1.959964);
    expect(a).toBeCloseTo(low, 4);
    expect(b).toBeCloseTo(high, 4);
  });

  it('says nothing about no rows, and always holds the share', () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
    expect(wilson(6, 6)[1]).toBe(1);
    expect(wilson(0, 6)[0]).toBe(0);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 2000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (count, share) => {
          const correct = Math.round(count * share);
          const [low, high] = wilson(correct, count);
          expect(low).toBeLessThanOrEqual(correct / count + 1e-12);
          expect(high).toBeGreaterThanOrEqual(correct / count - 1e-12);
        },
      ),
    );
  });
});

describe('mcnemar', () => {
  const pairs = (onlyFirst: number, onlySecond: number, both: number): [number[], number[]] => [
    [
      ...Array<number>(onlyFirst).fill(1),
      ...Array<number>(onlySecond).fill(0),
      ...Array<number>(both).fill(1),
    ],
    [
      ...Array<number>(onlyFirst).fill(0),
      ...Array<number>(onlySecond).fill(1),
      ...Array<number>(both).fill(1),
    ],
  ];
  // Twice the binomial tail: 2 * (1 + 10 + 45) / 1024, and 2 / 2^6; a value of 1 when both halves overlap.
  it.each([
    [2, 8, 112 / 1024],
    [0, 6, 2 / 64],
    [5, 5, 1],
    [0, 0, 1],
  ])('%i against %i', (first, second, p) => {
    const result = mcnemar(...pairs(first, second, 30));
    expect(result).toMatchObject({ onlyFirst: first, onlySecond: second });
    expect(result.pValue).toBeCloseTo(p, 12);
  });

  it('is symmetric, and does not overflow on many disagreements', () => {
    const [a, b] = pairs(2100, 1900, 0);
    expect(mcnemar(a, b).pValue).toBeCloseTo(mcnemar(b, a).pValue, 12);
    // Normal approximation with continuity correction: z = 199 / sqrt(4000).
    expect(mcnemar(a, b).pValue).toBeCloseTo(0.001652, 4);
    expect(() => mcnemar([1], [1, 0])).toThrow(/same rows/);
  });
});

describe('counts', () => {
  it('accuracy and confusion', () => {
    expect(accuracy([0, 1, 1, 2], [0, 1, 2, 2])).toBe(0.75);
    expect(accuracy([], [])).toBe(0);
    expect(confusionMatrix([0, 1, 1, 2], [0, 1, 2, 2], 3)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 1, 1],
    ]);
    expect(() => confusionMatrix([3], [0], 3)).toThrow(/outside 0\.\.2/);
  });
});

describe('calibration', () => {
  it('softmax and argmax survive huge logits', () => {
    const probabilities = softmaxRows(scores(2, [1000, 999, -1000, 1000]));
    expect(probabilities.data[0]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
    expect([...argmaxRows(probabilities)]).toEqual([0, 1]);
    expect(logLoss(scores(2, [0, 0]), [1])).toBeCloseTo(Math.LN2, 12);
  });

  it('finds the temperature that a data set was drawn with', () => {
    const rng = createRng(5);
    const logits = scores(
      3,
      Array.from({ length: 3 * 4000 }, () => 2 * rng.normal()),
    );
    const truth = softmaxRows(logits, 2.5);
    const labels = Array.from({ length: 4000 }, (_, i) => {
      const draw = rng.next();
      const [first, second] = [truth.data[i * 3]!, truth.data[i * 3 + 1]!];
      return draw < first ? 0 : draw < first + second ? 1 : 2;
    });
    const temperature = fitTemperature(logits, labels);
    expect(temperature).toBeGreaterThan(2.3);
    expect(temperature).toBeLessThan(2.7);
    const before = expectedCalibrationError(softmaxRows(logits), labels);
    const after = expectedCalibrationError(softmaxRows(logits, temperature), labels);
    expect(before).toBeGreaterThan(0.15);
    expect(after).toBeLessThan(0.04);
  });

  it('stays short of certainty when every held-out row is right', () => {
    const logits = scores(
      2,
      Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? 0.9 : 0.1)),
    );
    const labels = Array<number>(30).fill(0);
    const { data } = softmaxRows(logits, fitTemperature(logits, labels));
    // One part in 32 spread over both classes: a confidence of 63/64.
    expect(data[0]).toBeCloseTo(63 / 64, 3);
  });

  it('is 1 for no rows at all', () => {
    expect(fitTemperature(scores(2, []), [])).toBe(1);
  });

  it('calibration error of a sure and wrong guess is one, of a sure and right one is zero', () => {
    expect(expectedCalibrationError(scores(2, [1, 0]), [1])).toBe(1);
    expect(expectedCalibrationError(scores(2, [1, 0]), [0])).toBe(0);
  });
});
