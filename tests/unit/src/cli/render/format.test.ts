import { describe, expect, test } from 'vitest';
import {
  bytes,
  duration,
  interval,
  parameters,
  percent,
  plural,
  points,
  quantity,
  rate,
} from '../../../../../src/cli/render/format.js';

describe('numbers for people', () => {
  test.each([
    [0, '0.0 s'],
    [440, '0.4 s'],
    [9_940, '9.9 s'],
    [12_000, '12 s'],
    [59_400, '59 s'],
    [59_600, '1 min 00 s'],
    [185_000, '3 min 05 s'],
    [3_599_600, '1 h 00 min'],
    [7_800_000, '2 h 10 min'],
  ])('%i ms is %s', (ms, text) => expect(duration(ms)).toBe(text));

  test.each([
    [850, '850'],
    [4098, '4.1 k'],
    [14_300, '14 k'],
    [2_257_984, '2.3 M'],
    [140_000_000, '140 M'],
    [1_240_000_000, '1.2 G'],
  ])('%i is %s', (value, text) => expect(quantity(value)).toBe(text));

  test.each([
    [512, '512 B'],
    [1500, '1.5 KB'],
    [12_400_000, '12 MB'],
    [3_200_000_000, '3.2 GB'],
  ])('%i bytes are %s', (value, text) => expect(bytes(value)).toBe(text));

  test('rates from fast to slow', () => {
    expect([130, 12.34, 0.4, 0.05].map(rate)).toEqual(['130/s', '12/s', '0.4/s', '3.0/min']);
  });

  test('shares, intervals, counts and parameters', () => {
    expect(percent(0.9375)).toBe('93.8 %');
    expect(interval([0.901, 0.962])).toBe('90.1–96.2 %');
    expect([0.0123, -0.004].map(points)).toEqual(['+1.2', '−0.4']);
    expect([plural(1, 'picture'), plural(0, 'picture'), plural(2, 'entry', 'entries')]).toEqual([
      '1 picture',
      '0 pictures',
      '2 entries',
    ]);
    expect(parameters({ strength: 0.0316227766, units: 100, kind: 'relu' })).toBe(
      'strength=0.0316, units=100, kind=relu',
    );
    expect(parameters({})).toBe('–');
  });
});
