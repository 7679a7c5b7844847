import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meanLookId } from '../../../../zoo/backbones/looks.js';
import { buildPackagedModel } from '../../../../zoo/graph/package-model.js';
import {
  backbones,
  installBackbone,
  lookId,
  looksAt,
  openExtractor,
  openSession,
  parseLooks,
  seeOtherwise,
  withGem,
  ZooError,
  type InstalledBackbone,
} from '../../../../zoo/index.js';

let folder: string;
let own: InstalledBackbone;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-looks-'));
  const card = backbones.find(({ id }) => id === 'human-movenet');
  if (!card) throw new Error('no human-movenet');
  const installed = await installBackbone(card, folder);
  own = { ...installed, taps: withGem(installed.taps) };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A picture of the network's size that is not its own mirror image. */
function picture({ card: { input } }: InstalledBackbone): Uint8Array {
  const { width, height } = input;
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return Math.round(120 + (80 * x) / width + 40 * Math.sin(x / 9) * Math.cos(y / 7 + (i % 3)));
  });
}

function mirrored(pixels: Uint8Array, width: number): Uint8Array {
  return pixels.map((_, i) => {
    const [c, x, y] = [i % 3, Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return pixels[3 * (y * width + width - 1 - x) + c] as number;
  });
}

/** All taps of one picture, side by side. */
async function featuresOf(backbone: InstalledBackbone, pixels: Uint8Array): Promise<number[]> {
  const extractor = await openExtractor(backbone);
  const matrices = await extractor.run([pixels]);
  await extractor.close();
  return matrices.flatMap(({ data }) => [...data]);
}

const farthest = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));

test('ids say how pictures are seen', () => {
  expect(parseLooks('net')).toEqual({ base: 'net', own: true, looks: [] });
  expect(parseLooks(lookId('net', 'mirror'))).toEqual({ base: 'net', own: false, looks: ['mirror'] });
  expect(parseLooks(meanLookId('net', ['mirror', 'centre']))).toEqual({
    base: 'net',
    own: true,
    looks: ['mirror', 'centre'],
  });
  expect(parseLooks('net@crop299')).toEqual({ base: 'net@crop299', own: true, looks: [] });
});

describe('a backbone that sees otherwise', () => {
  test('has of the picture the features that the backbone has of its mirror image', async () => {
    const pixels = picture(own);
    const view = await seeOtherwise(own, lookId(own.card.id, 'mirror'), folder);
    expect(view.taps.map(({ id }) => id)).toEqual(own.taps.map(({ id }) => id));
    const [seen, wanted, plain] = [
      await featuresOf(view, pixels),
      await featuresOf(own, mirrored(pixels, own.card.input.width)),
      await featuresOf(own, pixels),
    ];
    expect(farthest(seen, wanted)).toBeLessThan(1e-4);
    expect(farthest(seen, plain)).toBeGreaterThan(0.01);
  });

  test('has the mean over all looks, with its weights in the file once', async () => {
    const { id } = own.card;
    const pixels = picture(own);
    const all = await seeOtherwise(own, meanLookId(id, ['mirror', 'centre']), folder);
    const parts = [await featuresOf(own, pixels)];
    for (const look of ['mirror', 'centre'] as const)
      parts.push(await featuresOf(await seeOtherwise(own, lookId(id, look), folder), pixels));
    const mean = (parts[0] ?? []).map((_, i) => parts.reduce((sum, part) => sum + (part[i] ?? NaN), 0) / 3);
    expect(farthest(await featuresOf(all, pixels), mean)).toBeLessThan(1e-4);
    expect(all.taps.at(-1)?.flops).toBe(3 * (own.taps.at(-1)?.flops ?? 0));
    const [once, thrice] = [await stat(own.modelPath), await stat(all.modelPath)];
    expect(thrice.size).toBeLessThan(1.2 * once.size);
  });

  test('is packaged like any other: one picture in, the head on the mean', async () => {
    const all = await seeOtherwise(own, meanLookId(own.card.id, ['mirror']), folder);
    const tap = all.taps.at(-1);
    if (!tap) throw new Error('no tap');
    const weights = Float32Array.from({ length: 2 * tap.channels }, (_, i) => Math.sin(i));
    const file = buildPackagedModel({
      installed: all,
      taps: [tap],
      standardise: {
        mean: new Float32Array(tap.channels),
        std: new Float32Array(tap.channels).fill(1),
      },
      head: [
        { weights, bias: Float32Array.of(0.5, 0), inputs: tap.channels, outputs: 2, activation: 'none' },
      ],
      temperature: 1,
      labels: ['a', 'b'],
      metadata: {},
    });
    const pixels = picture(own);
    const features = (await featuresOf(all, pixels)).slice(-tap.channels);
    const [a, b] = [0, 1].map((label) =>
      features.reduce((sum, value, i) => sum + value * (weights[2 * i + label] ?? 0), label === 0 ? 0.5 : 0),
    ) as [number, number];
    const session = await openSession(file);
    const { width, height } = own.card.input;
    const { probabilities } = await session.run({
      image: { type: 'uint8', dims: [1, height, width, 3], data: pixels },
    });
    await session.close();
    expect(Number(probabilities?.data[0])).toBeCloseTo(1 / (1 + Math.exp(b - a)), 4);
    expect(file.length).toBeLessThan(1.2 * (await readFile(own.modelPath)).length);
  });

  test('sees no centre of a picture that is not square', async () => {
    const { card } = own;
    const wide = { ...own, card: { ...card, input: { ...card.input, width: card.input.width * 2 } } };
    expect(await looksAt(own)).toEqual(['mirror', 'centre']);
    expect(await looksAt(wide)).toEqual(['mirror']);
    await expect(seeOtherwise(wide, lookId(card.id, 'centre'), folder)).rejects.toThrow(ZooError);
  });
});
