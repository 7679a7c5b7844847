import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createRng,
  openExtractor,
  openPackage,
  PackageError,
  PackageMismatchError,
  prepareImage,
  runSearch,
  select,
  verifyPackage,
  writePackage,
  type InstalledBackbone,
  type PackageParts,
  type Selection,
  type Tap,
} from '../../../../zoo/index.js';
import { installSmall, temporaryFolder } from '../backbones/installed.js';

const labels = ['red', 'green', 'blue'];
const tapId = 'block-02';

let installed: InstalledBackbone;
let tap: Tap;
let pictures: Uint8Array[];
let selection: Selection;
let expected: Float32Array[];

/** A PNG of noise in which one channel is brighter. */
async function picture(channel: number, seed: number): Promise<Uint8Array> {
  const rng = createRng(seed);
  const data = Uint8Array.from(
    { length: 40 * 30 * 3 },
    (_, i) => rng.int(120) + (i % 3 === channel ? 100 : 0),
  );
  return sharp(data, { raw: { width: 40, height: 30, channels: 3 } })
    .png()
    .toBuffer();
}

beforeAll(async () => {
  installed = await installSmall();
  tap = installed.taps.find(({ id }) => id === tapId)!;
  pictures = await Promise.all(Array.from({ length: 36 }, (_, i) => picture(i % 3, i)));
  const extractor = await openExtractor(installed, { taps: [tapId] });
  const pixels = await Promise.all(pictures.map((bytes) => prepareImage(bytes, installed.card.input)));
  const [matrix] = await extractor.run(pixels);
  await extractor.close();
  const data = {
    features: [{ backbone: installed.card.id, tap, matrix: matrix! }],
    labels: Int32Array.from(pictures, (_, i) => i % 3),
    folds: Int32Array.from(pictures, (_, i) => (i < 30 ? Math.floor(i / 3) % 5 : -1)),
    classes: 3,
    seed: 1,
  };
  const { trials } = await runSearch({ ...data, budgetMs: null, now: () => 0 });
  selection = await select({ ...data, trials });
  const { probabilities } = selection.test;
  expected = Array.from({ length: probabilities.rows }, (_, i) =>
    Float32Array.from(probabilities.data.subarray(i * 3, (i + 1) * 3)),
  );
});

function parts(): PackageParts {
  const { trial, test, standardisation, head, temperature, unknown } = selection;
  const { cost } = trial;
  const { backbone, params, validation } = trial;
  return {
    installed,
    taps: [tap],
    standardise: standardisation,
    head: head.layers,
    temperature,
    unknownBelow: unknown.below,
    labels,
    graftVersion: '0.0.0-test',
    runId: 'run-1',
    createdAt: '2026-01-02T03:04:05.000Z',
    seed: 1,
    golden: [],
    dataset: null,
    selected: {
      ...{ backbone, tap: trial.tap, head: trial.head, params },
      validation: { accuracy: validation.accuracy, interval: validation.interval, count: validation.count },
      test: { accuracy: test.accuracy, interval: test.interval, count: test.count },
      cost,
    },
    pictures: { red: 12, green: 12, blue: 12 },
  };
}

const testPictures = (): Uint8Array[] => Array.from(selection.test.rows, (row) => pictures[row]!);
const prove = async (draft: string): Promise<void> => {
  await verifyPackage(draft, testPictures(), expected);
};

let root: string;
let folder: string;

beforeEach(async () => {
  root = await temporaryFolder();
  folder = path.join(root, 'model');
});

