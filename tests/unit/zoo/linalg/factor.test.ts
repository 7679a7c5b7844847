import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addGram,
  addProduct,
  cholesky,
  invertTransposed,
  NotPositiveDefiniteError,
  solveFactored,
  solveRight,
  solveRows,
  withArena,
  type Arena,
  type Panel64,
} from '../../../../zoo/linalg/index.js';
import { createRng } from '../../../../zoo/rng.js';

const sizes = fc.integer({ min: 1, max: 70 });
const seeds = fc.integer({ min: 0, max: 1e6 });

function gaussian(rows: number, cols: number, seed: number): Float32Array {
  const rng = createRng(seed);
  return Float32Array.from({ length: rows * cols }, () => rng.normal());
}

function dot(a: Float32Array, i: number, b: Float32Array, j: number, cols: number): number {
  let sum = 0;
  for (let d = 0; d < cols; d++) sum += a[i * cols + d]! * b[j * cols + d]!;
  return sum;
}

function load32(arena: Arena, data: Float32Array, rows: number, cols: number) {
  const panel = arena.panel32(rows, cols);
  for (let i = 0; i < rows; i++) panel.data.set(data.subarray(i * cols, (i + 1) * cols), i * panel.stride);
  return panel;
}

/** Lower triangle of X X^T + I for random X. */
function positiveDefinite(
  arena: Arena,
  size: number,
  seed: number,
): { panel: Panel64; at: (i: number, j: number) => number } {
  const x = gaussian(size, size, seed);
  const at = (i: number, j: number): number => dot(x, i, x, j, size) + (i === j ? 1 : 0);
  const panel = arena.panel64(size, size);
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) panel.data[i * panel.stride + j] = at(i, j);
  return { panel, at };
}

describe('kernels', () => {
  it('add Gram matrices and products of any shape', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.integer({ min: 1, max: 1100 }), seeds, (m, n, depth, seed) => {
        const a = gaussian(m, depth, seed);
        const b = gaussian(n, depth, seed + 1);
        withArena((arena) => {
          const gram = arena.panel64(m, m);
          addGram(gram, load32(arena, a, m, depth));
          const product = arena.panel64(m, n);
          addProduct(product, load32(arena, a, m, depth), load32(arena, b, n, depth));
          for (let i = 0; i < m; i++) {
            for (let j = 0; j <= i; j++)
              expect(gram.data[i * gram.stride + j]).toBeCloseTo(dot(a, i, a, j, depth), 2);
            for (let j = 0; j < n; j++)
              expect(product.data[i * product.stride + j]).toBeCloseTo(dot(a, i, b, j, depth), 2);
          }
        });
      }),
      { numRuns: 15 },
    );
  });

  it('factor: L L^T gives the matrix back', () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        withArena((arena) => {
          const { panel, at } = positiveDefinite(arena, size, seed);
          cholesky(panel);
          const { data, stride } = panel;
          for (let i = 0; i < size; i++) {
            for (let j = 0; j <= i; j++) {
              let sum = 0;
              for (let k = 0; k <= j; k++) sum += data[i * stride + k]! * data[j * stride + k]!;
              expect(sum).toBeCloseTo(at(i, j), 8);
            }
          }
        });
      }),
      { numRuns: 25 },
    );
  });

  it('invert and solve: R R^T and the solver agree with the matrix', () => {
    fc.assert(
      fc.property(sizes, seeds, (size, seed) => {
        withArena((arena) => {
          const { panel, at } = positiveDefinite(arena, size, seed);
          cholesky(panel);
          const inverse = arena.panel64(size, size);
          invertTransposed(inverse, panel);
          const right = arena.panel64(size, size);
          for (let i = 0; i < size; i++) right.data[i * right.stride + i] = 1;
          solveRight(right, panel);
          const rng = createRng(seed);
          const b = Float64Array.from({ length: size * 2 }, () => rng.normal());
          const x = Float64Array.from(b);
          solveFactored(panel, x, 2);
          // The same, its vectors as rows, with what is past the end of the rows left alone.
          const rows = arena.panel64(2, size);
          for (let i = 0; i < size; i++)
            for (let c = 0; c < 2; c++) rows.data[c * rows.stride + i] = b[i * 2 + c]!;
          solveRows(rows, panel);
          for (let i = 0; i < size; i++)
            for (let c = 0; c < 2; c++) expect(rows.data[c * rows.stride + i]).toBeCloseTo(x[i * 2 + c]!, 12);
          for (let i = 0; i < size; i++) {
            let sum = 0;
            for (let k = 0; k < size; k++) {
              expect(right.data[i * right.stride + k]).toBeCloseTo(inverse.data[i * inverse.stride + k]!, 9);
              sum += at(Math.max(i, k), Math.min(i, k)) * x[k * 2 + 1]!;
            }
            expect(sum).toBeCloseTo(b[i * 2 + 1]!, 7);
          }
          let corner = 0;
          for (let k = 0; k < size; k++) corner += inverse.data[k]! ** 2;
          const unit = new Float64Array(size);
          unit[0] = 1;
          solveFactored(panel, unit, 1);
          expect(corner).toBeCloseTo(unit[0], 8);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('factor: what is past the end of the matrix has no part in it', () => {
    withArena((arena) => {
      const size = 21;
      const { panel, at } = positiveDefinite(arena, size, 4);
      panel.data.fill(7, size * panel.stride, (size + 11) * panel.stride);
      cholesky(panel);
      const b = Float64Array.from({ length: size }, (_, i) => i - 3);
      const x = Float64Array.from(b);
      solveFactored(panel, x, 1);
      for (let i = 0; i < size; i++) {
        let sum = 0;
        for (let k = 0; k < size; k++) sum += at(Math.max(i, k), Math.min(i, k)) * x[k]!;
        expect(sum).toBeCloseTo(b[i]!, 7);
      }
    });
  });

  it('refuse a matrix that is not positive definite', () => {
    withArena((arena) => {
      const panel = arena.panel64(3, 3);
      panel.data[0] = 1;
      panel.data[panel.stride + 1] = -1;
      expect(() => cholesky(panel)).toThrow(NotPositiveDefiniteError);
    });
  });

  it('keep panels readable when the memory grows, and give room back', () => {
    const first = withArena((arena) => {
      const panel = arena.panel64(1, 1);
      panel.data[0] = 42;
      arena.panel64(3000, 1000);
      expect(panel.data[0]).toBe(42);
      return panel.address;
    });
    withArena((arena) => {
      const again = arena.panel64(1, 1);
      expect(again.address).toBe(first);
      expect(again.data[0]).toBe(0);
    });
  });
});
