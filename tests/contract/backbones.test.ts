import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstalledBackbone } from '../../zoo/index.js';
import {
  backbones,
  buildPackagedModel,
  createRng,
  getBackbone,
  installBackbone,
  openExtractor,
  openSession,
} from '../../zoo/index.js';

/** SPDX ids under which weights may be passed on; another one needs a decision, and then a line here. */
const LICENCES = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'CC-BY-4.0'];

let cache: string;

beforeAll(async () => {
  cache = await mkdtemp(path.join(tmpdir(), 'graft-contract-'));
});

afterAll(() => rm(cache, { recursive: true, force: true }));

it('ids are unique', () => {
  expect(new Set(backbones.map((card) => card.id)).size).toBe(backbones.length);
});

describe.each(backbones.map((card) => [card.id, card] as const))('backbone %s', (id, card) => {
  let installed: InstalledBackbone;

  beforeAll(async () => {
    installed = await installBackbone(card, cache);
  });

  it('has a card that says what it is', () => {
    expect(getBackbone(id)).toBe(card);
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9.]+)*$/);
    expect(LICENCES).toContain(card.licence);
    expect(card.weights.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(card.weights.bytes).toBeGreaterThan(10_000);
    for (const text of [card.title, card.family, card.origin, card.pretrainedOn]) expect(text).not.toBe('');
    const { width, height, scale, std } = card.input;
    for (const positive of [width, height, scale, ...std]) expect(positive).toBeGreaterThan(0);
  });

  it('has taps in order, from shallow to deep', () => {
    const { taps } = installed;
    expect(taps.length).toBeGreaterThanOrEqual(5);
    expect(taps.map((tap) => tap.index)).toEqual(taps.map((_, i) => i));
    expect(new Set(taps.map((tap) => tap.id)).size).toBe(taps.length);
    expect(new Set(taps.map((tap) => tap.tensor)).size).toBe(taps.length);
    for (const key of ['flops', 'params', 'depth'] as const) {
      const values = taps.map((tap) => tap[key]);
      expect(values).toEqual([...values].sort((a, b) => a - b));
    }
    expect(taps.filter((tap) => tap.kind === 'last')).toEqual([taps.at(-1)]);
    expect(taps.at(-1)?.depth).toBe(1);
  });

  it('gives features of the promised sizes, the same every time, different for different pictures', async () => {
    const { width, height } = card.input;
    const rng = createRng(id);
    const noise = Uint8Array.from({ length: width * height * 3 }, () => rng.int(256));
    const grey = new Uint8Array(width * height * 3).fill(128);
    const extractor = await openExtractor(installed);
    const first = await extractor.run([noise, grey]);
    const second = await extractor.run([noise, grey]);
    await extractor.close();
    expect(first.map((matrix) => matrix.cols)).toEqual(installed.taps.map((tap) => tap.channels));
    expect(second).toEqual(first);
    for (const { data, cols } of first) {
      expect(data.every(Number.isFinite)).toBe(true);
      expect(data.subarray(0, cols)).not.toEqual(data.subarray(cols));
    }
  });

  it('can be cut at its shallowest and deepest tap and joined with a head', async () => {
    const { width, height } = card.input;
    for (const tap of [installed.taps[0], installed.taps.at(-1)].flatMap((found) => found ?? [])) {
      const { channels } = tap;
      const model = buildPackagedModel({
        installed,
        taps: [tap],
        standardise: { mean: new Float32Array(channels), std: new Float32Array(channels).fill(1) },
        head: [
          {
            weights: new Float32Array(channels * 2),
            bias: Float32Array.of(0, Math.log(3)),
            inputs: channels,
            outputs: 2,
            activation: 'none',
          },
        ],
        temperature: 1,
        labels: ['a', 'b'],
        metadata: {},
      });
      const session = await openSession(model);
      const image = {
        type: 'uint8' as const,
        dims: [1, height, width, 3],
        data: new Uint8Array(width * height * 3),
      };
      const { probabilities } = await session.run({ image });
      await session.close();
      expect(probabilities?.data[1]).toBeCloseTo(0.75, 5);
    }
  });
});
