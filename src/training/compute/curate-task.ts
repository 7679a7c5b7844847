import type { FeatureShelf, InstalledBackbone, Matrix } from '../../../zoo/index.js';
import type { LeakDelta } from '../../dataset/curate/curation.js';
import {
  hearWitnesses,
  meanScores,
  measureLeak,
  type Onlooker,
  type Witness,
} from '../../dataset/curate/held-out.js';
import { findLabelDoubts } from '../../dataset/curate/label-noise.js';
import { DEFAULT_CURATE } from '../../dataset/curate/settings.js';
import type { Report } from './child.js';
import { installAll, onePass, openShelf } from './features-task.js';
import { memoryLimit, planPasses } from './memory.js';
import type { CuratePicture, CurateResult, CurateTask } from './protocol.js';

/** A class needs as many pictures to say how its pictures look. */
const LEAST_OF_CLASS = 4;

/** Embeds the pictures with a few backbones and asks which do not look like their category. */
export async function computeCuration(task: CurateTask, report: Report): Promise<CurateResult> {
  const judged = task.pictures.filter((picture) => picture.kept);
  if (!canJudge(judged)) return { witnesses: [], accuracy: null, doubts: [], leakDelta: null };
  const installed = await installAll(task, report);
  const shelves = await embed(task, installed, judged, report);
  const labels = Int32Array.from(judged, ({ label }) => label);
  const onlookers = installed.map(({ card, taps }, i): Onlooker => ({
    backbone: card.id,
    taps,
    load: (tap) => read(shelves[i] as FeatureShelf, tap, judged),
  }));
  const witnesses = await hearWitnesses(onlookers, labels, task.classes, (done, total) =>
    report(done, total, 'comparing each picture with what the others say'),
  );
  const scores = meanScores(witnesses.map((witness) => witness.scores));
  const doubts = findLabelDoubts(scores, labels, DEFAULT_CURATE).map(({ row, ...doubt }) => ({
    id: (judged[row] as CuratePicture).id,
    ...doubt,
  }));
  return {
    witnesses: witnesses.map(({ backbone, tap }) => `${backbone}/${tap}`),
    accuracy: witnesses[0]?.accuracy ?? null,
    doubts,
    leakDelta: await leak(task, installed, witnesses[0], report),
  };
}

function canJudge(pictures: readonly CuratePicture[]): boolean {
  const counts = new Map<number, number>();
  for (const { label } of pictures) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts.size >= 2 && [...counts.values()].every((count) => count >= LEAST_OF_CLASS);
}

const read = (shelf: FeatureShelf, tap: string, pictures: readonly CuratePicture[]): Promise<Matrix> =>
  shelf.read(
    tap,
    pictures.map(({ sha256 }) => sha256),
  );

/** Brings the features onto the shelves that the stage features reads: what is computed here is not computed there. */
async function embed(
  task: CurateTask,
  installed: readonly InstalledBackbone[],
  pictures: readonly CuratePicture[],
  report: Report,
): Promise<FeatureShelf[]> {
  const names = installed.map(({ card }) => card.title).join(', ');
  const onProgress: Report = (done, total) => report(done, total, `looking at them through ${names}`);
  for (const seats of planPasses(installed, memoryLimit(task)))
    await onePass(task, seats, pictures, onProgress);
  return Promise.all(installed.map((one) => openShelf(task.cacheDir, one)));
}

/** The leak delta by the best witness alone: copies are embedded for nothing else. */
async function leak(
  task: CurateTask,
  installed: readonly InstalledBackbone[],
  best: Witness | undefined,
  report: Report,
): Promise<LeakDelta | null> {
  const { pictures, classes, seed } = task;
  const trunk = installed.find(({ card }) => card.id === best?.backbone);
  if (!best || !trunk || pictures.every(({ kept }) => kept)) return null;
  const [shelf] = await embed(task, [trunk], pictures, report);
  return measureLeak(
    await read(shelf as FeatureShelf, best.tap, pictures),
    Int32Array.from(pictures, ({ label }) => label),
    classes,
    pictures.map(({ group }) => group),
    seed,
  );
}
