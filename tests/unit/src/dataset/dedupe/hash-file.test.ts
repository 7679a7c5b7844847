import { appendFile, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HashFile, type HashRecord } from '../../../../../src/dataset/dedupe/hash-file.js';
import { inspectImage } from '../../../../../src/dataset/inspect/inspect.js';
import { texturedPicture } from '../../../../support/odd-pictures.js';
import { temporaryFolder } from '../../../../support/temporary-folder.js';

const idOf = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

async function recordOf(n: number): Promise<HashRecord> {
  const { measures } = await inspectImage(await texturedPicture(n));
  if (!measures) throw new Error('A textured picture is sound.');
  const { phash, dhash, detail, turns, flatShare, overlay = null } = measures;
  const view = { phash, dhash, detail, turns };
  const inner = n % 2 === 0 ? view : null;
  const inFrame = n % 5 === 0 || n === 2 ? { ...view, phash: view.dhash } : null;
  // Every third comes from a version that knew no turned copies.
  const old = n % 3 === 0;
  return {
    id: idOf(n),
    flatShare,
    whole: old ? { phash, dhash, detail } : view,
    inner,
    inFrame,
    overlay: old ? null : overlay,
  };
}

describe('the hashes of a run on disk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let path: string;
  let records: HashRecord[];

  beforeEach(async () => {
    folder = await temporaryFolder();
    path = join(folder.path, 'runs', 'r', 'hashes.bin');
    records = await Promise.all([1, 2, 3, 4, 5, 6].map(recordOf));
  });
  afterEach(() => folder.remove());

  async function written(...blocks: HashRecord[][]): Promise<void> {
    const file = await HashFile.open(path);
    for (const block of blocks) await file.append(block);
    await file.close();
  }

  async function readBack(): Promise<HashRecord[]> {
    const file = await HashFile.open(path);
    await file.close();
    return [...file.records.values()];
  }

  it('reads back what was appended, in several goes', async () => {
    await written(records.slice(0, 2), records.slice(2, 3));
    await written(records.slice(3));
    expect(await readBack()).toEqual(records);
  });

  it('takes about a kilobyte a picture without a border', async () => {
    await written(records.filter(({ inner, inFrame }) => inner === null && inFrame === null));
    expect((await stat(path)).size).toBeLessThan(2 * 1050);
  });

  it('cuts off a block that was torn, wherever that was, and goes on from there', async () => {
    await written(records.slice(0, 3));
    const whole = (await stat(path)).size;
    await written(records.slice(3));
    const all = (await stat(path)).size;
    for (const size of [all - 1, whole + 20, whole + 3]) {
      await truncate(path, size);
      expect(await readBack()).toEqual(records.slice(0, 3));
      await written(records.slice(3));
      expect(await readBack()).toEqual(records);
    }
  });

  it('cuts off what a bad disk has changed', async () => {
    await written(records.slice(0, 3), records.slice(3));
    const bytes = await readFile(path);
    bytes[bytes.length - 10]! ^= 1;
    await writeFile(path, bytes);
    expect(await readBack()).toEqual(records.slice(0, 3));
    await appendFile(path, Buffer.alloc(100, 0xff));
    expect(await readBack()).toEqual(records.slice(0, 3));
  });

  it('begins anew with a file that is something else', async () => {
    await written([]);
    await writeFile(path, 'no hashes at all, but longer than the head of a file of hashes');
    expect(await readBack()).toEqual([]);
    await written(records);
    expect(await readBack()).toEqual(records);
  });
});
