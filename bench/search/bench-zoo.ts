import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import {
  backbonesFolder,
  extractFeatures,
  installBackbone,
  loadZoo,
  openExtractor,
  openFeatureFolder,
  takeRows,
  withGem,
  type FeatureSet,
  type FeatureShelf,
  type InstalledBackbone,
  type Matrix,
} from '../../zoo/index.js';
import { looksOf } from '../../src/training/compute/looks.js';
import { togetherOf } from '../../src/training/compute/together.js';
import type { LoopbackMirror } from './mirror.js';
import type { Photo } from './photo-set.js';

const CACHE = join(projectRoot(), '.graft', 'bench-search');

export interface BenchBackbone {
  readonly installed: InstalledBackbone;
  readonly source: 'embedded' | 'mirror' | 'view' | 'look';
  readonly shelf: FeatureShelf;
}

/** The embedded backbones and those of the mirror, installed as the product installs them. */
export async function openBenchZoo(mirror: LoopbackMirror | null): Promise<BenchBackbone[]> {
  const cacheDir = backbonesFolder(CACHE);
  const zoo = await loadZoo({ cacheDir, mirror: mirror?.address ?? null });
  const backbones: BenchBackbone[] = [];
  for (const { card, source } of zoo.entries) {
    if (source !== 'embedded' && source !== 'mirror') continue;
    process.stderr.write(`  ${source} ${card.id}\n`);
    const plain = await installBackbone(card, cacheDir);
    const installed = { ...plain, taps: withGem(plain.taps) };
    const shelf = await openFeatureFolder(join(CACHE, 'features'), installed);
    backbones.push({ installed, source, shelf });
  }
  return backbones;
}

/** Which of them can be one network, as `graft build --ensemble` finds it, and the views that this takes. */
export async function openViews(
  backbones: readonly BenchBackbone[],
): Promise<{ groups: readonly (readonly string[])[]; views: BenchBackbone[] }> {
  const { groups, views } = await togetherOf(installedOf(backbones), CACHE);
  return { groups, views: await openAll(views, 'view') };
}

async function openAll(
  made: readonly InstalledBackbone[],
  source: BenchBackbone['source'],
): Promise<BenchBackbone[]> {
  const opened: BenchBackbone[] = [];
  for (const installed of made) {
    const shelf = await openFeatureFolder(join(CACHE, 'features'), installed);
    opened.push({ installed, source, shelf });
  }
  return opened;
}

const installedOf = (backbones: readonly BenchBackbone[]): InstalledBackbone[] =>
  backbones.map(({ installed }) => installed);

/** The backbones as they see pictures otherwise, as `graft build --augment` has them. */
export const openLooks = async (backbones: readonly BenchBackbone[]): Promise<BenchBackbone[]> =>
  openAll(await looksOf(installedOf(backbones), CACHE), 'look');

/** Brings the features of the photographs onto the shelves; what a former run of the benchmark left there is used. */
export async function fillShelves(
  backbones: readonly BenchBackbone[],
  photos: readonly Photo[],
): Promise<void> {
  for (const { installed, shelf } of backbones) {
    const extractor = await openExtractor(installed);
    const images = photos.map(({ sha256, path }) => ({ sha256, read: () => readFile(path) }));
    const targets = [{ card: installed.card, extractor, shelf }];
    let told = 0;
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      if (done < told + 256 && done < total) return;
      told = done;
      process.stderr.write(`  ${installed.card.id}: ${done} of ${total} pictures\n`);
    };
    const failed = await extractFeatures({ images, targets, onProgress });
    await extractor.close();
    if (failed[0]) throw failed[0].error;
  }
}

/** Features of a photo set held in memory, dealt out to any subset of its rows. */
export interface SetFeatures {
  of(rows: Int32Array, backbones?: readonly string[]): FeatureSet[];
  has(backbone: string): boolean;
}

export async function loadSetFeatures(
  backbones: readonly BenchBackbone[],
  photos: readonly Photo[],
): Promise<SetFeatures> {
  const hashes = photos.map(({ sha256 }) => sha256);
  const all: (FeatureSet & { matrix: Matrix })[] = [];
  for (const { installed, shelf } of backbones)
    for (const tap of installed.taps)
      all.push({ backbone: installed.card.id, tap, matrix: await shelf.read(tap.id, hashes) });
  return {
    has: (id) => all.some(({ backbone }) => backbone === id),
    of: (rows, wanted) =>
      all
        .filter(({ backbone }) => wanted?.includes(backbone) ?? true)
        .map((set) => ({ ...set, matrix: () => Promise.resolve(takeRows(set.matrix, rows)) })),
  };
}
