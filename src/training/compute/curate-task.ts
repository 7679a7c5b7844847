import { extractFeatures, openExtractor, type InstalledBackbone, type Matrix } from '../../../zoo/index.js';
import { hearWitnesses, meanScores, measureLeak } from '../../dataset/curate/held-out.js';
import { findLabelDoubts } from '../../dataset/curate/label-noise.js';
import { DEFAULT_CURATE } from '../../dataset/curate/settings.js';
import type { Report } from './child.js';
import { installAll, openShelf, readPicture } from './features-task.js';
import type { CuratePicture, CurateResult, CurateTask } from './protocol.js';

/** A class needs as many pictures to say how its pictures look. */
const LEAST_OF_CLASS = 4;

/** Embeds the pictures with one backbone and asks which do not look like their category. */
export async function computeCuration(task: CurateTask, report: Report): Promise<CurateResult> {
  const judged = task.pictures.filter((picture) => picture.kept);
  if (!canJudge(judged)) return { taps: [], accuracy: null, doubts: [], leakDelta: null };
  const [installed] = await installAll({ ...task, backbones: [task.backbone] }, report);
  const load = await embed(task, installed as InstalledBackbone, report);
  const labels = Int32Array.from(judged, ({ label }) => label);
  const { taps } = installed as InstalledBackbone;
  const witnesses = await hearWitnesses(taps, (tap) => load(tap, judged), labels, task.classes);
  const scores = meanScores(witnesses.map((witness) => witness.scores));
  const best = witnesses[0]?.tap ?? '';
  const doubts = findLabelDoubts(scores, labels, DEFAULT_CURATE).map(({ row, ...doubt }) => ({
    id: (judged[row] as CuratePicture).id,
    ...doubt,
  }));
  return {
    taps: witnesses.map(({ tap }) => tap),
    accuracy: witnesses[0]?.accuracy ?? null,
    doubts,
    leakDelta: judged.length === task.pictures.length ? null : leak(task, await load(best, task.pictures)),
  };
}

function canJudge(pictures: readonly CuratePicture[]): boolean {
  const counts = new Map<number, number>();
  for (const { label } of pictures) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts.size >= 2 && [...counts.values()].every((count) => count >= LEAST_OF_CLASS);
}

type Load = (tap: string, pictures: readonly CuratePicture[]) => Promise<Matrix>;

/** Brings the features onto the shelf that the stage features reads: what is computed here is not computed there. */
async function embed(task: CurateTask, installed: InstalledBackbone, report: Report): Promise<Load> {
  const shelf = await openShelf(task.cacheDir, installed);
  const extractor = await openExtractor(installed, { threads: task.threads ?? undefined });
  try {
    const failed = await extractFeatures({
      images: task.pictures.map((picture) => ({ sha256: picture.sha256, read: () => readPicture(picture) })),
      targets: [{ card: installed.card, extractor, shelf }],
      onProgress: ({ done, total }) => report(done, total, `looking at them through ${installed.card.title}`),
    });
    if (failed[0]) throw failed[0].error;
  } finally {
    await extractor.close();
  }
  return (tap, pictures) =>
    shelf.read(
      tap,
      pictures.map(({ sha256 }) => sha256),
    );
}

const leak = ({ pictures, classes, seed }: CurateTask, matrix: Matrix) =>
  measureLeak(
    matrix,
    Int32Array.from(pictures, ({ label }) => label),
    classes,
    pictures.map(({ group }) => group),
    seed,
  );
