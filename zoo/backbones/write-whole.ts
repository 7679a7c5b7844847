import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file that is under its name whole or not there, whatever is cut off when. Its folder is made where it lacks. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, bytes, { flush: true });
  await rename(draft, file);
}

/** Networks that are made of others: each can be made again from those. */
const KINDS = ['ensemble', 'view', 'looks'] as const;
const MADE = new RegExp(`^(${KINDS.join('|')})-[0-9a-f]{16}\\.onnx$`);
const DAY_MS = 86_400_000;
const UNUSED_DAYS = 30;

/** Removes what was made of others and not asked for since long. */
async function sweep(folder: string, now: Date): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!MADE.test(name)) continue;
    const file = path.join(folder, name);
    const facts = await stat(file).catch(() => null); // another process may be sweeping, too
    if (facts && facts.mtimeMs < now.getTime() - UNUSED_DAYS * DAY_MS) await rm(file, { force: true });
  }
}

/**
 * Keeps a network that was made of others in `folder`, once, under its checksum (hex); removes those that nobody has asked for in 30 days.
 */
export async function writeByChecksum(
  folder: string,
  kind: (typeof KINDS)[number],
  bytes: Uint8Array,
): Promise<{ modelPath: string; sha256: string }> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const modelPath = path.join(folder, `${kind}-${sha256.slice(0, 16)}.onnx`);
  const now = new Date();
  if ((await stat(modelPath).catch(() => null))?.size === bytes.length) await utimes(modelPath, now, now);
  else await writeWhole(modelPath, bytes);
  await sweep(folder, now);
  return { modelPath, sha256 };
}
