import { describe, expect, test } from 'vitest';
import { resamplingWeights } from '../../../../zoo/graph/resample.js';

const lines = (weights: Float32Array, from: number): number[][] =>
  Array.from({ length: weights.length / from }, (_, row) => [...weights.slice(row * from, (row + 1) * from)]);

describe('weights that resample a line of pixels', () => {
  test('the same size: every pixel is itself', () => {
    expect(lines(resamplingWeights(3, 3), 3)).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });

  test('half the size: no pixel is passed over, and each row adds up to 1', () => {
    const rows = lines(resamplingWeights(6, 3), 6);
    // Pillow's BILINEAR weights for a pixel in the middle: 1/8, 3/8, 3/8, 1/8.
    expect(rows[1]).toEqual([0, 0.125, 0.375, 0.375, 0.125, 0]);
    for (const row of rows) expect(row.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
  });

  test('the centre alone, as large as it is', () => {
    expect(lines(resamplingWeights(4, 2, 2), 4)).toEqual([
      [0, 1, 0, 0],
      [0, 0, 1, 0],
    ]);
  });
});
