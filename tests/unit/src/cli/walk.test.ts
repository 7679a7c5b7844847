import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { walkFolder } from '../../../../src/cli/walk.js';
import { tempFolder } from './temp-folder.js';

const namesOf = async (folder: string, within?: string): Promise<string[]> =>
  (await walkFolder(folder, within)).files.map(({ name }) => name);

describe('walkFolder', () => {
  test('finds files of every name and depth, in a stable order, with their sizes', async () => {
    const folder = tempFolder({
      'b.jpg': 'bb',
      'a.jpg': 'a',
      'a/z/deep.png': 'deep',
      'a/page.html': 'not a picture, sent all the same',
      'empty.jpg': '',
      'with space & "quotes".jpg': 'x',
      'line\nbreak.jpg': 'x',
      'čaj 🍵.webp': 'x',
      '-rf': 'x',
    });
    const { files, skipped } = await walkFolder(folder);
    expect(skipped).toEqual([]);
    expect(files.map(({ name }) => name)).toEqual([
      '-rf',
      'a.jpg',
      'b.jpg',
      'empty.jpg',
      'line\nbreak.jpg',
      'with space & "quotes".jpg',
      'čaj 🍵.webp',
      'a/page.html',
      'a/z/deep.png',
    ]);
    expect(files.find(({ name }) => name === 'empty.jpg')?.bytes).toBe(0);
    expect(files.find(({ name }) => name === 'b.jpg')).toEqual({
      path: join(folder, 'b.jpg'),
      name: 'b.jpg',
      bytes: 2,
    });
  });

  test('leaves out dot files and clutter, at every depth', async () => {
    const folder = tempFolder({
      'kept.jpg': 'x',
      '.DS_Store': 'x',
      '.hidden/a.jpg': 'x',
      'sub/Thumbs.db': 'x',
      'sub/desktop.ini': 'x',
      '__MACOSX/a.jpg': 'x',
    });
    expect(await namesOf(folder)).toEqual(['kept.jpg']);
  });

  test('follows links to files inside, and no links that lead out or to folders', async () => {
    const outside = tempFolder({ 'secret.jpg': 'secret', 'more/a.jpg': 'x' });
    const folder = tempFolder({ 'cat/real.jpg': 'x' });
    symlinkSync('real.jpg', join(folder, 'cat', 'inside.jpg'));
    symlinkSync(join(outside, 'secret.jpg'), join(folder, 'cat', 'outside.jpg'));
    symlinkSync(outside, join(folder, 'cat', 'folder'));
    symlinkSync(folder, join(folder, 'cat', 'loop'));
    symlinkSync('nowhere', join(folder, 'cat', 'broken.jpg'));
    const { files, skipped } = await walkFolder(join(folder, 'cat'), folder);
    expect(files.map(({ name }) => name)).toEqual(['inside.jpg', 'real.jpg']);
    expect(skipped.map(({ path, reason }) => [path.slice(folder.length + 5), reason])).toEqual([
      ['broken.jpg', 'link-not-followed'],
      ['folder', 'link-not-followed'],
      ['loop', 'link-not-followed'],
      ['outside.jpg', 'link-not-followed'],
    ]);
  });

  test('a folder whose name only begins like the root is outside', async () => {
    const parent = tempFolder({ 'pics/a.jpg': 'x', 'pics-private/b.jpg': 'x' });
    symlinkSync(join(parent, 'pics-private', 'b.jpg'), join(parent, 'pics', 'b.jpg'));
    expect(await namesOf(join(parent, 'pics'))).toEqual(['a.jpg']);
  });

  test('pipes and the like are left out instead of waited for', async () => {
    const folder = tempFolder({ 'a.jpg': 'x' });
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    expect(await walkFolder(folder)).toMatchObject({
      files: [{ name: 'a.jpg' }],
      skipped: [{ reason: 'special-file' }],
    });
  });

  test('folders in folders in folders', async () => {
    const folder = tempFolder();
    const place = join(folder, ...Array.from({ length: 60 }, () => 'd'));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'a.jpg'), 'x');
    expect(await namesOf(folder)).toHaveLength(1);
  });
});
