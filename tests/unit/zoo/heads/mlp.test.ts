import { expect, test } from 'vitest';
import { applyHead } from '../../../../zoo/heads/head.js';
import { mlp } from '../../../../zoo/heads/mlp.js';
import { argmaxRows } from '../../../../zoo/metrics/index.js';
import { createRng } from '../../../../zoo/rng.js';

/** Two classes, one in a ring around the other: no line tells them apart. */
function rings(rows: number) {
  const rng = createRng(5);
  const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const data = new Float32Array(rows * 2);
  y.forEach((label, i) => {
    const [angle, radius] = [2 * Math.PI * rng.next(), 0.5 + label + 0.1 * rng.normal()];
    data.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * i);
  });
  return { x: { rows, cols: 2, data }, y };
}

test.each([1, 2, 3])('%i hidden layers learn a ring, and are of the size that was told', async (layers) => {
  const params = { hidden: 32, layers, dropout: 0, weightDecay: 0.01, steps: 200 };
  const { x, y } = rings(200);
  const head = await mlp.fit({ x, y, classes: 2, params, rng: createRng(layers) });
  expect(head.layers.map(({ activation }) => activation)).toEqual([
    ...Array.from({ length: layers }, () => 'relu'),
    'none',
  ]);
  const answers = argmaxRows(applyHead(head, x));
  const right = y.filter((label, i) => answers[i] === label).length;
  expect(right / y.length).toBeGreaterThan(0.95);
  expect(mlp.sizes(2, 2, params)).toEqual(head.layers.map(({ inputs, outputs }) => ({ inputs, outputs })));
});

test('a column that is zero in all it learnt from says nothing when it is not', async () => {
  const params = { hidden: 32, layers: 1, dropout: 0, weightDecay: 0.01, steps: 50 };
  const { x, y } = rings(200);
  const cols = 3;
  const wider = (last: number) => ({
    ...{ rows: x.rows, cols },
    data: Float32Array.from({ length: x.rows * cols }, (_, at) =>
      at % cols < 2 ? (x.data[Math.floor(at / cols) * 2 + (at % cols)] as number) : last,
    ),
  });
  const head = await mlp.fit({ x: wider(0), y, classes: 2, params, rng: createRng(1) });
  expect([...applyHead(head, wider(1000)).data]).toEqual([...applyHead(head, wider(0)).data]);
});

test('the grid tries more than one depth, the further settings vary width, dropout and weight decay', () => {
  expect(new Set(mlp.grid.map(({ layers }) => layers)).size).toBeGreaterThan(1);
  for (const name of ['hidden', 'dropout', 'weightDecay'] as const)
    expect(new Set(mlp.further!.map((params) => params[name])).size).toBeGreaterThan(2);
});
