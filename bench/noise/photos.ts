import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import { tapsToTry } from '../../src/dataset/curate/held-out.js';
import {
  extractFeatures,
  getBackbone,
  installBackbone,
  openExtractor,
  openFeatureFolder,
  takeRows,
  type FeatureTarget,
  type InstalledBackbone,
  type Matrix,
  type Tap,
} from '../../zoo/index.js';

export const PHOTOS = join(projectRoot(), '..', 'shared', 'photos');
const CACHE = join(projectRoot(), '.graft', 'bench-cache');

export interface Photo {
  readonly path: string;
  readonly sha256: string;
  /** The true class; -1 for a picture of none. */
  readonly truth: number;
  /** The class it is found under. */
  readonly label: number;
}

export async function listSet(set: string): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (const [truth, folder] of (await readdir(join(PHOTOS, set))).sort().entries())
    for (const name of (await readdir(join(PHOTOS, set, folder))).sort()) {
      const path = join(PHOTOS, set, folder, name);
      const sha256 = createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
      photos.push({ path, sha256, truth, label: truth });
    }
  return photos;
}

export const classesOf = (photos: readonly Photo[]): number =>
  1 + Math.max(...photos.map(({ truth }) => truth));

/** Features of all photographs at the taps that curation asks, in memory. */
export interface Features {
  readonly taps: readonly { readonly backbone: string; readonly tap: Tap }[];
  read(backbone: string, tap: string, photos: readonly Photo[]): Matrix;
}

async function extract(
  targets: readonly FeatureTarget[],
  photos: readonly Photo[],
  onProgress?: (done: number, total: number) => void,
): Promise<void> {
  await extractFeatures({
    images: photos.map(({ sha256, path }) => ({ sha256, read: () => readFile(path) })),
    targets,
    onProgress: ({ done, total }) => onProgress?.(done, total),
  });
}

async function withTargets<T>(
  installed: readonly InstalledBackbone[],
  folder: string,
  work: (targets: readonly FeatureTarget[]) => Promise<T>,
): Promise<T> {
  const targets: FeatureTarget[] = [];
  try {
    for (const one of installed)
      targets.push({
        card: one.card,
        extractor: await openExtractor(one),
        shelf: await openFeatureFolder(folder, one),
      });
    return await work(targets);
  } finally {
    for (const { extractor } of targets) await extractor.close();
  }
}

export async function install(ids: readonly string[]): Promise<InstalledBackbone[]> {
  const installed: InstalledBackbone[] = [];
  for (const id of ids) installed.push(await installBackbone(getBackbone(id), join(CACHE, 'backbones')));
  return installed;
}

/** What one picture costs through all of the backbones together, nothing cached; in ms. */
export const embeddingCostMs = (
  installed: readonly InstalledBackbone[],
  photos: readonly Photo[],
  folder: string,
): Promise<number> =>
  withTargets(installed, folder, async (targets) => {
    const start = performance.now();
    await extract(targets, photos);
    return (performance.now() - start) / photos.length;
  });

/** Embeds what the cache lacks. */
export async function embed(
  installed: readonly InstalledBackbone[],
  photos: readonly Photo[],
): Promise<Features> {
  const matrices = new Map<string, Matrix>();
  const taps: { backbone: string; tap: Tap }[] = [];
  await withTargets(installed, join(CACHE, 'features'), async (targets) => {
    await extract(targets, photos, (done, total) =>
      process.stderr.write(`  features of ${done} of ${total} photographs\r`),
    );
    for (const [i, { card, taps: all }] of installed.entries())
      for (const tap of tapsToTry(all)) {
        const images = photos.map(({ sha256 }) => sha256);
        taps.push({ backbone: card.id, tap });
        matrices.set(`${card.id}/${tap.id}`, await (targets[i] as FeatureTarget).shelf.read(tap.id, images));
      }
  });
  const rowOf = new Map(photos.map(({ sha256 }, row) => [sha256, row]));
  return {
    taps,
    read: (backbone, tap, wanted) =>
      takeRows(
        matrices.get(`${backbone}/${tap}`) as Matrix,
        Int32Array.from(wanted, ({ sha256 }) => rowOf.get(sha256) as number),
      ),
  };
}
