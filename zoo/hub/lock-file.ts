import { pid } from 'node:process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { HubError } from './errors.js';
import { inputSpecSchema } from './input-schema.js';

const LOCK_FILE = 'zoo.lock.json';

const lockSchema = z.record(
  z.string(),
  z.object({
    url: z.string(),
    /** Left out where the card states the checksum. */
    bytes: z.number().optional(),
    sha256: z.string().optional(),
    /** Who said that the checksum is right: the hub, or nobody (then it is the one first seen). */
    from: z.enum(['hub', 'first use']).optional(),
    /** How the hub says that pictures are prepared; left out where it was not asked. */
    described: z
      .object({
        /** The file that says it; null where there is none, or none that can be used. */
        by: z.string().nullable(),
        /** Why a file is not used. */
        ignored: z.string().nullable(),
        input: inputSpecSchema.partial(),
      })
      .optional(),
  }),
);

/** By card: what is true of its weights since first use, their checksum where the card states none, and their input. */
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

/** Adds to the entry of a card; what was locked of another address of it is dropped. */
export async function addToLock(folder: string, id: string, entry: ZooLockEntry): Promise<void> {
  const before = await readLock(folder);
  const same = before[id]?.url === entry.url ? before[id] : {};
  const lock = { ...before, [id]: { ...same, ...entry } };
  const sorted = Object.fromEntries(Object.entries(lock).sort(([a], [b]) => (a < b ? -1 : 1)));
  const file = path.join(folder, LOCK_FILE);
  await mkdir(folder, { recursive: true });
  await writeFile(`${file}.${pid}.tmp`, `${JSON.stringify(sorted, null, 2)}\n`);
  await rename(`${file}.${pid}.tmp`, file);
}
