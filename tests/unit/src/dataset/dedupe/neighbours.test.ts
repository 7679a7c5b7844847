import { describe, expect, it } from 'vitest';
import {
  nearestNeighbours,
  sideBySide,
  standardise,
  type Vectors,
} from '../../../../../src/dataset/dedupe/neighbours.js';
import { createRng } from '../../../../../zoo/index.js';

/** Random vectors; each of the first `copies` has a near copy further on. */
function withCopies(rows: number, cols: number, copies: number): Vectors {
  const rng = createRng(`neighbours-${rows}`);
  const data = Float32Array.from({ length: rows * cols }, () => rng.next() - 0.5);
  for (let i = 0; i < copies; i++)
    for (let c = 0; c < cols; c++)
      data[(rows - 1 - i) * cols + c] = (data[i * cols + c] ?? 0) + 0.1 * (rng.next() - 0.5);
  return standardise({ rows, cols, data });
}

describe('standardise', () => {
  it('gives every row length 1, constant channels included', () => {
    const data = Float32Array.from([5, 1, 2, 5, 3, 4, 5, 9, 1]);
    const { data: out } = standardise({ rows: 3, cols: 3, data });
    for (let row = 0; row < 3; row++)
      expect(Math.hypot(...out.subarray(3 * row, 3 * row + 3))).toBeCloseTo(1, 5);
    expect(out[0]).toBeCloseTo(0, 5);
  });
});

describe('sideBySide', () => {
  it('averages the cosines of its parts', () => {
    const a: Vectors = { rows: 2, cols: 2, data: Float32Array.from([1, 0, 1, 0]) };
    const b: Vectors = { rows: 2, cols: 1, data: Float32Array.from([1, -1]) };
    const joined = sideBySide([a, b]);
    expect(joined.cols).toBe(3);
    expect(nearestNeighbours(joined, 1, -1)[0]?.[0]?.cosine).toBeCloseTo(0, 6);
  });
});

describe('nearestNeighbours', () => {
  it('finds what comparing all pairs by hand finds, nearest first', () => {
    const vectors = withCopies(60, 8, 0);
    const cosine = (a: number, b: number): number =>
      vectors.data
        .subarray(8 * a, 8 * a + 8)
        .reduce((sum, value, i) => sum + value * (vectors.data[8 * b + i] ?? 0), 0);
    nearestNeighbours(vectors, 5, 0.2).forEach((found, a) => {
      const expected = Array.from({ length: 60 }, (_, row) => ({ row, cosine: cosine(a, row) }))
        .filter((other) => other.row !== a && other.cosine >= 0.2)
        .sort((x, y) => y.cosine - x.cosine)
        .slice(0, 5);
      expect(found.map(({ row }) => row)).toEqual(expected.map(({ row }) => row));
    });
  });

  it('finds copies among more rows than it compares pair by pair', () => {
    const [rows, copies] = [8200, 200];
    const found = nearestNeighbours(withCopies(rows, 16, copies), 3, 0.4);
    const hits = Array.from({ length: copies }, (_, i) => found[i]?.[0]?.row === rows - 1 - i);
    expect(hits.filter(Boolean).length).toBeGreaterThanOrEqual(0.98 * copies);
  });
});