describe('writePackage', () => {
  it('writes a package that reproduces the search from the bytes of pictures', async () => {
    const manifest = await writePackage(folder, parts(), prove);
    expect(await readdir(root)).toEqual(['model']);
    expect((await readdir(folder)).toSorted()).toEqual([
      ...['README.md', 'golden-1.png', 'golden-2.png', 'golden.json', 'index.html', 'isolate.js'],
      ...['labels.json', 'manifest.json', 'model.onnx', 'predict-browser.mjs', 'predict.mjs', 'predict.py'],
      ...['predict.sh', 'preprocess.json'],
    ]);
    expect(manifest).toMatchObject({
      labels,
      selected: { tap: tapId },
      backbone: { licence: installed.card.licence },
    });
    // What the search said of the size before anything was packaged, but for the facts kept inside the file.
    expect(manifest.selected.cost.bytes).toBe(manifest.model.bytes);
    expect(Math.abs(manifest.model.bytes - selection.trial.cost.bytes)).toBeLessThan(4096);
    const model = await openPackage(folder);
    const predictions = await model.predict(testPictures());
    await model.close();
    expect(predictions.map(({ label }) => label)).toEqual(
      Array.from(selection.test.rows, (row) => labels[row % 3]),
    );
    predictions.forEach(({ label, confidence, probabilities }, i) => {
      expect(confidence).toBe(probabilities[label]);
      labels.forEach((name, c) => expect(probabilities[name]).toBeCloseTo(expected[i]![c]!, 4));
      expect(Object.values(probabilities).reduce((sum, value) => sum + value)).toBeCloseTo(1, 5);
    });
  });

  it('has a card that tells licence, scores and labels', async () => {
    await writePackage(folder, parts(), prove);
    const card = await readFile(path.join(folder, 'README.md'), 'utf8');
    expect(card).toContain(installed.card.licence);
    expect(card).toContain(`${(selection.test.accuracy * 100).toFixed(1)} %`);
    for (const label of labels) expect(card).toContain(`${label} 12`);
    expect(card).toContain('ImageOps.fit(image, (224, 224), Image.BILINEAR, bleed=0)');
  });

  it('puts nothing in place when the file does not reproduce the search, and keeps what was there', async () => {
    await writePackage(folder, parts(), prove);
    const before = await readFile(path.join(folder, 'manifest.json'), 'utf8');
    const wrong = { ...parts(), temperature: selection.temperature * 1.5 };
    await expect(writePackage(folder, wrong, prove)).rejects.toThrow(PackageMismatchError);
    expect(await readFile(path.join(folder, 'manifest.json'), 'utf8')).toBe(before);
    expect(await readdir(root)).toEqual(['model']);
  });

  it('replaces an older package', async () => {
    await writePackage(folder, parts(), prove);
    await writePackage(folder, { ...parts(), runId: 'run-2' }, prove);
    const model = await openPackage(folder);
    expect(model.manifest.runId).toBe('run-2');
    await model.close();
  });
});

describe('openPackage on a damaged folder', () => {
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const at = path.join(folder, file);
    await writeFile(at, change(await readFile(at, 'latin1')), 'latin1');
  };
  it.each<[string, () => Promise<void>, RegExp]>([
    ['no manifest', () => rm(path.join(folder, 'manifest.json')), /is no package: it has no manifest\.json/],
    ['a cut manifest', () => edit('manifest.json', (text) => text.slice(0, 90)), /manifest\.json is damaged/],
    [
      'another format',
      () => edit('manifest.json', (text) => text.replace('"format": 1', '"format": 99')),
      /another version/,
    ],
    ['no model', () => rm(path.join(folder, 'model.onnx')), /model\.onnx is missing/],
    [
      'a flipped bit',
      () => edit('model.onnx', (text) => `${text.slice(0, -1)}\u0001`),
      /not the file the manifest was written for/,
    ],
    [
      'a model elsewhere',
      () => edit('manifest.json', (text) => text.replace('"model.onnx"', '"../model.onnx"')),
      /outside itself/,
    ],
  ])('%s', async (_, damage, message) => {
    await writePackage(folder, parts(), prove);
    await damage();
    const opening = openPackage(folder);
    await expect(opening).rejects.toThrow(PackageError);
    await expect(opening).rejects.toThrow(message);
  });
});
