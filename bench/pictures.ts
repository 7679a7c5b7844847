import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/config/version.js';
import { rasteriseSvg } from '../zoo/index.js';

export interface BenchPicture {
  readonly bytes: Buffer;
  readonly label: number;
}

const PHOTOS = join(projectRoot(), '..', 'shared', 'photos', 'flowers');

/** Photographs where they are at hand, drawn pictures elsewhere (the result says which): the same number for each class. */
export async function benchPictures(
  classes: number,
  perClass: number,
): Promise<{ source: string; pictures: BenchPicture[] }> {
  if (!existsSync(PHOTOS)) {
    process.stderr.write(`*** ${PHOTOS} is absent: drawn pictures are used instead of photographs. ***\n`);
    return { source: 'drawn', pictures: await drawn(classes, perClass) };
  }
  const folders = (await readdir(PHOTOS)).sort().slice(0, classes);
  const lists = await Promise.all(
    folders.map(async (folder, label) => {
      const names = (await readdir(join(PHOTOS, folder))).sort().slice(0, perClass);
      return Promise.all(
        names.map(async (name) => ({ bytes: await readFile(join(PHOTOS, folder, name)), label })),
      );
    }),
  );
  return { source: 'photographs', pictures: lists.flat() };
}

function drawn(classes: number, perClass: number): Promise<BenchPicture[]> {
  return Promise.all(
    Array.from({ length: classes * perClass }, async (_, i) => {
      const label = i % classes;
      const svg =
        `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240"><filter id="n"><feTurbulence type="fractalNoise" ` +
        `baseFrequency="${0.01 + 0.01 * label}" numOctaves="3" seed="${i}"/></filter><rect width="320" height="240" filter="url(#n)"/></svg>`;
      return {
        label,
        bytes: await rasteriseSvg(svg, { width: 320, height: 240 }, '#ffffff', {
          format: 'jpeg',
          quality: 85,
        }),
      };
    }),
  );
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
