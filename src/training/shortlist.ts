import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Halving } from '../../zoo/index.js';

const shortlistSchema = z.object({
  kept: z.array(z.string()),
  dropped: z.array(z.object({ backbone: z.string(), reason: z.string() })),
});

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Which backbones all pictures of a run go through; null while that was not to be decided, or is not yet. */
export async function readShortlist(file: string): Promise<Halving | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  return text === null ? null : shortlistSchema.parse(JSON.parse(text));
}

/** Written beside and renamed: a list that can be read is whole. */
export async function writeShortlist(file: string, halving: Halving): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, JSON.stringify(halving));
  await rename(`${file}.tmp`, file);
}
