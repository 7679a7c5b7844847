import { PassThrough, type Readable } from 'node:stream';
import { createFileBlobStore, sha256Of, type BlobStore } from '../blob-store.js';
import type { Bucket } from './bucket.js';

function ignoreFullDisk(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
}

const nameOf = (sha256: string): string => `blobs/${sha256.slice(0, 2)}/${sha256}`;

/**
 * Blobs in object storage, with copies on this machine for whoever needs a file. The bucket is what counts: `put` returns when the
 * object is there. Copies are checked by their name on the way in and may be deleted at any time.
 * @param folder where the copies lie
 */
export function createS3BlobStore(bucket: Bucket, folder: string): BlobStore {
  const copies = createFileBlobStore(folder);
  const arriving = new Map<string, Promise<string>>();

  const checked = async (sha256: string): Promise<Buffer> => {
    const bytes = await bucket.get(nameOf(sha256));
    if (!bytes) throw new Error(`The blob ${sha256} is not in the bucket.`);
    if (sha256Of(bytes) !== sha256)
      throw new Error(`The object ${nameOf(sha256)} does not hold what its name says: restore it.`);
    return bytes;
  };

  const download = async (sha256: string): Promise<string> => {
    await copies.put(await checked(sha256));
    return copies.local(sha256);
  };

  const local = async (sha256: string): Promise<string> => {
    if (await copies.has(sha256)) return copies.local(sha256);
    const known = arriving.get(sha256);
    if (known) return known;
    const arrival = download(sha256).finally(() => arriving.delete(sha256));
    arriving.set(sha256, arrival);
    return arrival;
  };

  return {
    local,
    put: async (bytes) => {
      const sha256 = sha256Of(bytes);
      // The copy's presence says nothing: a crash may have come between the two. Nor does the object's alone: some servers keep what
      // arrived of an upload that broke off.
      if ((await bucket.sizeOf(nameOf(sha256))) !== bytes.length) await bucket.put(nameOf(sha256), bytes);
      // The object counts; a worker without room for the copy has done its work all the same.
      await copies.put(bytes).catch(ignoreFullDisk);
      return sha256;
    },
    has: async (sha256) => (await bucket.sizeOf(nameOf(sha256))) !== null,
    get: async (sha256) => {
      if (await copies.has(sha256)) return copies.get(sha256);
      const bytes = await checked(sha256);
      await copies.put(bytes).catch(ignoreFullDisk);
      return bytes;
    },
    stream: (sha256): Readable => {
      const out = new PassThrough();
      local(sha256).then(
        () =>
          copies
            .stream(sha256)
            .on('error', (error) => out.destroy(error))
            .pipe(out),
        (error: Error) => out.destroy(error),
      );
      return out;
    },
  };
}
