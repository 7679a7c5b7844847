import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { DroppedBackbone, Halving } from '../../zoo/index.js';

const shortlistSchema = z.object({
  kept: z.array(z.string()),
  /** Lists of an older version have none. */
  bestFirst: z.array(z.string()).optional(),
  dropped: z.array(z.object({ backbone: z.string(), reason: z.string() })),
});

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Which backbones all pictures of a run go through; null while that was not to be decided, or is not yet. */
export async function readShortlist(file: string): Promise<Halving | null> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
  if (text === null) return null;
  const list = shortlistSchema.parse(JSON.parse(text));
  return { bestFirst: list.kept, ...list };
}

/** The list without backbones there was no time left for. */
export function withoutLate(list: Halving, late: readonly DroppedBackbone[]): Halving {
  const isLeft = (id: string): boolean => !late.some(({ backbone }) => backbone === id);
  return {
    kept: list.kept.filter(isLeft),
    bestFirst: list.bestFirst.filter(isLeft),
    dropped: [...list.dropped, ...late],
  };
}

/** Written beside and renamed: a list that can be read is whole. */
export async function writeShortlist(file: string, halving: Halving): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, JSON.stringify(halving));
  await rename(`${file}.tmp`, file);
}
