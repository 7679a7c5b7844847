import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { GraftClient } from './client.js';
import { CliError, usageError } from './errors.js';

/** Files that make a folder a package. */
const MARKS = ['manifest.json', 'model.onnx'];

/** The entries of a folder; null when there's no such folder. @throws CliError when it's a file */
async function entriesOf(folder: string): Promise<string[] | null> {
  const facts = await stat(folder).catch(() => null);
  if (!facts) return null;
  if (!facts.isDirectory()) {
    throw usageError('out-is-a-file', `${folder} is a file.`, 'Choose another folder with --out.');
  }
  return readdir(folder);
}

/**
 * Refuses a folder that holds something else than a package; called before the long work begins.
 * @throws CliError
 */
export async function checkOutFolder(out: string, force: boolean): Promise<void> {
  const entries = (await entriesOf(resolve(out))) ?? [];
  const isPackage = MARKS.every((mark) => entries.includes(mark));
  if (entries.length === 0 || isPackage || force) return;
  throw usageError(
    'out-not-empty',
    `The folder ${out} holds something else than a package.`,
    'Choose a new folder with --out, or add --force to put the files of the package among what is there.',
  );
}

/**
 * Copies the package of a model into a folder. The files are fetched beside it first, so that the folder never holds half
 * a package; a package that was there before is replaced as a whole, and files that belong to nobody here are left alone.
 * @returns the folder's absolute path
 */
export async function copyPackage(client: GraftClient, modelId: string, out: string): Promise<string> {
  const target = resolve(out);
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.part`);
  const { files } = await client.model(modelId);
  try {
    for (const file of files) await fetchFile(client, modelId, file, draft);
    await putInPlace(draft, target, files);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return target;
}

async function fetchFile(client: GraftClient, modelId: string, file: string, folder: string): Promise<void> {
  const path = normalize(file);
  if (isAbsolute(path) || path.split(sep).includes('..')) {
    throw new CliError({
      code: 'strange-answer',
      message: `The package names a file outside itself: ${file}`,
    });
  }
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await pipeline(await client.packageFile(modelId, file), createWriteStream(join(folder, path)));
}

async function putInPlace(draft: string, target: string, files: readonly string[]): Promise<void> {
  const present = (await entriesOf(target)) ?? [];
  const arriving = new Set(files.map((file) => normalize(file).split(sep)[0]));
  if (present.some((entry) => !arriving.has(entry))) return putAmong(draft, target, files);
  await mkdir(dirname(target), { recursive: true });
  if (present.length === 0) {
    await rm(target, { recursive: true, force: true });
    return rename(draft, target);
  }
  const old = `${draft}.old`;
  await rename(target, old);
  await rename(draft, target);
  await rm(old, { recursive: true, force: true });
}

/** The folder holds other things too: only the files of the package are replaced, each at once. */
async function putAmong(draft: string, target: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await rename(join(draft, file), join(target, file));
  }
}
