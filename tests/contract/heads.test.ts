import { describe, expect, it } from 'vitest';
import { applyHead, fitGrid, flopsOf, paramsOf } from '../../zoo/heads/head.js';
import { getHead, heads } from '../../zoo/heads/registry.js';
import type { Matrix } from '../../zoo/matrix.js';
import { argmaxRows, softmaxRows } from '../../zoo/metrics/index.js';
import { createRng } from '../../zoo/rng.js';
import { liveTensors } from '../../zoo/runtimes/tfjs.js';

const classes = 3;

/** Three clouds far apart, in `cols` dimensions. */
function clouds(rows: number, cols: number, seed: number): { x: Matrix; y: Int32Array } {
  const rng = createRng(seed);
  const centres = Array.from({ length: classes * cols }, (_, i) => 2 * createRng(`centre ${i}`).normal());
  const y = Int32Array.from({ length: rows }, (_, i) => i % classes);
  const data = Float32Array.from(
    { length: rows * cols },
    (_, i) => centres[y[Math.floor(i / cols)]! * cols + (i % cols)]! + 0.3 * rng.normal(),
  );
  return { x: { rows, cols, data }, y };
}

it('ids are unique and can be looked up', () => {
  expect(new Set(heads.map(({ id }) => id)).size).toBe(heads.length);
  for (const head of heads) expect(getHead(head.id)).toBe(head);
  expect(() => getHead('nonesuch')).toThrow(/no head "nonesuch".*ridge/);
});

describe.each(heads.map((head) => [head.id, head] as const))('head %s', (_, head) => {
  const params = head.grid[0]!;
  const request = (cols: number, seed = 1) => ({
    ...clouds(60, cols, 3),
    classes,
    params,
    rng: createRng(seed),
  });

  it('has a title and a grid that its own schema accepts', () => {
    expect(head.title).not.toBe('');
    expect(head.grid.length).toBeGreaterThan(0);
    const all = [...head.grid, ...(head.further ?? [])];
    for (const setting of all) expect(head.params.parse(setting)).toEqual(setting);
    expect(new Set(all.map((setting) => JSON.stringify(setting))).size).toBe(all.length);
    expect(() => head.params.parse({})).toThrow();
  });

  it.each([5, 90])('separates separable data of %i features, seen and unseen', async (cols) => {
    const fitted = await head.fit(request(cols));
    for (const rows of [clouds(60, cols, 3), clouds(90, cols, 4)]) {
      expect([...argmaxRows(applyHead(fitted, rows.x))]).toEqual([...rows.y]);
    }
  });

  it('gives layers that fit together, finite, with probabilities that sum to 1', async () => {
    const fitted = await head.fit(request(7));
    expect(fitted.layers[0]!.inputs).toBe(7);
    expect(fitted.layers.at(-1)).toMatchObject({ outputs: classes, activation: 'none' });
    const probabilities = softmaxRows(applyHead(fitted, clouds(9, 7, 8).x));
    for (let i = 0; i < 9; i++) {
      const row = Array.from(probabilities.data.subarray(i * classes, (i + 1) * classes));
      expect(row.reduce((sum, value) => sum + value)).toBeCloseTo(1, 9);
    }
  });

  it('counts its weights and its operations', async () => {
    const fitted = await head.fit(request(7));
    const actual = fitted.layers.reduce((sum, layer) => sum + layer.weights.length + layer.bias.length, 0);
    expect(paramsOf(head.sizes(7, classes, params))).toBe(actual);
    const products = fitted.layers.reduce((sum, layer) => sum + layer.weights.length, 0);
    expect(flopsOf(head.sizes(7, classes, params))).toBe(2 * products);
  });

  it('is the same for the same seed, to the bit', async () => {
    const [first, second] = [await head.fit(request(20)), await head.fit(request(20))];
    expect(second).toEqual(first);
  });

  it('fits a grid as it fits one setting after the other', async () => {
    const grid = head.grid.slice(0, 3);
    const together = await fitGrid(head, { ...request(20), grid });
    for (const [index, setting] of grid.entries()) {
      const alone = applyHead(await head.fit({ ...request(20), params: setting }), clouds(9, 20, 5).x);
      const among = applyHead(together[index]!, clouds(9, 20, 5).x);
      alone.data.forEach((value, i) => expect(among.data[i]).toBeCloseTo(value, 1));
    }
  });

  it('leaves no tensor behind, and stops when told to', async () => {
    await head.fit(request(7));
    const before = await liveTensors();
    await head.fit(request(7));
    await expect(head.fit({ ...request(7), signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
    expect(await liveTensors()).toBe(before);
  });
});
