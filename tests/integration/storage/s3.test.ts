import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { sha256Of } from '../../../src/storage/blob-store.js';
import { openBucket, type Bucket } from '../../../src/storage/s3/bucket.js';
import { createS3BlobStore } from '../../../src/storage/s3/s3-blob-store.js';
import { createS3Folders } from '../../../src/storage/s3/s3-folders.js';
import { S3_CREDENTIALS, startS3 } from '../../support/s3-server.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** Against a real S3-compatible server; two folders stand for two machines. */
describe('object storage', () => {
  let server: Awaited<ReturnType<typeof startS3>>;
  let bucket: Bucket;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeAll(async () => {
    for (const [name, value] of Object.entries(S3_CREDENTIALS)) vi.stubEnv(name, value);
    server = await startS3('some/where/');
    bucket = openBucket(server.storage);
  });
  afterAll(async () => {
    bucket.close();
    await server.close();
    vi.unstubAllEnvs();
  });
  beforeEach(async () => (folder = await temporaryFolder()));
  afterEach(() => folder.remove());

  const machine = (name: string) => createS3BlobStore(bucket, join(folder.path, name));

  it('gives one machine what another has put, whole and under its name', async () => {
    const bytes = Buffer.from('a picture of a far machine');
    const name = await machine('a').put(bytes);
    const other = machine('b');
    expect([name, await other.has(name), await other.has(sha256Of(Buffer.from('no')))]).toEqual([
      sha256Of(bytes),
      true,
      false,
    ]);
    expect(await readFile(await other.local(name))).toEqual(bytes);
    expect(await other.get(name)).toEqual(bytes);
    expect(await buffer(machine('c').stream(name))).toEqual(bytes);
  });

  it('refuses an object that does not hold what its name says', async () => {
    const name = sha256Of(Buffer.from('promised'));
    await bucket.put(`blobs/${name.slice(0, 2)}/${name}`, Buffer.from('promi'));
    await expect(machine('a').get(name)).rejects.toThrow(/does not hold what its name says/);
    await expect(machine('a').get(sha256Of(Buffer.from('absent')))).rejects.toThrow(/not in the bucket/);
  });

  it('puts again what only the copy on this machine vouches for', async () => {
    const bytes = Buffer.from('a crash came between the copy and the bucket');
    const name = sha256Of(bytes);
    const copies = join(folder.path, 'a', name.slice(0, 2));
    await mkdir(copies, { recursive: true });
    await writeFile(join(copies, name), bytes);
    await machine('a').put(bytes);
    expect(await machine('b').get(name)).toEqual(bytes);
  });

  it('shares folders of finished files, and no drafts', async () => {
    const folders = createS3Folders(bucket);
    const [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
    await mkdir(join(from, 'sub'), { recursive: true });
    await mkdir(join(from, '.writing-1'), { recursive: true });
    await writeFile(join(from, 'sub', 'x.bin'), Buffer.alloc(300, 7));
    await writeFile(join(from, 'empty'), '');
    await writeFile(join(from, 'x.tmp'), 'half');
    await writeFile(join(from, '.writing-1', 'y'), 'half');
    await folders.push('packages/1', from);
    await folders.pull('packages/1', to);
    expect((await readdir(to, { recursive: true })).sort()).toEqual(['empty', 'sub', join('sub', 'x.bin')]);
    expect(await readFile(join(to, 'sub', 'x.bin'))).toEqual(Buffer.alloc(300, 7));
  });
});
