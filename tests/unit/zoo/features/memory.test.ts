import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { planPasses } from '../../../../src/training/compute/memory.js';
import { peakActivationBytes } from '../../../../zoo/graph/live-memory.js';
import { measureShapes } from '../../../../zoo/graph/measure.js';
import { floats, ints } from '../../../../zoo/graph/model.js';
import { writeModel } from '../../../../zoo/graph/model-file.js';
import { structureOf } from '../../../../zoo/graph/structure.js';
import {
  estimateBytes,
  getBackbone,
  groupWithin,
  installBackbone,
  openExtractor,
  OutOfMemoryError,
  type InstalledBackbone,
} from '../../../../zoo/index.js';
import { NetworkWriter } from '../graph/small-networks.js';
import { temporaryFolder } from '../backbones/installed.js';

const SIDE = 16;
const PLANE = SIDE * SIDE * 4;

describe('memory of activations', () => {
  const peakOf = async (net: NetworkWriter, last: string, channels: number): Promise<number> => {
    const structure = structureOf(net.model(net.classifier(last, channels)));
    return peakActivationBytes(structure, await measureShapes(structure, [1, 3, SIDE, SIDE]));
  };

  it('is the widest place of a chain', async () => {
    const net = new NetworkWriter();
    const last = net.block(net.block('x', 'a', [3, 8]), 'b', [8, 12]);
    // The second ReLU reads 12 planes and writes 12.
    expect(await peakOf(net, last, 12)).toBe(24 * PLANE);
  });

  it('holds what is read once more later', async () => {
    const net = new NetworkWriter();
    const a = net.block('x', 'a', [3, 8]);
    const sum = net.op('Add', [net.block(a, 'b', [8, 8]), a], 'sum');
    // While the second ReLU is computed: its input, its output, and the first block's.
    expect(await peakOf(net, sum, 8)).toBe(24 * PLANE);
  });
});

/** A network that asks for 128 TiB, more than an address space has, as soon as a batch is larger than this. */
async function greedy(largest: number): Promise<InstalledBackbone> {
  const net = new NetworkWriter();
  const block = net.block('x', 'a', [3, 4]);
  net.op('Shape', ['x'], 'shape');
  net.op('Gather', ['shape', 'first'], 'batch', { axis: 0 });
  net.op('Greater', ['batch', 'largest'], 'tooMany');
  net.op('Cast', ['tooMany'], 'asNumber', { to: 7 });
  net.op('Mul', ['asNumber', 'huge'], 'more');
  net.op('Add', ['more', 'one'], 'size');
  net.op('Expand', ['nothing', 'size'], 'room');
  net.op('ReduceMax', ['room'], 'most', { keepdims: 1 });
  const last = net.op('Relu', [net.op('Add', [block, 'most'], 'sum')], 'b');
  const model = net.model(net.classifier(last, 4));
  const numbers = { first: 0, largest, huge: 2 ** 45, one: 1 };
  const constants = new Map(model.constants);
  for (const [name, value] of Object.entries(numbers)) constants.set(name, ints(name, [value]));
  constants.set('nothing', floats('nothing', [1], Float32Array.of(0)));
  const bytes = writeModel({ ...model, constants });
  const folder = await temporaryFolder();
  const file = path.join(folder, 'greedy.onnx');
  await writeFile(file, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { input, ...card } = getBackbone('nsfwjs-mobilenet-v2');
  return installBackbone(
    {
      ...card,
      id: 'greedy',
      input: { ...input, width: SIDE, height: SIDE, layout: 'nchw' },
      weights: { kind: 'onnx-file', path: file, bytes: bytes.length, sha256 },
    },
    folder,
  );
}

const pictures = Array.from({ length: 21 }, (_, i) => new Uint8Array(SIDE * SIDE * 3).fill(10 * i));

describe('a pass that runs out of memory', () => {
  it('is done again in halves, and gives what it would have given', async () => {
    const installed = await greedy(3);
    const whole = await openExtractor(installed, { batchSize: 16 });
    const single = await openExtractor(installed, { batchSize: 1 });
    expect(await whole.run(pictures)).toEqual(await single.run(pictures));
    await whole.close();
    await single.close();
  });

  it('is an error that says so when a single picture is too much', async () => {
    await expect(greedy(0)).rejects.toThrow(OutOfMemoryError);
  });
});

describe('memory is planned', () => {
  const one = (id: string, weights: number, peakBytes: number): InstalledBackbone => {
    const card = getBackbone('nsfwjs-mobilenet-v2');
    const taps = [{ bytes: weights }] as unknown as InstalledBackbone['taps'];
    return { card: { ...card, id, title: id }, modelPath: '', sha256: '', taps, peakBytes };
  };
  const small = one('small', 10e6, 4e6);
  const large = one('large', 100e6, 40e6);
  const ids = (mostBytes: number): string[][] =>
    planPasses([small, large, small], mostBytes).map((seats) =>
      seats.map(({ installed }) => installed.card.id),
    );

  it('all backbones at a time where there is room, else in as few passes as there is room for', () => {
    expect(ids(10e9)).toEqual([['small', 'large', 'small']]);
    expect(ids(estimateBytes(large, 8) + 1)).toEqual([['small'], ['large'], ['small']]);
    expect(groupWithin([3, 4, 5, 9, 1], (need) => need, 8)).toEqual([[3, 4], [5], [9], [1]]);
  });

  it('with batches that the rest has room for, and never more than was allowed', () => {
    for (const mostBytes of [300e6, 800e6, 2e9, 10e9])
      for (const seats of planPasses([small, large, small], mostBytes))
        expect(
          seats.reduce((sum, { installed, batchSize }) => sum + estimateBytes(installed, batchSize), 0),
        ).toBeLessThanOrEqual(mostBytes);
    expect(planPasses([large], 300e6)[0]?.[0]?.batchSize).toBe(1);
    expect(planPasses([large], 10e9)[0]?.[0]?.batchSize).toBe(32);
  });

  it('and refuses what has no room for one picture, naming it and what it needs', () => {
    expect(() => planPasses([small, large], 200e6)).toThrow(
      /large needs about 261 MB for one picture; 200 MB/,
    );
  });
});
