import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ZooError } from '../../../../zoo/errors.js';
import {
  backbones,
  commonViews,
  installBackbone,
  mergeable,
  mergeBackbones,
  openExtractor,
  parseView,
  prepareImage,
  viewBackbone,
  type InstalledBackbone,
} from '../../../../zoo/index.js';

const card = (id: string) => {
  const found = backbones.find((one) => one.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};

let folder: string;
let small: InstalledBackbone;
let large: InstalledBackbone;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'graft-views-'));
  small = await installBackbone(card('human-movenet'), folder);
  large = await installBackbone(card('human-centernet'), folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A smooth picture: what is left of the difference is not its fine detail. */
const picture = (): Promise<Buffer> => {
  const pixels = Buffer.alloc(400 * 300 * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % 400, Math.floor(i / 1200), i % 3];
    pixels[i] = 128 + 80 * Math.sin(x / (20 + 9 * c)) * Math.cos(y / (25 + 5 * c));
  }
  return sharp(pixels, { raw: { width: 400, height: 300, channels: 3 } })
    .png()
    .toBuffer();
};

async function lastFeatures(backbone: InstalledBackbone, bytes: Buffer): Promise<Float32Array> {
  const extractor = await openExtractor(backbone);
  const matrices = await extractor.run([await prepareImage(bytes, backbone.card.input)]);
  await extractor.close();
  return matrices.at(-1)?.data ?? new Float32Array();
}

const cosine = (a: Float32Array, b: Float32Array): number => {
  const dot = (x: Float32Array, y: Float32Array): number =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
};

test('backbones of the zoo that are fitted alike see the picture of the largest', () => {
  const [group] = commonViews([small.card, large.card]);
  expect(group).toEqual(['human-movenet@crop256', 'human-centernet']);
  expect(parseView('human-movenet@crop256')).toEqual({
    base: 'human-movenet',
    picture: { resize: 'crop', side: 256 },
  });
  expect(parseView('human-movenet')).toEqual({ base: 'human-movenet', picture: null });
  expect(commonViews([small.card])).toEqual([]);
});

test('a part of the picture stays that part', () => {
  const part = {
    ...small.card,
    id: 'part',
    input: { ...small.card.input, width: 224, height: 224, cropShare: 0.875 },
  };
  expect(commonViews([small.card, part])).toEqual([['human-movenet@crop256', 'part@crop256']]);
});

test('a view gives nearly the features of its backbone, and those of both are one network', async () => {
  const view = await viewBackbone(small, { resize: 'crop', side: 256 }, folder);
  const bytes = await picture();
  const [own, seen] = [await lastFeatures(small, bytes), await lastFeatures(view, bytes)];
  expect(own.length).toBeGreaterThan(0);
  expect(cosine(own, seen)).toBeGreaterThan(0.99);
  expect(await mergeable([small, large])).toEqual([]);
  expect(await mergeable([view, large])).toEqual([['human-movenet@crop256', 'human-centernet']]);
  const merged = await mergeBackbones([view, large], folder);
  const extractor = await openExtractor(merged);
  const matrices = await extractor.run([await prepareImage(bytes, merged.card.input)]);
  await extractor.close();
  const at = merged.taps.findIndex(({ id }) => id === `human-movenet@crop256/${view.taps.at(-1)?.id}`);
  expect(cosine(matrices[at]?.data ?? new Float32Array(), seen)).toBeGreaterThan(0.999999);
});

test('a picture that is too small, or fitted another way, is refused', async () => {
  await expect(viewBackbone(large, { resize: 'crop', side: 192 }, folder)).rejects.toThrow(ZooError);
  await expect(viewBackbone(large, { resize: 'squish', side: 299 }, folder)).rejects.toThrow(
    'human-centernet cannot be shown a picture of 299 pixels (squish).',
  );
});
