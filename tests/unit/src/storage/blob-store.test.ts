import { readdir, writeFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileBlobStore, sha256Of } from '../../../../src/storage/blob-store.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

describe('the blob store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  const files = async (): Promise<string[]> =>
    (await readdir(folder.path, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);

  it('names bytes by their sha256 and gives them back', async () => {
    const store = createFileBlobStore(folder.path);
    const bytes = Buffer.from('a picture');
    const name = await store.put(bytes);
    expect(name).toBe(sha256Of(bytes));
    expect(await store.get(name)).toEqual(bytes);
    expect(await buffer(store.stream(name))).toEqual(bytes);
    expect([await store.has(name), await store.has(sha256Of(Buffer.from('other')))]).toEqual([true, false]);
  });

  it('stores the same bytes once, however many put them at a time', async () => {
    const store = createFileBlobStore(folder.path);
    const names = await Promise.all(Array.from({ length: 20 }, () => store.put(Buffer.from('same'))));
    expect(new Set(names).size).toBe(1);
    expect(await files()).toEqual([names[0]]);
  });

  it('keeps empty bytes like any others', async () => {
    const store = createFileBlobStore(folder.path);
    expect(await store.get(await store.put(Buffer.alloc(0)))).toHaveLength(0);
  });

  it.each(['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(63)}/`])(
    'takes %j for no name',
    async (name) => {
      const store = createFileBlobStore(folder.path);
      await expect(store.local(name)).rejects.toThrow(/Not a blob name/);
    },
  );

  it('leaves nothing behind when it cannot write', async () => {
    const store = createFileBlobStore(folder.path);
    const bytes = Buffer.from('no room');
    // A file where the sub-folder has to be: the folder cannot be made.
    await writeFile(`${folder.path}/${sha256Of(bytes).slice(0, 2)}`, 'in the way');
    await expect(store.put(bytes)).rejects.toThrow();
    expect(await files()).toHaveLength(1);
  });
});
