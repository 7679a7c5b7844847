import { performance } from 'node:perf_hooks';
import {
  extractFeatures,
  halveBackbones,
  openExtractor,
  type Contender,
  type FeatureShelf,
  type Halving,
  type InstalledBackbone,
} from '../../../zoo/index.js';
import type { Report } from './child.js';
import { installAll, openShelf, readPicture } from './features-task.js';
import type { ComputePicture, ShortlistTask } from './protocol.js';

/** Ranks the backbones of a run on samples of its pictures. What is computed here is not computed again by the long pass. */
export async function computeShortlist(task: ShortlistTask, report: Report): Promise<Halving> {
  const installed = await installAll(task, report);
  const contenders: Contender[] = [];
  for (const one of installed) contenders.push(await contenderOf(task, one));
  return halveBackbones({
    contenders,
    labels: Int32Array.from(task.pictures, ({ label }) => label),
    folds: Int32Array.from(task.pictures, ({ fold }) => fold),
    classes: task.classes,
    keep: task.limits.maxBackbones,
    mostMs: task.limits.mostMs,
    seed: task.seed,
    onProgress: (done, total) => report(done, total, 'a sample of the pictures through each backbone'),
  });
}

async function contenderOf(task: ShortlistTask, installed: InstalledBackbone): Promise<Contender> {
  const shelf = await openShelf(task.cacheDir, installed);
  const hashes = task.pictures.map(({ sha256 }) => sha256);
  // Of the first look that computes something: what a run before has left says nothing about speed.
  let msAPicture: number | null = null;
  return {
    backbone: installed.card.id,
    async look(rows) {
      const sample = Array.from(rows, (row) => task.pictures[row] as ComputePicture);
      const lacking = shelf.missing(sample.map(({ sha256 }) => sha256)).length;
      const ms = lacking === 0 ? 0 : await extract(task, installed, shelf, sample);
      if (lacking > 0) msAPicture ??= ms / lacking;
      const wanted = sample.map(({ sha256 }) => sha256);
      return {
        features: await Promise.all(installed.taps.map(({ id }) => shelf.read(id, wanted))),
        restMs: shelf.missing(hashes).length * (msAPicture ?? 0),
      };
    },
  };
}

/** One network is open at a time: ten of them at once would fill the memory of a small machine. @returns milliseconds */
async function extract(
  { threads }: ShortlistTask,
  installed: InstalledBackbone,
  shelf: FeatureShelf,
  sample: readonly ComputePicture[],
): Promise<number> {
  const extractor = await openExtractor(installed, { threads: threads ?? undefined });
  try {
    const started = performance.now();
    const failed = await extractFeatures({
      images: sample.map((picture) => ({ sha256: picture.sha256, read: () => readPicture(picture) })),
      targets: [{ card: installed.card, extractor, shelf }],
    });
    if (failed[0]) throw failed[0].error;
    return performance.now() - started;
  } finally {
    await extractor.close();
  }
}
