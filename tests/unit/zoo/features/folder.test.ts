import { createHash } from 'node:crypto';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { InstalledBackbone, Matrix, Tap } from '../../../../zoo/index.js';
import { featureKey, getBackbone, openFeatureFolder, ZooError } from '../../../../zoo/index.js';
import { temporaryFolder } from '../backbones/installed.js';

const tap = (id: string, channels: number): Tap => ({
  id,
  tensor: id,
  index: 0,
  depth: 1,
  kind: 'block',
  layout: 'nchw',
  channels,
  params: 0,
  flops: 0,
  bytes: 0,
});

const installed: InstalledBackbone = {
  card: getBackbone('nsfwjs-mobilenet-v2'),
  modelPath: '/nowhere',
  peakBytes: 0,
  sha256: 'a'.repeat(64),
  taps: [tap('block-01', 2), tap('wide-02', 3)],
};

const hash = (name: string): string => createHash('sha256').update(name).digest('hex');

/** Features that tell their picture, tap and column. */
function features(names: readonly string[], shift = 0): Matrix[] {
  return installed.taps.map(({ channels: cols }, t) => ({
    rows: names.length,
    cols,
    data: Float32Array.from(
      names.flatMap((name) =>
        Array.from({ length: cols }, (_, c) => name.charCodeAt(0) + t * 0.5 + c * 0.125 + shift),
      ),
    ),
  }));
}

async function chunkFiles(root: string): Promise<string[]> {
  const folder = path.join(root, featureKey(installed));
  return (await readdir(folder)).map((name) => path.join(folder, name));
}

describe('openFeatureFolder', () => {
  it('gives back what was put in, in any order, also to the next process', async () => {
    const root = await temporaryFolder();
    const shelf = await openFeatureFolder(root, installed);
    await shelf.put(['a', 'b'].map(hash), features(['a', 'b']));
    await shelf.put(['c'].map(hash), features(['c']));
    for (const reader of [shelf, await openFeatureFolder(root, installed)]) {
      expect(reader.missing(['c', 'x', 'a', 'x'].map(hash))).toEqual([hash('x')]);
      expect(await reader.read('block-01', ['c', 'a'].map(hash))).toEqual(features(['c', 'a'])[0]);
      expect(await reader.read('wide-02', ['b', 'c', 'b'].map(hash))).toEqual(features(['b', 'c', 'b'])[1]);
      expect((await reader.read('wide-02', [])).rows).toBe(0);
    }
  });

  it('keeps the same features once', async () => {
    const root = await temporaryFolder();
    const [one, two] = [await openFeatureFolder(root, installed), await openFeatureFolder(root, installed)];
    await one.put([hash('a')], features(['a']));
    await one.put([hash('a')], features(['a'], 99));
    await two.put([hash('a')], features(['a']));
    expect(await chunkFiles(root)).toHaveLength(1);
    expect(await one.read('block-01', [hash('a')])).toEqual(features(['a'])[0]);
  });

  it('names files after their contents', async () => {
    const root = await temporaryFolder();
    await (await openFeatureFolder(root, installed)).put([hash('a')], features(['a']));
    const [file = ''] = await chunkFiles(root);
    expect(path.basename(file)).toBe(
      `${createHash('sha256')
        .update(await readFile(file))
        .digest('hex')}.features`,
    );
  });

  it('takes damaged and foreign files for missing ones', async () => {
    const root = await temporaryFolder();
    const shelf = await openFeatureFolder(root, installed);
    await shelf.put([hash('a')], features(['a']));
    await shelf.put([hash('b')], features(['b']));
    const [file = ''] = await chunkFiles(root);
    await truncate(file, 40);
    await writeFile(path.join(path.dirname(file), 'junk.features'), 'junk');
    await writeFile(path.join(path.dirname(file), 'empty.features'), '');
    const again = await openFeatureFolder(root, installed);
    const missing = again.missing(['a', 'b'].map(hash));
    expect(missing).toHaveLength(1);
    await again.put(missing, features([missing[0] === hash('a') ? 'a' : 'b']));
    expect(await again.read('block-01', ['a', 'b'].map(hash))).toEqual(features(['a', 'b'])[0]);
  });

  it('refuses what does not fit and what is not there', async () => {
    const shelf = await openFeatureFolder(await temporaryFolder(), installed);
    await expect(shelf.put(['a', 'b'].map(hash), features(['a']))).rejects.toThrow(ZooError);
    await expect(shelf.put([hash('a')], features(['a']).slice(0, 1))).rejects.toThrow(ZooError);
    await expect(shelf.read('block-01', [hash('a')])).rejects.toThrow(ZooError);
    await expect(shelf.read('block-09', [])).rejects.toThrow(ZooError);
  });
});

describe('featureKey', () => {
  it('changes with weights, preparation and taps, and with nothing else', () => {
    const { card } = installed;
    const variants: InstalledBackbone[] = [
      installed,
      { ...installed, sha256: 'b'.repeat(64) },
      { ...installed, card: { ...card, input: { ...card.input, kernel: 'cubic' } } },
      { ...installed, card: { ...card, input: { ...card.input, mean: [0.5, 0.5, 0.5] } } },
      { ...installed, taps: installed.taps.slice(1) },
    ];
    expect(new Set(variants.map((variant) => featureKey(variant))).size).toBe(variants.length);
    expect(featureKey({ ...installed, modelPath: '/else', card: { ...card, title: 'New' } })).toBe(
      featureKey(installed),
    );
  });
});
