import { expect, test } from 'vitest';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { isGem, pool, poolTogether, withGem, type TensorLayout } from '../../../../zoo/graph/pooling.js';
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

const tap = (id: string, layout: TensorLayout, kind: Tap['kind'], side?: number): Tap => ({
  ...{ id, tensor: id, index: 0, depth: 1, kind, layout, channels: 3, params: 1, flops: 1, bytes: 1, side },
});

test('each tap that has places gets a twin, and the deepest stays the last', () => {
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

test('large planes are read at every second or third place a side, the largest not at all', () => {
  const sides = [7, 14, 23, 24, 28, 36, 47, 48, 112];
  const twins = withGem(sides.map((side) => tap(`side-${side}`, 'nchw', 'block', side)));
  const strides = twins.filter(({ pooling }) => pooling === 'gem').map(({ id, stride }) => [id, stride]);
  expect(strides).toEqual([
    ['side-7-gem', 1],
    ['side-14-gem', 1],
    ['side-23-gem', 1],
    ['side-24-gem', 2],
    ['side-28-gem', 2],
    ['side-36-gem', 3],
    ['side-47-gem', 3],
  ]);
});

test.each([
  ['mean', 'mean'],
  ['gem', 'gem'],
  ['gem', 'mean'],
] as const)('planes pooled together by %s and %s are what each is by itself', async (one, other) => {
  const net = new NetworkWriter();
  const first = net.block('x', 'first', [3, 4]);
  // What a linear convolution gives is below 0 in places, what a ReLU gives is not.
  const second = net.conv(first, 'second', [4, 6]);
  const model = net.model(second);
  const pooled = [
    { tensor: first, layout: 'nchw' as const, pooling: one, channels: 4 },
    { tensor: second, layout: 'nchw' as const, pooling: other, channels: 6, stride: 2 },
  ];
  let wider = append(model, poolTogether(model, pooled, 'together'));
  for (const [i, planes] of pooled.entries()) wider = append(wider, pool(wider, planes, `alone-${i}`));
  const session = await openSession(writeModel(extract(wider, ['together', 'alone-0', 'alone-1'])));
  const data = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => 3 * Math.sin(i * i));
  const {
    together,
    'alone-0': left,
    'alone-1': right,
  } = await session.run({
    x: { type: 'float32', dims: [1, 3, 16, 16], data },
  });
  await session.close();
  expect(together?.dims).toEqual([1, 10]);
  const alone = [...(left?.data as Float32Array), ...(right?.data as Float32Array)];
  [...(together?.data as Float32Array)].forEach((value, i) =>
    expect(value).toBeCloseTo(alone[i] as number, 6),
  );
});
