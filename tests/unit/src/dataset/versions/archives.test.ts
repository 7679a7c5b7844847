import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, zipOf } from '../../../../../src/dataset/versions/archive.js';
import type { FrozenPicture } from '../../../../../src/dataset/versions/frozen.js';
import { labelFiles } from '../../../../../src/dataset/versions/label-files.js';
import { exportFiles, folderNames } from '../../../../../src/dataset/versions/layout.js';
import {
  safeEntryName,
  unpackTar,
  unpackZip,
  writeFolders,
} from '../../../../../src/dataset/versions/unpack.js';
import { makeZip } from '../../../../support/make-zip.js';
import { temporaryFolder } from '../../../../support/temporary-folder.js';

const CATEGORIES = ['cat: "big"', 'dog'];
const PICTURES = Array.from({ length: 7 }, (_, i): FrozenPicture => ({
  sha256: i.toString(16).repeat(64),
  category: CATEGORIES[i % 2] as string,
  part: i < 4 ? 'train' : i < 5 ? 'validation' : 'test',
  provider: 'web',
  query: 'q',
  imageUrl: `https://pictures.example/${i}`,
  pageUrl: null,
  title: '=evil()',
  creator: 'Ann, "the" Artist',
  licence: 'CC-BY-4.0',
  licenceUrl: null,
}));
const bytesOf = (sha256: string): Buffer => Buffer.alloc(70_000, sha256);
const read = (sha256: string) =>
  Promise.resolve({
    extension: '.jpg',
    bytes: bytesOf(sha256).length,
    open: () => Readable.from([bytesOf(sha256).subarray(0, 1), bytesOf(sha256).subarray(1)]),
  });
const DATASET = { pictures: PICTURES, categories: CATEGORIES };

describe('exports', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  async function labelled(
    files: readonly { path: string; name: string }[],
  ): Promise<Record<string, string[]>> {
    const { byCategory, unlabelled } = await labelFiles(
      files.map((file) => ({ ...file, text: () => readFile(file.path, 'utf8') })),
    );
    expect(unlabelled).toEqual([]);
    const found: Record<string, string[]> = {};
    for (const [category, list] of byCategory)
      found[category] = (await Promise.all(list.map(({ path }) => readFile(path))))
        .map((bytes) => PICTURES.find(({ sha256 }) => bytesOf(sha256).equals(bytes))?.sha256 ?? 'damaged')
        .sort();
    return found;
  }
  const expected = (names: readonly string[]): Record<string, string[]> =>
    Object.fromEntries(
      CATEGORIES.map((category, i) => [
        names[i] ?? '',
        PICTURES.filter((picture) => picture.category === category).map(({ sha256 }) => sha256),
      ]),
    );

  it.each(['webdataset', 'hf'] as const)(
    'as %s come back with every picture and its category',
    async (format) => {
      const file = join(folder.path, 'set.tar');
      await writeFile(file, tarOf(exportFiles(format, DATASET, read)));
      const { files, skipped } = await unpackTar(file, join(folder.path, 'out'));
      expect(skipped).toEqual([]);
      expect(await labelled(files)).toEqual(expected(CATEGORIES));
    },
  );

  it('as zip come back by folder, the category made safe for any file system', async () => {
    const file = join(folder.path, 'set.zip');
    await writeFile(file, zipOf(exportFiles('zip', DATASET, read)));
    const { files, skipped } = await unpackZip(file, join(folder.path, 'out'));
    expect(skipped).toEqual([]);
    expect(await labelled(files)).toEqual(expected(['cat_ _big_', 'dog']));
    const attribution = files.find(({ name }) => name === 'ATTRIBUTION.csv');
    const csv = await readFile(attribution?.path ?? '', 'utf8');
    expect(csv).toContain(`"Ann, ""the"" Artist",CC-BY-4.0,,'=evil(),https://pictures.example/0`);
  });

  it('are written out as folders', async () => {
    const count = await writeFolders(tarOf(exportFiles('hf', DATASET, read)), folder.path);
    expect(count).toBe(PICTURES.length + 3);
    expect((await readdir(folder.path)).sort()).toEqual(['test', 'train', 'validation']);
    const lines = (await readFile(join(folder.path, 'test', 'metadata.jsonl'), 'utf8')).trim().split('\n');
    const [row] = lines.map((line) => JSON.parse(line) as { file_name: string; label: string });
    expect(lines).toHaveLength(2);
    expect(await readFile(join(folder.path, 'test', row?.file_name ?? ''))).toHaveLength(70_000);
    expect(CATEGORIES).toContain(row?.label);
  });

  it('are the same bytes each time', async () => {
    const make = (): Promise<Buffer> => buffer(zipOf(exportFiles('zip', DATASET, read)));
    expect((await make()).equals(await make())).toBe(true);
  });

  it('end in an error when a picture is missing, not in half an archive', async () => {
    const missing = (): Promise<never> => Promise.reject(new Error('gone'));
    for (const make of [tarOf, zipOf])
      await expect(buffer(make(exportFiles('hf', DATASET, missing)))).rejects.toThrow('gone');
  });
});

