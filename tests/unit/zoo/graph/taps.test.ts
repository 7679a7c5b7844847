import { describe, expect, it } from 'vitest';
import { measureShapes } from '../../../../zoo/graph/measure.js';
import type { Model } from '../../../../zoo/graph/model.js';
import { structureOf } from '../../../../zoo/graph/structure.js';
import { findTaps, tapsAt } from '../../../../zoo/graph/taps.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { pool } from '../../../../zoo/graph/pooling.js';
import { append, extract } from '../../../../zoo/graph/surgery.js';
import { GraphError, openSession } from '../../../../zoo/index.js';
import type { Tap } from '../../../../zoo/index.js';
import { NetworkWriter } from './small-networks.js';

async function tapsOf(model: Model, dims: readonly number[]): Promise<Tap[]> {
  const structure = structureOf(model);
  return findTaps(structure, await measureShapes(structure, dims));
}

const summary = (taps: readonly Tap[]): string[] =>
  taps.map((tap) => `${tap.id} ${tap.kind} ${tap.tensor} ${tap.channels}`);

describe('taps of plain chains', () => {
  it('are the activations, not what is before them, and the classifier is none', async () => {
    const net = new NetworkWriter();
    const a = net.block('x', 'a', [3, 8]);
    const b = net.block(
      net.op('MaxPool', [a], 'half', { kernel_shape: [2, 2], strides: [2, 2] }),
      'b',
      [8, 12],
    );
    const taps = await tapsOf(net.model(net.classifier(b, 12)), net.dims);
    expect(summary(taps)).toEqual(['block-01 block a 8', 'block-02 last b 12']);
  });

  it('leave out depthwise halves of separable blocks', async () => {
    const net = new NetworkWriter();
    const a = net.block('x', 'a', [3, 8]);
    const dw = net.block(a, 'depthwise', [8, 8], { group: 8 });
    const b = net.block(dw, 'b', [8, 12]);
    const taps = await tapsOf(net.model(net.classifier(b, 12)), net.dims);
    expect(taps.map((tap) => tap.tensor)).toEqual(['a', 'b']);
  });

  it('leave out a classifier made of a convolution and pooling', async () => {
    const net = new NetworkWriter();
    const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
    const scores = net.op('GlobalAveragePool', [net.conv(b, 'logits', [12, 5])], 'scores');
    expect((await tapsOf(net.model(scores), net.dims)).map((tap) => tap.tensor)).toEqual(['a', 'b']);
  });

  it('keep the last layer of a network that has no classifier', async () => {
    const net = new NetworkWriter();
    const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
    const taps = await tapsOf(net.model(net.op('GlobalAveragePool', [b], 'features')), net.dims);
    expect(taps.at(-1)).toMatchObject({ tensor: 'b', kind: 'last', depth: 1 });
  });

  it('take hidden dense layers where nothing was pooled before them', async () => {
    const net = new NetworkWriter(4);
    const flat = net.op('Flatten', [net.block('x', 'a', [3, 8])], 'flat', { axis: 1 });
    const hidden = net.op('Relu', [net.dense(flat, 'fc1', [128, 20])], 'hidden');
    const taps = await tapsOf(net.model(net.dense(hidden, 'fc2', [20, 5])), net.dims);
    expect(summary(taps)).toEqual(['block-01 block a 8', 'block-02 last hidden 20']);
    expect(taps[1]?.layout).toBe('vector');
  });
});

/** relu(x + conv(relu(conv(x)))), through `inner` channels. */
function residual(net: NetworkWriter, input: string, name: string, channels: number, inner: number): string {
  const middle = net.block(input, `${name}.middle`, [channels, inner]);
  const back = net.conv(middle, `${name}.back`, [inner, channels]);
  return net.op('Relu', [net.op('Add', [input, back], `${name}.sum`)], name);
}

