import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import {
  extractFeatures,
  openExtractor,
  openFeatureFolder,
  OutOfMemoryError,
  readPrepared,
  type FeatureShelf,
  type FeatureTarget,
  type InstalledBackbone,
} from '../../../zoo/index.js';
import { GraftError } from '../../runs/errors.js';
import type { Report } from './child.js';
import { outOfMemory, type Seat } from './memory.js';
import type { ComputePicture } from './protocol.js';

/** Pictures a pass on an accelerator, at most: which size is fastest is tried, and what its memory has no room for is done again in halves. */
const LARGEST_BATCH = 256;
const LEAST_DECODERS = 4;

export interface PassTask {
  readonly cacheDir: string;
  readonly threads: number | null;
  readonly provider: string;
  readonly pixelsDir: string;
}

export const openShelf = (cacheDir: string, installed: InstalledBackbone): Promise<FeatureShelf> =>
  openFeatureFolder(join(cacheDir, 'features'), installed);

const isCpu = ({ provider }: PassTask): boolean => provider === 'cpu';

type PassPicture = Pick<ComputePicture, 'sha256' | 'path'>;

/**
 * One pass of pictures through backbones that there should be room for at the same time. Where memory runs out all the same they go one after the
 * other, and one that an accelerator has no room for goes on the CPU; what was done by then is not done again.
 *
 * @param isLate asked between chunks of pictures: true ends the pass there
 * @returns its milliseconds, from when the networks are open
 * @throws GraftError when there is no room for one by itself on the CPU
 */
export async function onePass(
  task: PassTask,
  seats: readonly Seat[],
  pictures: readonly PassPicture[],
  report: Report,
  isLate?: () => boolean,
): Promise<number> {
  try {
    return await passAtOnce(task, seats, pictures, report, isLate);
  } catch (error) {
    if (!(error instanceof OutOfMemoryError)) throw error;
    const [first, ...others] = seats;
    if (first && others.length === 0 && isCpu(task)) throw outOfMemory(first.installed, error);
    const next = others.length === 0 ? { ...task, provider: 'cpu' } : task;
    let ms = 0;
    for (const seat of seats) ms += await onePass(next, [seat], pictures, report, isLate);
    return ms;
  }
}

async function passAtOnce(
  task: PassTask,
  seats: readonly Seat[],
  pictures: readonly PassPicture[],
  report: Report,
  isLate?: () => boolean,
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
      isLate,
      onProgress: ({ done, total }) => report(done, total),
    });
    if (failed[0]) throw failed[0].error;
    return performance.now() - started;
  } finally {
    for (const target of targets) await target.extractor.close();
  }
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
