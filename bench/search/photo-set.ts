import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';

/** Choices of method were made on the first; the others report what came of them. */
export const DEVELOP = ['trash'] as const;
export const REPORT = ['flowers', 'caltech-a'] as const;

export interface Photo {
  readonly sha256: string;
  readonly path: string;
  readonly label: number;
}

/** Photographs of one set, by category in alphabetical order. */
export interface PhotoSet {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly photos: readonly Photo[];
}

const SHARED = join(projectRoot(), '..', 'shared');
export const MIRROR_FOLDER = join(SHARED, 'zoo-mirror');

/** Photographs are for tests and benchmarks only and are not part of the repository. */
export const hasPhotos = (): boolean => existsSync(join(SHARED, 'photos', DEVELOP[0]));

async function readCategory(folder: string, label: number): Promise<Photo[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return {
        path,
        label,
        sha256: createHash('sha256')
          .update(await readFile(path))
          .digest('hex'),
      };
    }),
  );
}

/** @throws when `../shared/photos` is not there; ask `hasPhotos` before */
export async function readPhotoSet(name: string): Promise<PhotoSet> {
  const root = join(SHARED, 'photos', name);
  const classNames = (await readdir(root)).sort();
  const lists = await Promise.all(classNames.map((folder, label) => readCategory(join(root, folder), label)));
  return { name, classNames, photos: lists.flat() };
}
