import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import pLimit from 'p-limit';

/** Pictures by content: the name of a blob is the sha256 of its bytes, so the same bytes are stored once. */
export interface BlobStore {
  /** Stores bytes and returns their sha256 (64 hex digits). Durable when it returns. */
  put(bytes: Uint8Array): Promise<string>;
  get(sha256: string): Promise<Buffer>;
  has(sha256: string): Promise<boolean>;
  stream(sha256: string): Readable;
  /** Path of the blob, or of a copy of it, on this machine: for child processes. */
  local(sha256: string): Promise<string>;
}

/** Pictures that are brought to this machine at a time. */
const ARRIVING = 16;

/** Where each of the blobs lies on this machine; those that do not are brought first. */
export async function localPaths(
  blobs: BlobStore,
  names: Iterable<string>,
): Promise<ReadonlyMap<string, string>> {
  const limit = pLimit(ARRIVING);
  const one = async (sha256: string) => [sha256, await blobs.local(sha256)] as const;
  return new Map(await Promise.all([...new Set(names)].map((sha256) => limit(one, sha256))));
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Blobs as files under `folder`, in 256 sub-folders. Written beside, synced, renamed: a name never stands for half a file. */
export function createFileBlobStore(folder: string): BlobStore {
  const path = (sha256: string): string => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`Not a blob name: ${sha256}`);
    return join(folder, sha256.slice(0, 2), sha256);
  };
  const has = (sha256: string): Promise<boolean> =>
    stat(path(sha256)).then(
      () => true,
      () => false,
    );
  return {
    local: (sha256) => Promise.resolve().then(() => path(sha256)),
    has,
    get: async (sha256) => readFile(path(sha256)),
    stream: (sha256) => createReadStream(path(sha256)),
    put: async (bytes) => {
      const sha256 = sha256Of(bytes);
      if (!(await has(sha256))) await writeDurably(path(sha256), bytes);
      return sha256;
    },
  };
}

/** The bytes are synced before the name exists, and the name before this returns; puts at the same time share the disk's work. */
async function writeDurably(target: string, bytes: Uint8Array): Promise<void> {
  const draft = `${target}.${randomUUID()}.tmp`;
  const file = await openDraft(draft);
  try {
    await file.writeFile(bytes);
    await file.datasync();
    await file.close();
    await rename(draft, target);
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/** Makes the sub-folder only when it is missing, which is 256 times in the life of a store. */
async function openDraft(draft: string): Promise<FileHandle> {
  try {
    return await open(draft, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const folder = dirname(draft);
    await mkdir(folder, { recursive: true });
    await syncFolder(dirname(folder));
    return open(draft, 'wx');
  }
}

/** A new name lasts only once its folder is synced. Windows has no such thing, and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
