import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import pLimit from 'p-limit';
import type { SharedFolders } from '../shared-folders.js';
import type { Bucket } from './bucket.js';

const AT_ONCE = 8;

/**
 * Shared folders in object storage: one object a file, under the folder's name. A file of equal size counts as the same, for
 * what is shared is written once under its name (features by content, packages and search states by run).
 */
export function createS3Folders(bucket: Bucket): SharedFolders {
  return {
    push: async (name, folder) => {
      const there = await bucket.list(`${name}/`);
      const limit = pLimit(AT_ONCE);
      const send = async (file: string): Promise<void> => {
        const target = `${name}/${relative(folder, file).split(sep).join('/')}`;
        if (there.get(target) === (await stat(file)).size) return;
        await bucket.put(target, await readFile(file));
      };
      await Promise.all((await filesBelow(folder)).map((file) => limit(send, file)));
    },
    pull: async (name, folder) => {
      const there = await bucket.list(`${name}/`);
      const limit = pLimit(AT_ONCE);
      const fetchOne = async ([source, bytes]: [string, number]): Promise<void> => {
        const file = join(folder, ...source.slice(name.length + 1).split('/'));
        if ((await sizeOf(file)) !== bytes) await bring(bucket, source, file);
      };
      await Promise.all([...there].map((entry) => limit(fetchOne, entry)));
    },
  };
}

/** Written beside and renamed: a file of the right name is whole. */
async function bring(bucket: Bucket, source: string, file: string): Promise<void> {
  const bytes = await bucket.get(source);
  if (!bytes) return; // deleted since it was listed
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, bytes, { flush: true });
  await rename(draft, file);
}

const sizeOf = (file: string): Promise<number | null> =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  );

/** Finished files only: drafts have a dot before their name or end in .tmp. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(folder, file)
          .split(sep)
          .some((part) => part.startsWith('.')),
    )
    .sort();
}
