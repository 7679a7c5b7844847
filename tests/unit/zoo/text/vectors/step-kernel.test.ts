import { expect, test } from 'vitest';
import { Draws } from '../../../../../zoo/text/vectors/draws.js';
import { openWorkspace } from '../../../../../zoo/text/vectors/workspace.js';

const RATE = 0.5;

/** The same step in 64-bit floats, from the formula. */
function reference(rows: number[][], samples: number[][]): { rows: number[][]; samples: number[][] } {
  const width = rows[0]?.length ?? 0;
  const range = Array.from({ length: width }, (_, d) => d);
  const h = range.map((d) => rows.reduce((sum, row) => sum + (row[d] ?? 0), 0) / rows.length);
  const gradient = range.map(() => 0);
  const after = samples.map((out, at) => {
    const logit = Math.max(
      -6,
      Math.min(
        6,
        out.reduce((sum, value, d) => sum + value * (h[d] ?? 0), 0),
      ),
    );
    const factor = RATE * ((at === 0 ? 1 : 0) - 1 / (1 + Math.exp(-logit)));
    range.forEach((d) => (gradient[d] = (gradient[d] ?? 0) + factor * (out[d] ?? 0)));
    return out.map((value, d) => value + factor * (h[d] ?? 0));
  });
  return { rows: rows.map((row) => row.map((value, d) => value + (gradient[d] ?? 0))), samples: after };
}

test.each([
  [1, 1, 8],
  [1, 6, 10],
  [5, 3, 33],
])('a step with %i rows and %i samples of width %i is the formula', (rowCount, sampleCount, width) => {
  const size = { width, inputs: rowCount, outputs: sampleCount, maxRows: rowCount, maxSamples: sampleCount };
  const space = openWorkspace(size, new Draws(7));
  const { stride, inputVectors } = space;
  const outputs = new Float32Array(inputVectors.buffer, space.outputs, sampleCount * stride);
  const draws = new Draws(3);
  const read = (vectors: Float32Array, count: number): number[][] =>
    Array.from({ length: count }, (_, i) => Array.from(vectors.subarray(i * stride, i * stride + width)));
  for (const vectors of [inputVectors, outputs])
    for (let i = 0; i < vectors.length; i++) if (i % stride < width) vectors[i] = 2 * draws.unit() - 1;
  const expected = reference(read(inputVectors, rowCount), read(outputs, sampleCount));

  for (let i = 0; i < rowCount; i++) space.rows[i] = space.inputs + i * space.dimBytes;
  for (let i = 0; i < sampleCount; i++) space.samples[i] = space.outputs + i * space.dimBytes;
  space.state.rate(RATE);
  space.state.rows(rowCount);
  const { rowsAt, samplesAt, stateAt, dimBytes, h, gradient } = space;
  const ends = [rowsAt + 4 * rowCount, samplesAt + 4 * sampleCount] as const;
  space.step(rowsAt, ends[0], samplesAt, ends[1], stateAt, dimBytes, h, gradient);

  const compare = (got: number[][], wanted: number[][]): void =>
    got.forEach((row, i) => row.forEach((value, d) => expect(value).toBeCloseTo(wanted[i]?.[d] ?? NaN, 2)));
  compare(read(inputVectors, rowCount), expected.rows);
  compare(read(outputs, sampleCount), expected.samples);
  // Nothing but the named vectors moved: the padding is still zero.
  expect(inputVectors.filter((_, i) => i % stride >= width).every((value) => value === 0)).toBe(true);
});
