import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { finalFailure, type Failure } from '../http/result.js';
import type { LocalPicture, LocalStore } from '../provider.js';
import { sameNameKey } from './category-name.js';
import { byText, looksLikePicture } from './picture-names.js';

/** Deeper folders are left alone; a category rarely has more than one level. */
const MAX_DEPTH = 8;

interface Listing {
  files: string[];
  folders: string[];
}

/** Names in a folder, in a stable order; links are left out, since they may lead anywhere. */
async function listFolder(path: string): Promise<Listing> {
  const entries = (await readdir(path, { withFileTypes: true })).sort((a, b) => byText(a.name, b.name));
  const names = (wanted: (typeof entries)[number][]): string[] => wanted.map((entry) => entry.name);
  return {
    files: names(entries.filter((entry) => entry.isFile())),
    folders: names(entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))),
  };
}

async function* walk(root: string, path: string, depth: number): AsyncGenerator<LocalPicture> {
  const { files, folders } = await listFolder(join(root, path));
  for (const name of files) {
    const file = `${path}/${name}`;
    if (looksLikePicture(file)) yield { path: file, bytes: (await stat(join(root, file))).size };
  }
  if (depth === MAX_DEPTH) return;
  for (const name of folders) yield* walk(root, `${path}/${name}`, depth + 1);
}

/** A folder with one subfolder a category. */
export class FolderStore implements LocalStore {
  constructor(
    private readonly root: string,
    private readonly maxBytes: number,
  ) {}

  async *list(category: string): AsyncGenerator<LocalPicture> {
    const { folders } = await listFolder(this.root);
    const matching = folders.filter((name) => sameNameKey(name) === sameNameKey(category));
    for (const name of matching) yield* walk(this.root, name, 1);
  }

  async read(path: string): Promise<Uint8Array | Failure> {
    try {
      return await this.readInside(path);
    } catch (error) {
      const { code = 'unknown error' } = error as NodeJS.ErrnoException;
      return finalFailure('unreachable', `${path} cannot be read from the folder (${code})`);
    }
  }

  close(): void {
    // Nothing stays open between two reads.
  }

  private async readInside(path: string): Promise<Uint8Array | Failure> {
    const [root, file] = await Promise.all([realpath(this.root), realpath(join(this.root, path))]);
    // After links are followed: one inside the folder may point out of it.
    if (!file.startsWith(root.endsWith(sep) ? root : root + sep))
      return finalFailure('bad-url', `${path} leads out of the folder`);
    const handle = await open(file);
    try {
      const { size } = await handle.stat();
      if (size > this.maxBytes)
        return finalFailure('too-large', `${path} has ${size} bytes, the cap is ${this.maxBytes} bytes`);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  }
}
