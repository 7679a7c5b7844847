import { describe, expect, test } from 'vitest';
import { refuseIfNothingFits } from '../../../../src/training/compute/cap.js';
import { searchLimitsOf } from '../../../../src/training/search-limits.js';

const taps = [
  { backbone: 'fast', tap: 'early', latencyMs: 1.24, bytes: 900_000 },
  { backbone: 'small', tap: 'early', latencyMs: 4, bytes: 150_000 },
];
const capOf = (maxLatencyMs: number | null, maxSizeMb: number | null) =>
  searchLimitsOf({ maxLatencyMs, maxSizeMb }).cap;

describe('a cap', () => {
  test.each([
    [null, null],
    [1.3, null],
    [null, 0.2],
    [1.3, 1],
  ])('of %s ms and %s MB is let pass when something keeps to all of it', (ms, mb) => {
    expect(() => refuseIfNothingFits(taps, capOf(ms, mb))).not.toThrow();
  });

  test.each([
    [1, null, /1 ms an example: the fastest is fast cut at early with 1\.2 ms\./],
    [null, 0.1, /0\.1 MB: the smallest is small cut at early with 0\.15 MB\./],
    [2, 0.5, /2 ms an example and 0\.5 MB: the fastest is fast .*; the smallest is small/],
  ])('of %s ms and %s MB is refused with the least it would have to allow', (ms, mb, message) => {
    expect(() => refuseIfNothingFits(taps, capOf(ms, mb))).toThrow(message);
  });

  test('runs of before there were caps have none', () => {
    expect(searchLimitsOf({})).toEqual({
      acrossSizes: false,
      budgetMs: null,
      maxTrials: null,
      ensemble: false,
      augment: false,
      cap: { maxLatencyMs: null, maxBytes: null },
    });
  });
});
