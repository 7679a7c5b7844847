import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newKey } from './key.js';

const file = (dataDir: string): string => join(dataDir, 'local-key');

/** A key of this start of the service, for the command line of its machine: whoever can read the data folder needs no other. */
export async function writeLocalKey(dataDir: string): Promise<string> {
  const key = newKey();
  const draft = `${file(dataDir)}.tmp`;
  await writeFile(draft, key, { mode: 0o600 });
  await rename(draft, file(dataDir));
  return key;
}

export const readLocalKey = (dataDir: string): Promise<string | null> =>
  readFile(file(dataDir), 'utf8').catch(() => null);
