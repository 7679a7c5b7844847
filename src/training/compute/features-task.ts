import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  backbones,
  estimateLatencies,
  extractFeatures,
  backbonesFolder,
  installBackbone,
  openExtractor,
  openFeatureFolder,
  parseLooks,
  parseView,
  readPrepared,
  seeOtherwise,
  viewBackbone,
  withGem,
  type BackboneCard,
  type FeatureShelf,
  type FeatureTarget,
  type InstalledBackbone,
  type InstallProgress,
} from '../../../zoo/index.js';
import { GraftError } from '../../runs/errors.js';
import { openZoo, type ZooEnv } from '../zoo.js';
import { refuseIfNothingFits } from './cap.js';
import type { Report } from './child.js';
import { floorBackbone } from './floor-backbone.js';
import { looksOf } from './looks.js';
import { memoryLimit, planPasses, type Seat } from './memory.js';
import type { ComputePicture, FeaturesResult, FeaturesTask } from './protocol.js';
import { NOT_TOGETHER, togetherOf } from './together.js';

export const openShelf = (cacheDir: string, installed: InstalledBackbone): Promise<FeatureShelf> =>
  openFeatureFolder(join(cacheDir, 'features'), installed);

interface Wanted {
  readonly cacheDir: string;
  readonly zooMirror?: string | null;
  /** Ids of backbones, or of what is made of one. */
  readonly backbones: readonly string[];
}

const baseOf = (id: string): string => parseView(parseLooks(id).base).base;

/** A backbone as an id wants it: shown the picture of another size, or seen in other ways. */
async function madeFor(id: string, backbone: InstalledBackbone, folder: string): Promise<InstalledBackbone> {
  const { picture } = parseView(id);
  if (picture) return viewBackbone(backbone, picture, folder);
  return parseLooks(id).looks.length > 0 ? seeOtherwise(backbone, id, folder) : backbone;
}

/** Makes the backbones of a task ready, one after the other: each conversion needs much memory. */
export async function installAll(task: Wanted, report?: Report): Promise<InstalledBackbone[]> {
  const { cacheDir, zooMirror = null } = task;
  const installed: InstalledBackbone[] = [];
  const bases = task.backbones.map(baseOf);
  for (const [at, card] of (await findCards({ cacheDir, zooMirror }, bases)).entries()) {
    const onProgress: InstallProgress = (step, bytes) =>
      report?.(bytes?.done ?? 0, bytes?.total ?? 0, `${card.title}: ${step}`);
    const folder = backbonesFolder(cacheDir);
    const backbone = await installBackbone(card, folder, onProgress);
    const tapped = { ...backbone, taps: withGem(backbone.taps) };
    installed.push(await madeFor(task.backbones[at] as string, tapped, folder));
  }
  return installed;
}

/** A mirror is asked only for what is not embedded. */
async function findCards(env: ZooEnv, ids: readonly string[]): Promise<BackboneCard[]> {
  const embedded = ids.flatMap((id) => backbones.find((card) => card.id === id) ?? []);
  if (embedded.length === ids.length) return embedded;
  const zoo = await openZoo(env);
  return ids.map((id) => zoo.get(id));
}

/** Brings the features of every picture for every backbone into the cache. */
export async function extractImages(task: FeaturesTask, report: Report): Promise<FeaturesResult> {
  const installed = await installAll(task, report);
  await checkCap(task, installed);
  const floor = task.part === 'backbones' ? [] : await floorBackbone(installed, task.cacheDir);
  const all = [...(task.part === 'floor' ? [] : await seenBy(task, installed)), ...floor];
  const passes = planPasses(all, memoryLimit(task));
  for (const [index, seats] of passes.entries()) {
    const which =
      passes.length > 1 ? `, pass ${index + 1} of ${passes.length}: memory for no more at a time` : '';
    await onePass(task, seats, task.pictures, (done, total) =>
      report(
        index * total + done,
        passes.length * total,
        `${task.backbones.length} backbones, all taps in one pass${which}`,
      ),
    );
  }
  const taps = installed.reduce((sum, backbone) => sum + backbone.taps.length, 0);
  return { pictures: task.pictures.length, taps };
}

