import { describe, expect, it } from 'vitest';
import { createRng, UNKNOWN_RATE, unknownThreshold, type Scores } from '../../../../zoo/index.js';

/** Two classes; class 0 is always the answer, with the given confidence. */
const sureOfFirst = (confidences: readonly number[]): Scores => ({
  rows: confidences.length,
  classes: 2,
  data: Float64Array.from(confidences.flatMap((value) => [value, 1 - value])),
});

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => 0.5 + i / (2 * count));

describe('unknownThreshold', () => {
  it('lets one in twenty right answers go, and counts the wrong ones that go with them', () => {
    const right = upTo(99);
    const wrong = [0.5, 0.51, 0.52, 0.9];
    const labels = [...right.map(() => 0), ...wrong.map(() => 1)];
    const { below, rightBelow, wrongBelow } = unknownThreshold(sureOfFirst([...right, ...wrong]), labels);
    expect(below).toBe(right[4]);
    expect(rightBelow).toBeCloseTo(4 / 99, 12);
    expect(wrongBelow).toBe(0.75);
  });

  it('cannot say with fewer than nineteen right answers, however many wrong ones', () => {
    const labels = (right: number): number[] => Array.from({ length: 60 }, (_, i) => (i < right ? 0 : 1));
    expect(unknownThreshold(sureOfFirst(upTo(60)), labels(18)).below).toBeNull();
    expect(unknownThreshold(sureOfFirst(upTo(60)), labels(19)).below).not.toBeNull();
    expect(unknownThreshold(sureOfFirst([]), [])).toEqual({ below: null, rightBelow: 0, wrongBelow: 0 });
  });

  it('keeps its rate on pictures that had no part in it', () => {
    const rng = createRng(3);
    const confidence = (): number => 0.5 + 0.5 * Math.sqrt(rng.next());
    const rates = Array.from({ length: 300 }, () => {
      const known = Array.from({ length: 60 }, confidence);
      const { below } = unknownThreshold(
        sureOfFirst(known),
        known.map(() => 0),
      );
      return Array.from({ length: 200 }, confidence).filter((value) => value < below!).length / 200;
    });
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    // The expected rate is k / (n + 1) = 3 / 61; over 300 draws its standard error is 0.0016.
    expect(mean).toBeGreaterThan(0.044);
    expect(mean).toBeLessThan(UNKNOWN_RATE + 0.005);
  });
});
