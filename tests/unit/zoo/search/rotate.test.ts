import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../../zoo/heads/head.js';
import { logistic } from '../../../../zoo/heads/logistic.js';
import { ridge } from '../../../../zoo/heads/ridge.js';
import type { Matrix } from '../../../../zoo/matrix.js';
import { createRng } from '../../../../zoo/rng.js';
import { rotate } from '../../../../zoo/search/rotate.js';
import { standardisationOf, standardise } from '../../../../zoo/search/standardise.js';

function gaussian(rows: number, cols: number, seed: number): Matrix {
  const rng = createRng(seed);
  return { rows, cols, data: Float32Array.from({ length: rows * cols }, () => rng.normal()) };
}

const close = (a: ArrayLike<number>, b: ArrayLike<number>, tolerance: number): void => {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(tolerance);
};

describe('rotate', () => {
  it('loses nothing for penalised linear heads, and lifts them back', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 6, max: 40 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 0, max: 1e6 }),
        async (rows, extra, seed) => {
          const x = gaussian(rows, rows + extra, seed);
          const train = standardise(x, standardisationOf(x));
          const other = gaussian(9, rows + extra, seed + 1);
          const rotation = rotate(train);
          expect(rotation.train.cols).toBe(rows);
          const y = Int32Array.from({ length: rows }, (_, i) => i % 3);
          for (const [head, strength] of [
            [ridge, 0.3],
            [logistic, 0.003],
          ] as const) {
            const request = { y, classes: 3, params: { strength }, rng: createRng(0) };
            const plain = applyHead(await head.fit({ ...request, x: train }), other).data;
            const fitted = await head.fit({ ...request, x: rotation.train });
            const scale = 1 + Math.max(...Array.from(plain, Math.abs));
            close(applyHead(fitted, rotation.project(other)).data, plain, 0.03 * scale);
            close(
              applyHead(rotation.lift(fitted), other).data,
              applyHead(fitted, rotation.project(other)).data,
              0.005 * scale,
            );
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('rotates rows of one pattern, of which most are sums of others: rounding must not make their lengths imaginary', () => {
    const [slots, words, copies, rows] = [5, 8, 40, 300];
    const rng = createRng('pattern');
    const cols = slots * words * copies;
    const data = new Float32Array(rows * cols);
    for (let row = 0; row < rows; row++)
      for (let slot = 0; slot < slots; slot++) {
        const word = rng.int(words);
        for (let copy = 0; copy < copies; copy++)
          data[row * cols + (slot * copies + copy) * words + word] = 1;
      }
    const x = standardise({ rows, cols, data }, standardisationOf({ rows, cols, data }));
    const { train, project } = rotate(x);
    const first = (m: Matrix): Float32Array => m.data.subarray(0, m.cols);
    close(first(project(x)), first(train), 0.05 * Math.sqrt(cols));
  });

  it('leaves narrow features alone', () => {
    const x = gaussian(10, 10, 1);
    const rotation = rotate(x);
    expect(rotation.train).toBe(x);
    expect(rotation.project(x)).toBe(x);
  });
});

describe('standardise', () => {
  it('gives mean 0 and deviation 1, and survives columns that do not move', () => {
    const x = gaussian(50, 3, 2);
    for (let i = 0; i < 50; i++) {
      x.data[i * 3] = 100 + 7 * x.data[i * 3]!;
      x.data[i * 3 + 2] = 4;
    }
    const scaling = standardisationOf(x);
    expect(scaling.mean[0]).toBeGreaterThan(97);
    const out = standardise(x, scaling);
    for (const d of [0, 1]) {
      const column = Array.from({ length: 50 }, (_, i) => out.data[i * 3 + d]!);
      expect(column.reduce((a, b) => a + b) / 50).toBeCloseTo(0, 5);
      expect(column.reduce((a, b) => a + b * b, 0) / 50).toBeCloseTo(1, 5);
    }
    for (let i = 0; i < 50; i++) expect(out.data[i * 3 + 2]).toBe(0);
    expect(standardisationOf({ rows: 3, cols: 1, data: new Float32Array(3) }).std[0]).toBe(1);
  });
});