/** The backbones, and those made of them to see pictures in other ways. */
async function seenBy(
  { acrossSizes, augment, cacheDir }: FeaturesTask,
  installed: readonly InstalledBackbone[],
): Promise<InstalledBackbone[]> {
  const { views } = acrossSizes ? await togetherOf(installed, cacheDir) : NOT_TOGETHER;
  return [...installed, ...views, ...(augment ? await looksOf(installed, cacheDir) : [])];
}

/** Pictures a pass on an accelerator, at most: what its memory has no room for is done again in halves. */
const LARGEST_BATCH = 128;
const LEAST_DECODERS = 4;

interface PassTask {
  readonly cacheDir: string;
  readonly threads: number | null;
  readonly provider: string;
  readonly pixelsDir: string;
}

const isCpu = ({ provider }: PassTask): boolean => provider === 'cpu';

/** One pass of pictures through backbones that there is room for at the same time. @returns its milliseconds, from when they are open */
export async function onePass(
  task: PassTask,
  seats: readonly Seat[],
  pictures: readonly Pick<ComputePicture, 'sha256' | 'path'>[],
  report: Report,
): Promise<number> {
  const targets: FeatureTarget[] = [];
  try {
    for (const { installed, batchSize } of seats) targets.push(await openTarget(task, installed, batchSize));
    const started = performance.now();
    const failed = await extractFeatures({
      images: pictures.map((picture) => ({
        sha256: picture.sha256,
        read: () => readPicture(picture),
        prepared: (geometries) => readPrepared(task.pixelsDir, picture.sha256, geometries),
      })),
      targets,
      chunkSize: isCpu(task) ? undefined : 2 * LARGEST_BATCH,
      decoders: Math.max(LEAST_DECODERS, availableParallelism()),
      onProgress: ({ done, total }) => report(done, total),
    });
    if (failed[0]) throw failed[0].error;
    return performance.now() - started;
  } finally {
    for (const target of targets) await target.extractor.close();
  }
}

/** Refuses a cap that no tap keeps to, while nothing long has been done yet. */
async function checkCap(
  { cap, threads }: FeaturesTask,
  installed: readonly InstalledBackbone[],
): Promise<void> {
  const options = { threads: threads ?? undefined, now: () => performance.now() };
  const priced = [];
  for (const backbone of installed) {
    const latencies = cap.maxLatencyMs === null ? null : await estimateLatencies(backbone, options);
    for (const { id: tap, bytes } of backbone.taps)
      priced.push({ backbone: backbone.card.id, tap, bytes, latencyMs: latencies?.get(tap) ?? null });
  }
  refuseIfNothingFits(priced, cap);
}

/** A backbone ready to work, with the shelf that every stage reads; it finds out how many pictures at a time are fastest. */
async function openTarget(
  task: PassTask,
  installed: InstalledBackbone,
  batchSize: number,
): Promise<FeatureTarget> {
  const extractor = await openExtractor(installed, {
    threads: task.threads ?? undefined,
    providers: [task.provider],
    batchSize: isCpu(task) ? batchSize : LARGEST_BATCH,
    now: () => performance.now(),
  });
  return {
    card: installed.card,
    extractor,
    shelf: await openShelf(task.cacheDir, installed),
  };
}

/** @throws GraftError when the picture's file has gone from the data folder */
export function readPicture(picture: Pick<ComputePicture, 'sha256' | 'path'>): Promise<Buffer> {
  return readFile(picture.path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new GraftError({
      code: 'picture-missing',
      message: `What is stored as ${picture.sha256} is missing from the data folder.`,
      fix: 'Restore the folder blobs/ from a backup, or start a new run.',
      status: 500,
    });
  });
}
