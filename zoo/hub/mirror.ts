import { pid } from 'node:process';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { HubError } from './errors.js';
import { openUrl, readText, refused } from './http.js';
import { readZooFile, type ZooFile } from './zoo-file.js';

const MAX_ZOO_FILE_BYTES = 8 * 1024 * 1024;

/** The cards of a mirror, and a remark where they are those of its last visit. */
export interface MirrorCards extends ZooFile {
  readonly warning: string | null;
}

/** Address of a mirror's folder, ending in a slash: a base URL, or a folder of this machine. */
export function mirrorBase(mirror: string): string {
  if (!/^https?:\/\//.test(mirror)) return pathToFileURL(`${path.resolve(mirror)}/`).href;
  return mirror.endsWith('/') ? mirror : `${mirror}/`;
}

async function fetchText(url: string): Promise<string> {
  const opened = await openUrl(url);
  if (opened.status !== 200) throw refused(url, opened.status);
  return readText(url, opened, MAX_ZOO_FILE_BYTES);
}

async function readFolder(base: string): Promise<string> {
  return readFile(new URL('zoo.json', base), 'utf8').catch((error: unknown) => {
    const message = `There is no zoo.json at ${base}. Correct GRAFT_ZOO_MIRROR, or take it away.`;
    throw new HubError('bad-zoo-file', message, { cause: error });
  });
}

async function keep(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${pid}.tmp`, text);
  await rename(`${file}.${pid}.tmp`, file);
}

/**
 * Reads the cards of a mirror. When it cannot be reached, those of the last visit count, so that what was fetched goes on
 * working with no internet.
 *
 * @throws HubError when there is neither, or the `zoo.json` cannot be used.
 */
export async function readMirror(mirror: string, cacheDir: string): Promise<MirrorCards> {
  const base = mirrorBase(mirror);
  if (base.startsWith('file:')) return { ...readZooFile(await readFolder(base), base), warning: null };
  const name = createHash('sha256').update(base).digest('hex').slice(0, 16);
  const kept = path.join(cacheDir, 'mirrors', `${name}.json`);
  try {
    const text = await fetchText(`${base}zoo.json`);
    const found = readZooFile(text, base);
    await keep(kept, text);
    return { ...found, warning: null };
  } catch (error) {
    if (!(error instanceof HubError) || error.reason !== 'unreachable') throw error;
    const text = await readFile(kept, 'utf8').catch(() => null);
    if (text === null) throw error;
    return {
      ...readZooFile(text, base),
      warning: `${error.message} Its cards are those of the last visit.`,
    };
  }
}
