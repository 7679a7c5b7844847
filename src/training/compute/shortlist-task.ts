import { performance } from 'node:perf_hooks';
import {
  halveBackbones,
  startDeadline,
  type Contender,
  type Halving,
  type InstalledBackbone,
} from '../../../zoo/index.js';
import type { Report } from './child.js';
import { installAll } from './features-task.js';
import { memoryLimit, planPasses } from './memory.js';
import { onePass, openShelf } from './pass.js';
import type { ComputePicture, ShortlistTask } from './protocol.js';

/** Ranks the backbones of a run on samples of its pictures. What is computed here is not computed again by the long pass. */
export async function computeShortlist(task: ShortlistTask, report: Report): Promise<Halving> {
  const { leftMs } = startDeadline({ budgetMs: task.limits.mostMs, now: () => performance.now() });
  const installed = await installAll(task, report);
  return halveBackbones({
    contenders: installed.map((one) => contenderOf(task, one)),
    labels: Int32Array.from(task.pictures, ({ label }) => label),
    folds: Int32Array.from(task.pictures, ({ fold }) => fold),
    classes: task.classes,
    keep: task.limits.maxBackbones,
    leftMs,
    seed: task.seed,
    onProgress: (done, total) => report(done, total, 'a sample of the pictures through each backbone'),
  });
}

const hashesOf = (pictures: readonly ComputePicture[]): string[] => pictures.map(({ sha256 }) => sha256);

/** So many pictures tell how long one takes. */
const TIMED = 16;

function contenderOf(task: ShortlistTask, installed: InstalledBackbone): Contender {
  // Of the first look that computes enough: what a run before has left says nothing about speed.
  let msAPicture: number | null = null;
  const extract = async (pictures: readonly ComputePicture[], lacking: number): Promise<void> => {
    const [seats = []] = planPasses([installed], memoryLimit(task));
    const ms = await onePass(task, seats, pictures, () => undefined);
    if (lacking >= TIMED) msAPicture ??= ms / lacking;
  };
  return {
    backbone: installed.card.id,
    async look(rows) {
      const sample = Array.from(rows, (row) => task.pictures[row] as ComputePicture);
      const lacking = (await openShelf(task.cacheDir, installed)).missing(hashesOf(sample)).length;
      // One network is open at a time: ten of them at once would fill the memory of a small machine.
      if (lacking > 0) await extract(sample, lacking);
      let shelf = await openShelf(task.cacheDir, installed);
      let missing = new Set(shelf.missing(hashesOf(task.pictures)));
      if (task.limits.mostMs !== null && msAPicture === null && missing.size > 0) {
        // A run that was stopped has left this sample. Some of what the long pass would do is done now, and timed.
        const some = task.pictures.filter(({ sha256 }) => missing.has(sha256)).slice(0, TIMED);
        await extract(some, TIMED);
        shelf = await openShelf(task.cacheDir, installed);
        missing = new Set(shelf.missing(hashesOf(task.pictures)));
      }
      const read = (tap: string) => shelf.read(tap, hashesOf(sample));
      return {
        features: await Promise.all(installed.taps.map(({ id }) => read(id))),
        restMs: missing.size * (msAPicture ?? 0),
      };
    },
  };
}