describe('taps of branching networks', () => {
  it('are the ends of residual blocks, after their activation', async () => {
    const net = new NetworkWriter();
    const stem = net.block('x', 'stem', [3, 8]);
    const a = residual(net, stem, 'a', 8, 4);
    const b = residual(net, a, 'b', 8, 4);
    const taps = await tapsOf(net.model(net.classifier(b, 8)), net.dims);
    expect(summary(taps)).toEqual(['block-01 block stem 8', 'block-02 block a 8', 'block-03 last b 8']);
  });

  it('include what is wider inside a block than at both its ends', async () => {
    const net = new NetworkWriter();
    const a = residual(net, net.block('x', 'stem', [3, 8]), 'a', 8, 24);
    const taps = await tapsOf(net.model(net.classifier(a, 8)), net.dims);
    expect(summary(taps)).toEqual(['block-01 block stem 8', 'wide-02 wide a.middle 24', 'block-02 last a 8']);
  });

  it('treat inverted bottlenecks without a shortcut alike, and pad away nothing', async () => {
    const net = new NetworkWriter();
    const first = net.conv(net.block('x', 'stem', [3, 8]), 'narrow', [8, 4]);
    const expanded = net.block(first, 'expand', [4, 24]);
    const back = net.conv(
      net.block(expanded, 'depthwise', [24, 24], { group: 24, stride: 2 }),
      'project',
      [24, 6],
    );
    const taps = await tapsOf(net.model(net.classifier(net.block(back, 'top', [6, 32]), 32)), net.dims);
    expect(summary(taps)).toEqual([
      'block-01 block stem 8',
      'block-02 block narrow 4',
      'wide-03 wide expand 24',
      'block-03 block project 6',
      'block-04 last top 32',
    ]);
  });

  it('are the joins of inception and fire blocks, squeezes left out', async () => {
    const net = new NetworkWriter();
    const stem = net.block('x', 'stem', [3, 16]);
    const squeeze = net.block(stem, 'squeeze', [16, 4]);
    const fire = net.op(
      'Concat',
      [net.block(squeeze, 'left', [4, 10]), net.block(squeeze, 'right', [4, 10])],
      'fire',
      { axis: 1 },
    );
    const taps = await tapsOf(net.model(net.classifier(net.block(fire, 'top', [20, 24]), 24)), net.dims);
    expect(taps.map((tap) => tap.tensor)).toEqual(['stem', 'fire', 'top']);
  });

  it('follow the output that most of the network leads to', async () => {
    const net = new NetworkWriter();
    const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
    const early = net.op('GlobalAveragePool', ['a'], 'early');
    const taps = await tapsOf(net.model(early, net.classifier(b, 12)), net.dims);
    expect(taps.map((tap) => tap.tensor)).toEqual(['a', 'b']);
  });

  it('are not hidden by sizes that are computed from the shape of an earlier tensor', async () => {
    const net = new NetworkWriter();
    const a = net.block('x', 'a', [3, 8]);
    const b = net.block(a, 'b', [8, 8]);
    const shape = net.op('Shape', [a], 'shape');
    const c = net.block(net.op('Reshape', [b, shape], 'same'), 'c', [8, 12]);
    const taps = await tapsOf(net.model(net.classifier(c, 12)), net.dims);
    expect(taps.map((tap) => tap.tensor)).toEqual(['a', 'same', 'c']);
  });
});

const WIDTH = 8;

/** (x - mean) / deviation, out of single operators, as exporters write it. */
function normalise(net: NetworkWriter, x: string, name: string): string {
  const mean = net.op('ReduceMean', [x], `${name}.mean`, { axes: [-1], keepdims: 1 });
  const centred = net.op('Sub', [x, mean], `${name}.centred`);
  const squared = net.op('Mul', [centred, centred], `${name}.squared`);
  const variance = net.op('ReduceMean', [squared], `${name}.variance`, { axes: [-1], keepdims: 1 });
  return net.op('Div', [centred, net.op('Sqrt', [variance], `${name}.deviation`)], name);
}

const product = (net: NetworkWriter, x: string, name: string, dims: readonly number[]): string =>
  net.op('MatMul', [x, net.constant(`${name}.w`, dims)], name);

/** Attention of one head and a hidden layer four times as wide, each added to what came in. */
function transformerBlock(net: NetworkWriter, x: string, name: string): string {
  const first = normalise(net, x, `${name}.ln1`);
  const [q, k, v] = ['q', 'k', 'v'].map((part) => product(net, first, `${name}.${part}`, [WIDTH, WIDTH]));
  const turned = net.op('Transpose', [k ?? ''], `${name}.kt`, { perm: [0, 2, 1] });
  const scores = net.op('Softmax', [net.op('MatMul', [q ?? '', turned], `${name}.qk`)], `${name}.scores`, {
    axis: 2,
  });
  const mixed = net.op('MatMul', [scores, v ?? ''], `${name}.mixed`);
  const middle = net.op('Add', [x, product(net, mixed, `${name}.out`, [WIDTH, WIDTH])], `${name}.middle`);
  const second = normalise(net, middle, `${name}.ln2`);
  const hidden = net.op('Relu', [product(net, second, `${name}.fc1`, [WIDTH, 32])], `${name}.hidden`);
  return net.op('Add', [middle, product(net, hidden, `${name}.fc2`, [32, WIDTH])], name);
}

/** A vision transformer for 16 x 16 pictures in patches of 4, with or without a class token. */
function visionTransformer(net: NetworkWriter, classToken: boolean): string {
  const kernel = net.constant('patch.w', [WIDTH, 3, 4, 4]);
  const patches = net.op('Conv', ['x', kernel], 'patch', { strides: [4, 4] });
  const flat = net.op('Reshape', [patches, net.sizes('flat.shape', [0, WIDTH, 16])], 'flat');
  let tokens = net.op('Transpose', [flat], 'tokens', { perm: [0, 2, 1] });
  if (classToken) {
    const batch = net.op(
      'Slice',
      [net.op('Shape', ['x'], 'shape'), net.sizes('from', [0]), net.sizes('to', [1])],
      'batch',
    );
    const size = net.op('Concat', [batch, net.sizes('one', [1, WIDTH])], 'size', { axis: 0 });
    const token = net.op('Expand', [net.constant('class', [1, 1, WIDTH]), size], 'class.n');
    tokens = net.op('Concat', [token, tokens], 'with-class', { axis: 1 });
  }
  const placed = net.op('Add', [tokens, net.constant('places', [1, classToken ? 17 : 16, WIDTH])], 'placed');
  return normalise(net, transformerBlock(net, transformerBlock(net, placed, 'a'), 'b'), 'end');
}

