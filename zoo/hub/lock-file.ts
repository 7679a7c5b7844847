import { pid } from 'node:process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HubError } from './errors.js';

const LOCK_FILE = 'zoo.lock.json';

const lockSchema = z.record(
  z.string(),
  z.object({
    url: z.string(),
    bytes: z.number(),
    sha256: z.string(),
    /** Who said that the checksum is right: the hub, or nobody (then it is the one first seen). */
    from: z.enum(['hub', 'first use']),
  }),
);

/** Checksums of weights whose card states none, as they were at first use, by card. */
export type ZooLock = z.infer<typeof lockSchema>;
export type ZooLockEntry = ZooLock[string];

/** @throws HubError when the file is damaged */
export async function readLock(folder: string): Promise<ZooLock> {
  const file = path.join(folder, LOCK_FILE);
  const text = await readFile(file, 'utf8').catch(() => '{}');
  try {
    return lockSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new HubError(
      'bad-zoo-file',
      `${file} cannot be read. Repair it, or remove it to trust what is fetched next.`,
      {
        cause: error,
      },
    );
  }
}

/** Adds or replaces one entry. */
export async function lockWeights(folder: string, id: string, entry: ZooLockEntry): Promise<void> {
  const lock = { ...(await readLock(folder)), [id]: entry };
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = path.join(folder, LOCK_FILE);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${pid}.tmp`, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(`${file}.${pid}.tmp`, file);
}
