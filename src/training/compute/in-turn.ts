import type { Deadline, DroppedBackbone, InstalledBackbone } from '../../../zoo/index.js';
import type { Report } from './child.js';
import { floorBackbone } from './floor-backbone.js';
import { memoryLimit, planPasses } from './memory.js';
import { onePass, openShelf } from './pass.js';
import type { FeaturesTask } from './protocol.js';

/** Extraction with a time limit that is being kept. */
interface Timed {
  readonly task: FeaturesTask;
  readonly hashes: readonly string[];
  readonly deadline: Deadline;
}

/** The best first; what nobody has ranked comes last. */
export function inRank<T>(items: readonly T[], idOf: (item: T) => string, bestFirst: readonly string[]): T[] {
  const place = (item: T): number => {
    const at = bestFirst.indexOf(idOf(item));
    return at < 0 ? bestFirst.length : at;
  };
  return items.toSorted((a, b) => place(a) - place(b));
}

const idOf = ({ card }: InstalledBackbone): string => card.id;

/**
 * Brings features into the cache, one backbone after the other, for as long as there is time: the best first, and that one to its end in
 * any case. What the cache has takes no time. The floor comes last.
 *
 * @returns the backbones there was no time left for
 */
export async function extractInTurn(
  task: FeaturesTask,
  installed: readonly InstalledBackbone[],
  report: Report,
  deadline: Deadline,
): Promise<DroppedBackbone[]> {
  const timed = { task, deadline, hashes: [...new Set(task.pictures.map(({ sha256 }) => sha256))] };
  const late = task.part === 'floor' ? [] : await pretrained(timed, installed, report);
  const finished = installed.filter((one) => !late.some(({ backbone }) => backbone === idOf(one)));
  if (task.part !== 'backbones' && !deadline.passed())
    for (const floor of await floorBackbone(finished, task.cacheDir))
      await passUntil(timed, floor, deadline.passed, () => undefined);
  return late;
}

async function pretrained(
  timed: Timed,
  installed: readonly InstalledBackbone[],
  report: Report,
): Promise<DroppedBackbone[]> {
  const { task, deadline, hashes } = timed;
  const late: DroppedBackbone[] = [];
  for (const [turn, one] of inRank(installed, idOf, task.bestFirst).entries()) {
    const tell: Report = (done, total) =>
      report(
        turn * total + done,
        installed.length * total,
        `${one.card.title}, backbone ${turn + 1} of ${installed.length}: one after the other within the time limit`,
      );
    const isFirst = idOf(one) === task.bestFirst[0];
    const missing = await passUntil(timed, one, isFirst ? () => false : deadline.passed, tell);
    if (missing > 0) late.push(tooLate(idOf(one), hashes.length - missing, hashes.length));
  }
  return late;
}

const tooLate = (backbone: string, done: number, all: number): DroppedBackbone => ({
  backbone,
  reason: `The time limit left no time for it: ${done} of ${all} pictures had gone through it when the half that features may take was over.`,
});

/** @returns how many pictures have not gone through it */
async function passUntil(
  { task, hashes }: Timed,
  one: InstalledBackbone,
  isLate: () => boolean,
  report: Report,
): Promise<number> {
  const missing = async (): Promise<number> => (await openShelf(task.cacheDir, one)).missing(hashes).length;
  const before = await missing();
  if (before === 0 || isLate()) return before;
  const [seats = []] = planPasses([one], memoryLimit(task));
  await onePass(task, seats, task.pictures, report, isLate);
  return missing();
}
