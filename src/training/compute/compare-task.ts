import { performance } from 'node:perf_hooks';
import { openPackage, type OpenPackage } from '../../../zoo/index.js';
import type { Report } from './child.js';
import { readPicture } from './pass.js';
import type { CompareResult, CompareTask } from './protocol.js';

/** Pictures read and predicted at a time. */
const CHUNK = 32;
/** Timed passes of each model, taken in turns so that a busy moment of the machine meets both. */
const PASSES = 9;

/** Asks two packaged models about the same pictures, and times them side by side. */
export async function computeComparison(task: CompareTask, report: Report): Promise<CompareResult> {
  const models: OpenPackage[] = [];
  try {
    for (const folder of task.folders)
      models.push(await openPackage(folder, { threads: task.threads ?? undefined }));
    const correct = models.map(() => new Uint8Array(task.pictures.length));
    for (let start = 0; start < task.pictures.length; start += CHUNK) {
      const chunk = task.pictures.slice(start, start + CHUNK);
      const bytes = await Promise.all(chunk.map(readPicture));
      for (const [side, model] of models.entries()) {
        const predictions = await model.predict(bytes);
        predictions.forEach(({ label }, i) => {
          if (label === chunk[i]?.category) (correct[side] as Uint8Array)[start + i] = 1;
        });
      }
      report(Math.min(start + CHUNK, task.pictures.length), task.pictures.length, 'asking both models');
    }
    return { correct, latencyMs: await timeAll(models) };
  } finally {
    for (const model of models) await model.close();
  }
}

async function timeAll(models: readonly OpenPackage[]): Promise<number[]> {
  const times = models.map((): number[] => []);
  for (let pass = 0; pass <= PASSES; pass++) {
    for (const [side, model] of models.entries()) {
      const nothing = [model.blank()];
      const start = performance.now();
      await model.probabilities(nothing);
      if (pass > 0) times[side]?.push(performance.now() - start);
    }
  }
  return times.map((list) => list.sort((a, b) => a - b)[list.length >> 1] ?? 0);
}
