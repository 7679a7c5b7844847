import type { Dirent } from 'node:fs';
import { access, constants, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** A file to send. */
export interface FoundFile {
  /** Where it lies. */
  path: string;
  /** Its path within the folder that was walked, with `/` between the parts. */
  name: string;
  bytes: number;
}

/** A file that is left out, and why. */
export interface SkippedFile {
  path: string;
  reason: 'link-not-followed' | 'unreadable' | 'special-file';
}

export interface Walk {
  files: FoundFile[];
  skipped: SkippedFile[];
}

/** What operating systems leave in folders: nobody means these as pictures. */
const CLUTTER = new Set(['thumbs.db', 'desktop.ini', '__macosx', 'ehthumbs.db']);
const isClutter = (name: string): boolean => name.startsWith('.') || CLUTTER.has(name.toLowerCase());

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

interface Place {
  folder: string;
  /** Name of the folder within the walk; empty at the top. */
  prefix: string;
}

/**
 * Every file below a folder, sorted by name so that each machine sends them in the same order. Dot files and the clutter
 * of operating systems are left out silently. Links are followed to files inside `within` (default: the folder) only, and
 * never to folders, so that nothing outside is read and no loop is possible.
 */
export async function walkFolder(folder: string, within: string = folder): Promise<Walk> {
  const root = await realpath(within);
  const walk: Walk = { files: [], skipped: [] };
  const places: Place[] = [{ folder, prefix: '' }];
  for (let place = places.pop(); place; place = places.pop()) {
    const inner = await readPlace(place, root, walk);
    places.push(...inner.reverse()); // reversed, since the last one pushed is walked first
  }
  return walk;
}

/** Records the files of one folder and returns the folders in it. */
async function readPlace(place: Place, root: string, walk: Walk): Promise<Place[]> {
  const entries = await readdir(place.folder, { withFileTypes: true }).catch(() => null);
  if (!entries) {
    walk.skipped.push({ path: place.folder, reason: 'unreadable' });
    return [];
  }
  const inner: Place[] = [];
  for (const entry of entries.filter(({ name }) => !isClutter(name)).sort(byName)) {
    const path = join(place.folder, entry.name);
    const name = place.prefix + entry.name;
    if (entry.isDirectory()) inner.push({ folder: path, prefix: `${name}/` });
    else await recordFile({ path, name, entry }, root, walk);
  }
  return inner;
}

async function recordFile(
  found: { path: string; name: string; entry: Dirent },
  root: string,
  walk: Walk,
): Promise<void> {
  const { path, name, entry } = found;
  const skip = (reason: SkippedFile['reason']) => void walk.skipped.push({ path, reason });
  if (entry.isSymbolicLink() && !(await leadsInto(root, path))) return skip('link-not-followed');
  const facts = await stat(path).catch(() => null);
  if (!facts) return skip('unreadable');
  if (!facts.isFile()) return skip(facts.isDirectory() ? 'link-not-followed' : 'special-file');
  if (!(await isReadable(path))) return skip('unreadable');
  walk.files.push({ path, name, bytes: facts.size });
}

const isReadable = (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

async function leadsInto(root: string, link: string): Promise<boolean> {
  const target = await realpath(link).catch(() => null);
  return target !== null && target.startsWith(root.endsWith(sep) ? root : root + sep);
}
