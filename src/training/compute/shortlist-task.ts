import { performance } from 'node:perf_hooks';
import { halveBackbones, type Contender, type Halving, type InstalledBackbone } from '../../../zoo/index.js';
import type { Report } from './child.js';
import { installAll, onePass, openShelf } from './features-task.js';
import { memoryLimit, planPasses } from './memory.js';
import type { ComputePicture, ShortlistTask } from './protocol.js';

/** Ranks the backbones of a run on samples of its pictures. What is computed here is not computed again by the long pass. */
export async function computeShortlist(task: ShortlistTask, report: Report): Promise<Halving> {
  const installed = await installAll(task, report);
  return halveBackbones({
    contenders: installed.map((one) => contenderOf(task, one)),
    labels: Int32Array.from(task.pictures, ({ label }) => label),
    folds: Int32Array.from(task.pictures, ({ fold }) => fold),
    classes: task.classes,
    keep: task.limits.maxBackbones,
    mostMs: task.limits.mostMs,
    seed: task.seed,
    onProgress: (done, total) => report(done, total, 'a sample of the pictures through each backbone'),
  });
}

const hashesOf = (pictures: readonly ComputePicture[]): string[] => pictures.map(({ sha256 }) => sha256);

function contenderOf(task: ShortlistTask, installed: InstalledBackbone): Contender {
  // Of the first look that computes something: what a run before has left says nothing about speed.
  let msAPicture: number | null = null;
  return {
    backbone: installed.card.id,
    async look(rows) {
      const sample = Array.from(rows, (row) => task.pictures[row] as ComputePicture);
      const before = await openShelf(task.cacheDir, installed);
      const lacking = before.missing(hashesOf(sample)).length;
      if (lacking > 0) {
        const ms = await extract(task, installed, sample);
        msAPicture ??= ms / lacking;
      }
      const shelf = await openShelf(task.cacheDir, installed);
      const read = (tap: string) => shelf.read(tap, hashesOf(sample));
      return {
        features: await Promise.all(installed.taps.map(({ id }) => read(id))),
        restMs: shelf.missing(hashesOf(task.pictures)).length * (msAPicture ?? 0),
      };
    },
  };
}

/** One network is open at a time: ten of them at once would fill the memory of a small machine. @returns milliseconds */
async function extract(
  task: ShortlistTask,
  installed: InstalledBackbone,
  sample: readonly ComputePicture[],
): Promise<number> {
  const [seats = []] = planPasses([installed], memoryLimit(task));
  const started = performance.now();
  await onePass(task, seats, sample, () => undefined);
  return performance.now() - started;
}
