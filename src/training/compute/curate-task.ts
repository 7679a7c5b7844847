import type { Scores } from '../../../zoo/index.js';
import type { LeakDelta } from '../../dataset/curate/curation.js';
import { hearWitnesses, meanScores, measureLeak, type Witness } from '../../dataset/curate/held-out.js';
import { findLabelDoubts, type LabelDoubt } from '../../dataset/curate/label-noise.js';
import { DEFAULT_CURATE, TEXT_CURATE } from '../../dataset/curate/settings.js';
import type { Report } from './child.js';
import { workOf } from './modal-work.js';
import type { CuratePicture, CurateResult, CurateTask } from './protocol.js';

/** A class needs as many pictures to say how its pictures look. */
const LEAST_OF_CLASS = 4;

/** Looks at the pictures or texts through a few backbones and asks which do not look like their category. */
export async function computeCuration(task: CurateTask, report: Report): Promise<CurateResult> {
  const judged = task.pictures.filter((picture) => picture.kept);
  if (!canJudge(judged)) return { witnesses: [], accuracy: null, doubts: [], leakDelta: null };
  const onlookers = await workOf(task).look(task, judged, report);
  const labels = Int32Array.from(judged, ({ label }) => label);
  const witnesses = await hearWitnesses(onlookers, labels, task.classes, (done, total) =>
    report(done, total, 'comparing each with what the others say'),
  );
  const scores = meanScores(witnesses.map((witness) => witness.scores));
  const doubts = doubtsOf(task, scores, labels).map(({ row, ...doubt }) => ({
    id: (judged[row] as CuratePicture).id,
    ...doubt,
  }));
  return {
    witnesses: witnesses.map(({ backbone, tap }) => `${backbone}/${tap}`),
    accuracy: witnesses[0]?.accuracy ?? null,
    doubts,
    leakDelta: await leak(task, witnesses[0], report),
  };
}

/** Of texts that cannot be told apart well none is doubted: a list of every fifth would help nobody. */
function doubtsOf({ modality }: CurateTask, scores: Scores, labels: Int32Array): LabelDoubt[] {
  if (modality === 'image') return findLabelDoubts(scores, labels, DEFAULT_CURATE);
  return findLabelDoubts(scores, labels, TEXT_CURATE).filter(({ suspicion }) => suspicion > 0);
}

function canJudge(pictures: readonly CuratePicture[]): boolean {
  const counts = new Map<number, number>();
  for (const { label } of pictures) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts.size >= 2 && [...counts.values()].every((count) => count >= LEAST_OF_CLASS);
}

/** The leak delta by the best witness alone: copies are embedded for nothing else. */
async function leak(task: CurateTask, best: Witness | undefined, report: Report): Promise<LeakDelta | null> {
  const { pictures, classes, seed } = task;
  if (!best || pictures.every(({ kept }) => kept)) return null;
  const [onlooker] = await workOf(task).look({ ...task, backbones: [best.backbone] }, pictures, report);
  if (!onlooker) return null;
  return measureLeak(
    await onlooker.load(best.tap),
    Int32Array.from(pictures, ({ label }) => label),
    classes,
    pictures.map(({ group }) => group),
    seed,
  );
}