describe('unpacking what others made', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it('takes no path that leads out, no link, and nothing but numbers for names on disk', async () => {
    const tar = pack();
    for (const name of ['../../up.jpg', '/etc/passwd.jpg', 'cat/../../out.jpg', 'C:\\x.jpg', 'cat/ok.jpg'])
      tar.entry({ name }, 'x');
    tar.entry({ name: 'cat/link.jpg', type: 'symlink', linkname: '/etc/passwd' });
    tar.finalize();
    const file = join(folder.path, 'evil.tar');
    await writeFile(file, await buffer(tar));
    const { files, skipped } = await unpackTar(file, join(folder.path, 'out'));
    expect(files.map(({ name }) => name)).toEqual(['cat/ok.jpg']);
    expect(skipped.map(({ reason }) => reason)).toEqual([
      ...Array<string>(4).fill('unsafe-path'),
      'not-a-file',
    ]);
    expect(await readdir(join(folder.path, 'out'))).toEqual(['0']);
    const evil = Readable.from([await readFile(file)]);
    await expect(writeFolders(evil, join(folder.path, 'folders'))).rejects.toThrow('unsafe path');
  });

  it('reads zips within the bounds of uploads', async () => {
    const file = join(folder.path, 'set.zip');
    const jpeg = Buffer.from('not really');
    await writeFile(
      file,
      makeZip([
        { name: 'train/cat/1.jpg', data: jpeg },
        { name: 'test/dog/1.png', data: jpeg },
      ]),
    );
    const { files } = await unpackZip(file, join(folder.path, 'out'));
    const { byCategory } = await labelFiles(
      files.map((one) => ({ ...one, text: () => Promise.resolve('') })),
    );
    expect([...byCategory.keys()]).toEqual(['cat', 'dog']);
  });

  it('knows safe paths', () => {
    expect(safeEntryName('./a//b.jpg')).toBe('a/b.jpg');
    for (const name of ['..', 'a/../b', '/a', 'c:/a', 'a\\b', 'a\0b', '', './'])
      expect(safeEntryName(name)).toBeNull();
  });

  it('gives two categories two folders, also where case makes no difference', () => {
    const names = folderNames(['A:', 'A*', 'a_', 'CON', 'x']);
    expect(new Set([...names.values()].map((name) => name.toLowerCase())).size).toBe(5);
    expect(names.get('CON')).toBe('_CON');
  });

  it('reports pictures nothing tells the category of', async () => {
    const text = (): Promise<string> => Promise.resolve('{"label": 3}\nnot json');
    const { unlabelled } = await labelFiles(
      ['loose.jpg', 'train/1.jpg', 'train/1.json', 'metadata.jsonl'].map((name) => ({ name, text })),
    );
    expect(unlabelled).toEqual(['loose.jpg', 'train/1.jpg']);
  });
});
