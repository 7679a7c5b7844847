import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  backbones,
  decodeOnce,
  geometryKey,
  keepPrepared,
  prepareImages,
  readPrepared,
  type Geometry,
} from '../../../../zoo/index.js';
import { quadrants } from '../preprocess/pictures.js';

const ID = 'ab'.repeat(32);
const distinct = new Map(backbones.map(({ input }) => [geometryKey(input), input]));
const geometries: Geometry[] = [...distinct.values()];

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'graft-prepared-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

async function keep(): Promise<Buffer> {
  const bytes = await quadrants(500, 340).jpeg().toBuffer();
  // The limits of whoever decodes first change nothing about the pixels.
  const opened = await decodeOnce(bytes, { maxBytes: 10_000_000, maxPixels: 1_000_000 });
  expect(await keepPrepared(folder, ID, opened, geometries)).toBeGreaterThan(0);
  return bytes;
}

test('what was kept is what another decode would give, to the bit, in the order that is asked for', async () => {
  const bytes = await keep();
  const asked = [...geometries].reverse();
  const kept = await readPrepared(folder, ID, asked);
  expect(kept?.map((pixels) => Buffer.from(pixels))).toEqual(
    (await prepareImages(bytes, asked)).map((pixels) => Buffer.from(pixels)),
  );
});

test('nothing is given of a picture or a size that was not kept', async () => {
  await keep();
  expect(await readPrepared(folder, 'cd'.repeat(32), geometries)).toBeNull();
  const other: Geometry = { width: 7, height: 7, resize: 'squish', kernel: 'linear' };
  expect(await readPrepared(folder, ID, [...geometries, other])).toBeNull();
});

test.each([
  ['cut off', (file: Buffer) => file.subarray(0, file.length - 1)],
  [
    'of a wrong bit',
    (file: Buffer) => Buffer.concat([file.subarray(0, -1), Buffer.of((file.at(-1) ?? 0) ^ 1)]),
  ],
  ['of zeros, as after a power cut', (file: Buffer) => Buffer.alloc(file.length)],
  ['empty', () => Buffer.alloc(0)],
  [
    'of another version',
    (file: Buffer) => Buffer.from(file.toString('latin1').replace('"v', '"w'), 'latin1'),
  ],
])('a file %s is not believed', async (_, damage) => {
  await keep();
  const file = path.join(folder, `${ID}.pixels`);
  await writeFile(file, damage(await readFile(file)));
  expect(await readPrepared(folder, ID, geometries)).toBeNull();
});