describe('taps of transformers', () => {
  it('are what each half of a block adds up to, as class token and as mean of tokens, and the hidden layers', async () => {
    const net = new NetworkWriter(16);
    const first = net.op('Gather', [visionTransformer(net, true), net.sizes('first', [0])], 'first-token', {
      axis: 1,
    });
    const scores = net.dense(net.op('Flatten', [first], 'vector', { axis: 1 }), 'scores', [WIDTH, 5]);
    const taps = await tapsOf(net.model(scores), net.dims);
    expect(taps.map(({ id, tensor, layout }) => `${id} ${tensor} ${layout}`)).toEqual([
      'block-01 patch nchw',
      'class-02 a.middle class-token',
      'block-02 a.middle tokens',
      'wide-03 a.hidden tokens',
      'class-03 a class-token',
      'block-03 a tokens',
      'class-04 b.middle class-token',
      'block-04 b.middle tokens',
      'wide-05 b.hidden tokens',
      'class-05 end class-token',
      'block-05 end tokens',
    ]);
    expect(taps.map(({ channels }) => channels)).toEqual([8, 8, 8, 32, 8, 8, 8, 8, 32, 8, 8]);
    expect(taps.filter(({ kind }) => kind === 'last')).toEqual([taps.at(-1)]);
  });

  it('are the mean of tokens alone where there is no class token', async () => {
    const net = new NetworkWriter(16);
    const taps = await tapsOf(net.model(visionTransformer(net, false)), net.dims);
    expect(taps.map(({ id }) => id)).toEqual([
      'block-01',
      'block-02',
      'wide-03',
      'block-03',
      'block-04',
      'wide-05',
      'block-05',
    ]);
  });

  it('give the first token and the mean of all', async () => {
    const net = new NetworkWriter(16);
    const end = visionTransformer(net, true);
    const model = net.model(end);
    const pooled = (['tokens', 'class-token'] as const).map((layout) =>
      pool(model, { tensor: end, layout }, `by-${layout}`),
    );
    const whole = pooled.reduce(append, model);
    const session = await openSession(writeModel(extract(whole, [end, 'by-tokens', 'by-class-token'])));
    const data = Float32Array.from({ length: 2 * 3 * 16 * 16 }, (_, i) => Math.sin(i));
    const results = await session.run({ x: { type: 'float32', dims: [2, 3, 16, 16], data } });
    await session.close();
    const tokens = results[end]?.data as Float32Array;
    const at = (picture: number, token: number, channel: number): number =>
      tokens[(picture * 17 + token) * WIDTH + channel] ?? NaN;
    for (const picture of [0, 1]) {
      for (let channel = 0; channel < WIDTH; channel++) {
        const mean =
          Array.from({ length: 17 }, (_, token) => at(picture, token, channel)).reduce((a, b) => a + b) / 17;
        expect(results['by-class-token']?.data[picture * WIDTH + channel]).toBe(at(picture, 0, channel));
        expect(results['by-tokens']?.data[picture * WIDTH + channel]).toBeCloseTo(mean, 5);
      }
    }
  });
});

describe('costs', () => {
  it('are counted by the formula, up to the tap', async () => {
    const net = new NetworkWriter(16, 3);
    const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12], { stride: 2 });
    const taps = await tapsOf(net.model(net.classifier(b, 12)), net.dims);
    const [a, last] = taps as [Tap, Tap];
    expect(a.params).toBe(3 * 8 * 9);
    expect(last.params).toBe(3 * 8 * 9 + 8 * 12 * 9);
    // Two operations for each product, one for each ReLU.
    expect(a.flops).toBe(16 * 16 * 8 * (2 * 3 * 9 + 1));
    expect(last.flops).toBe(a.flops + 8 * 8 * 12 * (2 * 8 * 9 + 1));
    expect([a.depth, last.depth]).toEqual([a.flops / last.flops, 1]);
    expect(taps.map((tap) => tap.index)).toEqual([0, 1]);
  });
});

describe('taps of a card', () => {
  it('are ordered by depth whatever the order of the list', async () => {
    const net = new NetworkWriter();
    const b = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
    const structure = structureOf(net.model(net.classifier(b, 12)));
    const shapes = await measureShapes(structure, net.dims);
    expect(summary(tapsAt(structure, shapes, ['b', 'a.conv']))).toEqual([
      'block-01 block a.conv 8',
      'block-02 last b 12',
    ]);
    expect(() => tapsAt(structure, shapes, ['c'])).toThrow(GraphError);
  });
});
