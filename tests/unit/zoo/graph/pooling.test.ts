import { expect, test } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { isGem, pool, withGem, type TensorLayout } from '../../../../zoo/graph/pooling.js';
import { append, extract } from '../../../../zoo/graph/surgery.js';
import { openSession, type Tap } from '../../../../zoo/index.js';
import { NetworkWriter } from './small-networks.js';

const SHAPES = { nchw: [2, 3, 4, 5], nhwc: [2, 4, 5, 3], tokens: [2, 20, 3] } as const;

/** Where channel c of place p of picture n lies. */
const placed = (layout: keyof typeof SHAPES, n: number, p: number, c: number): number =>
  layout === 'nchw' ? (n * 3 + c) * 20 + p : (n * 20 + p) * 3 + c;

test.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])(
  'the generalised mean of %s is the cube root of the mean cube of what is above 0',
  async (layout) => {
    const net = new NetworkWriter();
    const end = net.op('Identity', ['x'], 'end');
    const input = { name: 'x', type: 'float32' as const, dims: SHAPES[layout] };
    const model = { ...net.model(end), inputs: [input] };
    const pooled = append(model, pool(model, { tensor: end, layout, pooling: 'gem' }, 'pooled'));
    const session = await openSession(writeModel(extract(pooled, ['pooled'])));
    const data = Float32Array.from({ length: 120 }, (_, i) => 3 * Math.sin(i * i));
    const results = await session.run({ x: { type: 'float32', dims: [...SHAPES[layout]], data } });
    await session.close();
    const got = results.pooled?.data as Float32Array;
    expect(results.pooled?.dims).toEqual([2, 3]);
    for (const n of [0, 1])
      for (const c of [0, 1, 2]) {
        let sum = 0;
        for (let p = 0; p < 20; p++) sum += Math.max(0, data[placed(layout, n, p, c)] as number) ** 3;
        expect(got[n * 3 + c]).toBeCloseTo(Math.cbrt(sum / 20), 4);
      }
  },
);

test('each tap that has places gets a twin, and the deepest stays the last', () => {
  const tap = (id: string, layout: TensorLayout, kind: Tap['kind']): Tap => ({
    ...{ id, tensor: id, index: 0, depth: 1, kind, layout, channels: 8, params: 1, flops: 1, bytes: 1 },
  });
  const taps = withGem([
    tap('block-01', 'nchw', 'block'),
    tap('class-02', 'class-token', 'block'),
    tap('block-02', 'tokens', 'last'),
  ]);
  expect(taps.map(({ id }) => id)).toEqual([
    'block-01-gem',
    'block-02-gem',
    'block-01',
    'class-02',
    'block-02',
  ]);
  expect(taps.filter(({ pooling }) => pooling === 'gem').every(({ id }) => isGem(id))).toBe(true);
  expect(taps.filter(({ kind }) => kind === 'last').map(({ id }) => id)).toEqual(['block-02']);
});
