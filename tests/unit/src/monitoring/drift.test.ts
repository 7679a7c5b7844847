import { describe, expect, it } from 'vitest';
import { kolmogorovSmirnov, testDrift, testPointDrift } from '../../../../src/monitoring/drift.js';
import { createRng, type Rng } from '../../../../zoo/index.js';

const numbers = (rng: Rng, count: number, shift = 0): number[] =>
  Array.from({ length: count }, () => rng.normal() + shift);
const points = (rng: Rng, count: number, shift = 0): number[][] =>
  Array.from({ length: count }, () => numbers(rng, 4).map((value, i) => (i === 0 ? value + shift : value)));

describe('the Kolmogorov-Smirnov distance', () => {
  it.each([
    [[1, 2, 3], [1, 2, 3], 0],
    [[1, 2, 3], [4, 5], 1],
    [[1, 2, 3, 4], [3, 4, 5, 6], 0.5],
    [[1, 1, 1, 2], [1, 2, 2, 2], 0.5],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(kolmogorovSmirnov(a, b)).toBeCloseTo(distance, 12);
  });
});

describe('the energy distance', () => {
  it('of two pairs is what the formula says', () => {
    // Between: 3, 4, 2, 3; within: 1 twice, 1 twice.
    const { statistic } = testPointDrift([[0], [1]], [[3], [4]], 'x');
    expect(statistic).toBeCloseTo((2 * (3 + 4 + 2 + 3)) / 4 - (2 * 1) / 4 - (2 * 1) / 4, 12);
  });

  it('is 0 between the same points', () => {
    const same = points(createRng('same'), 10);
    expect(testPointDrift(same, same, 'x').statistic).toBeCloseTo(0, 12);
  });
});

describe.each([
  ['numbers', (rng: Rng, shift: number) => testDrift(numbers(rng, 40), numbers(rng, 100, shift), 's')],
  ['points', (rng: Rng, shift: number) => testPointDrift(points(rng, 40), points(rng, 100, shift), 's')],
])('the test of %s', (_, test) => {
  it('raises no more false alarms than it promises', () => {
    const rng = createRng('nothing has changed');
    const alarms = Array.from({ length: 60 }, () => test(rng, 0)).filter(({ pValue }) => pValue <= 0.1);
    expect(alarms.length).toBeLessThanOrEqual(12); // 6 are to be expected; more than 12 happen in 1 of 200
  });

  it('sees a change, and is the same each time', () => {
    const seen = test(createRng('moved'), 1.5);
    expect(seen.pValue).toBe(0.001);
    expect(test(createRng('moved'), 1.5)).toEqual(seen);
  });
});
