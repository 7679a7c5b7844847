import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { GraftError } from '../../runs/errors.js';
import {
  decodeUtf8,
  noLabelled,
  readLabelled,
  readUnlabelled,
  TEXTS_FIX,
  type LabelledText,
  type ReadTexts,
} from '../../texts/read-texts.js';
import { usageError } from '../errors.js';

/** @throws CliError when there is no such file */
const bytesOf = (path: string): Promise<Buffer> =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    const why =
      error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`;
    throw usageError('no-such-file', `The file ${path} ${why}.`, TEXTS_FIX);
  });

/** What is wrong with a file is wrong with the command that names it. */
async function asUsage<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof GraftError) throw usageError(error.code, error.message, error.fix);
    throw error;
  }
}

/** Null for what is not UTF-8. */
const textOf = async (path: string): Promise<string | null> => {
  const bytes = await bytesOf(path);
  try {
    return decodeUtf8(path, bytes);
  } catch {
    return null;
  }
};

async function readFolder(root: string): Promise<ReadTexts<LabelledText>> {
  const rows: LabelledText[] = [];
  const leftOut: string[] = [];
  const folders = (await readdir(root, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  for (const { name: label } of folders.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const name of (await readdir(join(root, label))).sort()) {
      const place = `${label}/${name}`;
      if (extname(name).toLowerCase() !== '.txt') leftOut.push(`${place} (not a .txt file)`);
      else {
        const text = await textOf(join(root, place));
        if (text === null) leftOut.push(`${place} (not UTF-8)`);
        else if (text.trim() === '') leftOut.push(`${place} (empty)`);
        else rows.push({ label, text: text.trim(), place });
      }
    }
  }
  return { rows, leftOut };
}

/** Labelled texts from a CSV file, JSON lines or a folder of folders. @throws CliError saying what is wrong with it */
export async function labelledFrom(path: string): Promise<ReadTexts<LabelledText>> {
  const facts = await stat(path).catch(() => null);
  return asUsage(async () => {
    if (!facts?.isDirectory()) return readLabelled(path, await bytesOf(path));
    const read = await readFolder(path);
    if (read.rows.length === 0) throw noLabelled(path);
    return read;
  });
}

/** Texts without labels: one a line, or a CSV file or JSON lines with a column `text`. @throws CliError */
export const unlabelledFrom = (path: string): Promise<ReadTexts<string>> =>
  asUsage(async () => readUnlabelled(path, await bytesOf(path)));
