import { expect, it } from 'vitest';
import { differenceInterval, normalTail } from '../../../../zoo/metrics/index.js';

it('the interval of a difference is that of Newcombe (1998), table II', () => {
  const rounded = (a: [number, number], b: [number, number]): number[] =>
    differenceInterval({ correct: a[0], count: a[1] }, { correct: b[0], count: b[1] }).map(
      (value) => Math.round(value * 1e4) / 1e4,
    );
  expect(rounded([56, 70], [48, 80])).toEqual([0.0524, 0.3339]);
  expect(rounded([9, 10], [3, 10])).toEqual([0.1705, 0.809]);
  expect(rounded([0, 10], [0, 10])).toEqual([-0.2775, 0.2775]);
});

it('says nothing of a group without members', () => {
  expect(differenceInterval({ correct: 0, count: 0 }, { correct: 3, count: 4 })).toEqual([-1, 1]);
});

it.each([
  [0.025, 1.95996],
  [0.005, 2.57583],
  [0.0005, 3.29053],
  [1e-6, 4.75342],
])('the standard normal exceeds its quantile with probability %d', (tail, z) => {
  expect(Math.abs(normalTail(tail) - z)).toBeLessThan(5e-4);
});
