import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a file that is under its name whole or not there, whatever is cut off when. Its folder is made where it lacks. */
export async function writeWhole(file: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, bytes, { flush: true });
  await rename(draft, file);
}

/** Keeps a network that was made of others in `folder`, once, under its checksum (hex). */
export async function writeByChecksum(
  folder: string,
  kind: string,
  bytes: Uint8Array,
): Promise<{ modelPath: string; sha256: string }> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const modelPath = path.join(folder, `${kind}-${sha256.slice(0, 16)}.onnx`);
  if ((await stat(modelPath).catch(() => null))?.size !== bytes.length) await writeWhole(modelPath, bytes);
  return { modelPath, sha256 };
}
