import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../../zoo/heads/head.js';
import { ridge } from '../../../../zoo/heads/ridge.js';
import { ridgeCrossValidation, ridgeLeaveOneOut } from '../../../../zoo/heads/ridge-cross-validation.js';
import { ridgeSystem } from '../../../../zoo/heads/ridge-system.js';
import { takeRows, type Matrix } from '../../../../zoo/matrix.js';
import { createRng } from '../../../../zoo/rng.js';

interface Case {
  x: Matrix;
  y: Int32Array;
  groupOf: number[];
}

function randomCase(rows: number, cols: number, groups: number, seed: number): Case {
  const rng = createRng(seed);
  const y = Int32Array.from({ length: rows }, () => rng.int(3));
  const data = Float32Array.from(
    { length: rows * cols },
    (_, i) => rng.normal() + (i % 3 === y[Math.floor(i / cols)] ? 0.5 : 0),
  );
  return { x: { rows, cols, data }, y, groupOf: Array.from({ length: rows }, () => rng.int(groups)) };
}

/** Scores of the rows left out, by fitting again without them at the same absolute penalty. */
async function bruteForce({ x, y }: Case, left: number[], strength: number): Promise<number[]> {
  const kept = Array.from({ length: x.rows }, (_, i) => i).filter((i) => !left.includes(i));
  const rest = takeRows(x, kept);
  const same = (strength * ridgeSystem(x).unit) / ridgeSystem(rest).unit;
  const request = { x: rest, y: Int32Array.from(kept, (i) => y[i]!), classes: 3, rng: createRng(0) };
  return [...applyHead(await ridge.fit({ ...request, params: { strength: same } }), takeRows(x, left)).data];
}

const shape = fc.record({
  rows: fc.integer({ min: 6, max: 45 }),
  cols: fc.integer({ min: 1, max: 90 }),
  groups: fc.integer({ min: 2, max: 7 }),
  seed: fc.integer({ min: 0, max: 1e6 }),
  strength: fc.constantFrom(0.03, 0.3, 3),
});

describe('ridge held-out predictions in closed form', () => {
  it('leave-one-out equals fitting once a row', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, cols, seed, strength }) => {
        const sample = randomCase(rows, cols, 2, seed);
        const { data } = ridgeLeaveOneOut(sample.x, sample.y, 3).heldOut(strength);
        for (const row of [0, 1, rows - 1]) {
          const expected = await bruteForce(sample, [row], strength);
          expected.forEach((value, c) => expect(data[row * 3 + c]).toBeCloseTo(value, 3));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('groups equal fitting once a group', async () => {
    await fc.assert(
      fc.asyncProperty(shape, async ({ rows, cols, groups, seed, strength }) => {
        const sample = randomCase(rows, cols, groups, seed);
        const left = sample.groupOf.flatMap((group, i) => (group === sample.groupOf[0] ? [i] : []));
        fc.pre(left.length <= rows - 2);
        const { data } = ridgeCrossValidation(sample.x, sample.y, 3, sample.groupOf).heldOut(strength);
        const expected = await bruteForce(sample, left, strength);
        left.forEach((row, i) => {
          for (let c = 0; c < 3; c++) expect(data[row * 3 + c]).toBeCloseTo(expected[i * 3 + c]!, 3);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('ridge fit', () => {
  it('has a zero gradient: X^T (X W + b - Y) + lambda W = 0, in both forms', async () => {
    for (const cols of [7, 80]) {
      const { x, y } = randomCase(40, cols, 2, 9);
      const fitted = await ridge.fit({ x, y, classes: 3, params: { strength: 0.1 }, rng: createRng(0) });
      const scores = applyHead(fitted, x);
      const lambda = 0.1 * ridgeSystem(x).unit;
      for (let c = 0; c < 3; c++) {
        let total = 0;
        for (let i = 0; i < 40; i++) total += scores.data[i * 3 + c]! - (y[i] === c ? 1 : 0);
        expect(total).toBeCloseTo(0, 3);
        for (let d = 0; d < cols; d++) {
          let gradient = lambda * fitted.layers[0]!.weights[d * 3 + c]!;
          for (let i = 0; i < 40; i++)
            gradient += x.data[i * cols + d]! * (scores.data[i * 3 + c]! - (y[i] === c ? 1 : 0));
          expect(gradient).toBeCloseTo(0, 3);
        }
      }
    }
  });

  it('takes constant features without failing', async () => {
    const x = { rows: 4, cols: 2, data: new Float32Array(8).fill(1) };
    const fitted = await ridge.fit({
      x,
      y: Int32Array.of(0, 1, 0, 1),
      classes: 2,
      params: { strength: 0.1 },
      rng: createRng(0),
    });
    expect([...applyHead(fitted, x).data.slice(0, 2)]).toEqual([0.5, 0.5]);
  });
});
