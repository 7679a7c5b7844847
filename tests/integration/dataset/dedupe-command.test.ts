import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Writable } from 'node:stream';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output.js';
import { runCli } from '../../../src/cli/run-cli.js';
import type { FolderReport } from '../../../src/dataset/dedupe/dedupe-folder.js';
import { CACHE_DIR } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { drawPhoto, recode } from '../../unit/src/dataset/pictures.js';

function sink(): { stream: Writable; text: () => string } {
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}

async function graft(...argv: string[]) {
  vi.stubEnv('GRAFT_CACHE_DIR', CACHE_DIR);
  const [stdout, stderr] = [sink(), sink()];
  const output = createOutput(stdout.stream, stderr.stream);
  const code = await runCli(argv, { output, signal: new AbortController().signal });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

describe('graft dedupe', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const put = async (name: string, bytes: Uint8Array | string): Promise<void> => {
    await mkdir(join(folder.path, name, '..'), { recursive: true });
    await writeFile(join(folder.path, name), bytes);
  };
  beforeAll(async () => {
    folder = await temporaryFolder();
    const photo = await drawPhoto({ seed: 31, width: 480, height: 360 });
    await put('photo.jpg', photo);
    await put('again/photo (1).jpg', photo);
    await put('again/small.webp', await recode(photo, 160, 120, { format: 'webp', quality: 70 }));
    await put('mirrored.jpg', await drawPhoto({ seed: 31, width: 320, height: 240 }, { flipped: true }));
    await put('other.jpg', await drawPhoto({ seed: 32 }));
    await put('tiny.png', await drawPhoto({ seed: 33, width: 20, height: 9 }));
    await put('notes.txt', 'no picture');
    await put('cut.jpg', photo.subarray(0, 4000));
  });
  afterAll(() => folder.remove());
  afterEach(() => vi.unstubAllEnvs());

  it('prints one JSON document: images, groups, and the files that are no pictures', async () => {
    const { code, stdout, stderr } = await graft('dedupe', folder.path, '--json');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as FolderReport;
    expect(report.images).toBe(6);
    expect(report.groups).toEqual([
      {
        keeper: 'again/photo (1).jpg',
        members: expect.arrayContaining([
          { file: 'photo.jpg', kind: 'exact', distance: 0 },
          { file: 'again/small.webp', kind: 'near', distance: expect.any(Number) },
          { file: 'mirrored.jpg', kind: 'flipped', distance: expect.any(Number) },
        ]),
      },
    ]);
    expect(report.groups[0]?.members).toHaveLength(3);
    expect(Object.keys(report)).toEqual(['images', 'groups']);
    expect(stderr).toContain('Left out: cut.jpg: corrupt');
    expect(stderr).toContain('Left out: notes.txt: not-an-image');
  });

  it('finds cropped copies with embeddings, which hashes miss, and no others', async () => {
    const photos = join(folder.path, '..', `${basename(folder.path)}-photos`);
    await mkdir(photos);
    try {
      for (let seed = 50; seed < 62; seed++)
        await writeFile(join(photos, `${seed}.jpg`), await drawPhoto({ seed, width: 480, height: 360 }));
      const original = await readFile(join(photos, '55.jpg'));
      const part = { left: 40, top: 30, width: 400, height: 300 };
      await writeFile(join(photos, 'part.jpg'), await sharp(original).extract(part).jpeg().toBuffer());
      const hashes = JSON.parse((await graft('dedupe', photos, '--json')).stdout) as FolderReport;
      expect(hashes.groups).toEqual([]);
      const { stdout } = await graft('dedupe', photos, '--embeddings', '--json');
      expect((JSON.parse(stdout) as FolderReport).groups).toEqual([
        { keeper: '55.jpg', members: [{ file: 'part.jpg', kind: 'cropped', distance: expect.any(Number) }] },
      ]);
    } finally {
      await rm(photos, { recursive: true });
    }
  });

  it('prints a table for people', async () => {
    const { stdout } = await graft('dedupe', folder.path);
    expect(stdout).toMatch(/^keep +copy +kind +distance$/m);
    expect(stdout).toMatch(/mirrored\.jpg +flipped +\d+$/m);
    expect(stdout).toContain('6 pictures, 3 copies of 1 picture.');
  });

  it('says what is wrong when there is no such folder', async () => {
    const { code, stdout } = await graft('dedupe', join(folder.path, 'nowhere'), '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'not-found' } });
  });

  it('answers for a folder without pictures', async () => {
    await mkdir(join(folder.path, 'empty'));
    const { stdout } = await graft('dedupe', join(folder.path, 'empty'), '--json');
    expect(JSON.parse(stdout)).toEqual({ images: 0, groups: [] });
  });
});
