import { describe, expect, it } from 'vitest';
import { planPasses } from '../../../../src/training/compute/memory.js';
import { peakActivationBytes } from '../../../../zoo/graph/live-memory.js';
import { measureShapes } from '../../../../zoo/graph/measure.js';
import { structureOf } from '../../../../zoo/graph/structure.js';
import {
  estimateBytes,
  getBackbone,
  groupWithin,
  openExtractor,
  OutOfMemoryError,
  type InstalledBackbone,
} from '../../../../zoo/index.js';
import { NetworkWriter } from '../graph/small-networks.js';
import { greedy, SIDE } from './greedy.js';

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
    for (const mostBytes of [650e6, 800e6, 2e9, 10e9])
      for (const seats of planPasses([small, large, small], mostBytes))
        expect(
          seats.reduce((sum, { installed, batchSize }) => sum + estimateBytes(installed, batchSize), 0),
        ).toBeLessThanOrEqual(mostBytes);
    expect(planPasses([large], 650e6)[0]?.[0]?.batchSize).toBe(1);
    expect(planPasses([large], 10e9)[0]?.[0]?.batchSize).toBe(32);
  });

  it('and refuses what has no room for one picture, naming it and what it needs', () => {
    expect(() => planPasses([small, large], 200e6)).toThrow(
      /large needs about 639 MB for one picture; 200 MB/,
    );
  });
});
