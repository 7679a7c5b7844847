import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { writeByChecksum } from '../../../../zoo/backbones/write-whole.js';

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'graft-made-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const LONG_AGO = new Date(Date.now() - 40 * 86_400_000);

test('networks made of others go when nobody has asked for them in a month; nothing else does', async () => {
  const bytes = (n: number): Uint8Array => Uint8Array.of(n, 1, 2);
  const used = await writeByChecksum(folder, 'view', bytes(1));
  const unused = await writeByChecksum(folder, 'ensemble', bytes(2));
  const other = path.join(folder, 'random-0123456789abcdef-1.onnx');
  await writeFile(other, 'kept');
  for (const file of [used.modelPath, unused.modelPath, other]) await utimes(file, LONG_AGO, LONG_AGO);
  // Asked for anew: as good as new.
  expect(await writeByChecksum(folder, 'view', bytes(1))).toEqual(used);
  expect((await readdir(folder)).toSorted()).toEqual(
    [path.basename(other), path.basename(used.modelPath)].toSorted(),
  );
  expect((await stat(used.modelPath)).mtimeMs).toBeGreaterThan(LONG_AGO.getTime() + 1e9);
  expect(used.modelPath).not.toBe(unused.modelPath);
});
