import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import {
  backbonesFolder,
  decodeText,
  estimateTextLatencies,
  extractTexts,
  measureTextLatency,
  openTextShelf,
  prepareText,
  startDeadline,
  textBackbones,
  textKey,
  type DroppedBackbone,
  type InstalledText,
  type TextCard,
  type TextCorpus,
  type TextSource,
} from '../../../zoo/index.js';
import { openTextZoo, type ZooEnv } from '../zoo.js';
import type { Report } from './child.js';
import { readPicture } from './pass.js';
import { chosenTaps, measureEach, type ModalWork } from './modal-work.js';
import type { ComputePicture, Workspace } from './protocol.js';

/** A mirror is asked only for what is not made here. */
async function findCards(env: ZooEnv, ids: readonly string[]): Promise<TextCard[]> {
  const own = ids.flatMap((id) => textBackbones.find((card) => card.id === id) ?? []);
  if (own.length === ids.length) return own;
  const zoo = await openTextZoo(env);
  return ids.map((id) => zoo.get(id));
}

/** Files open at a time: a run may have more texts than a process may open. */
const open = pLimit(64);

const readTexts = (items: readonly Pick<ComputePicture, 'sha256' | 'path'>[]): Promise<TextSource[]> =>
  Promise.all(
    items.map((item) =>
      open(async () => ({ sha256: item.sha256, text: decodeText(await readPicture(item)) })),
    ),
  );

/**
 * What word vectors may be learnt from: texts outside the test part, without their labels, and the unlabelled ones. Test texts stay
 * out, also when they are among the unlabelled, so that the test accuracy holds for texts that were never seen.
 */
async function corpusOf(
  { pictures, unlabelled }: Workspace,
  texts: readonly TextSource[],
): Promise<TextCorpus> {
  const isTest = (at: number): boolean => (pictures[at]?.fold ?? -1) < 0;
  const tested = new Set(texts.filter((_, at) => isTest(at)).map(({ text }) => textKey(text)));
  const more = await readUnlabelled(unlabelled);
  return {
    learnt: texts.filter((_, at) => !isTest(at)).map(({ text }) => text),
    unlabelled: more.filter((text) => !tested.has(textKey(text))),
  };
}

async function readUnlabelled(paths: readonly string[]): Promise<string[]> {
  const all = await Promise.all(
    paths.map(async (path) => JSON.parse(await readFile(path, 'utf8')) as string[]),
  );
  return all.flat();
}

async function prepareAll(
  task: ZooEnv,
  corpus: TextCorpus,
  ids: readonly string[],
  report?: Report,
): Promise<InstalledText[]> {
  const prepared: InstalledText[] = [];
  for (const card of await findCards(task, ids)) {
    const onProgress = (done: number, total: number): void =>
      report?.(done, total, `${card.source.kind === 'encoder' ? 'fetching' : 'learning'} ${card.title}`);
    prepared.push(await prepareText(card, corpus, backbonesFolder(task.cacheDir), { onProgress }));
  }
  return prepared;
}

const shelfOf = ({ cacheDir }: Pick<Workspace, 'cacheDir'>, installed: InstalledText) =>
  openTextShelf(join(cacheDir, 'features'), installed);

/** Features of all texts for one backbone, onto its shelf. */
async function extractOne(
  task: Pick<Workspace, 'cacheDir' | 'threads'>,
  installed: InstalledText,
  texts: readonly TextSource[],
  report: Report,
): Promise<void> {
  const onProgress = (done: number, total: number): void => report(done, total, installed.card.title);
  const { threads } = measuring(task);
  await extractTexts({ texts, installed, shelf: await shelfOf(task, installed), threads, onProgress });
}

const measuring = ({ threads }: Pick<Workspace, 'threads'>) => ({
  now: () => performance.now(),
  threads: threads ?? undefined,
});

const tooLate = ({ card }: InstalledText): DroppedBackbone => ({
  backbone: card.id,
  reason: 'The half of the time limit that features may take was over before the texts went through it.',
});

/** Texts: backbones are learnt from the run's own texts, then run like any other. */
export const textWork: ModalWork = {
  // The taps of word vectors are other ways of reading the same words, not depths.
  joinTaps: false,

  async extract(task, report) {
    const deadline = startDeadline({ budgetMs: task.leftMs, now: () => performance.now() });
    const texts = await readTexts(task.pictures);
    const all = await prepareAll(task, await corpusOf(task, texts), task.backbones, report);
    const late: DroppedBackbone[] = [];
    const hashes = task.pictures.map(({ sha256 }) => sha256);
    for (const [turn, installed] of all.entries()) {
      const isLate = turn > 0 && deadline.passed();
      // What the shelf has takes no time.
      if (isLate && (await shelfOf(task, installed)).missing(hashes).length > 0)
        late.push(tooLate(installed));
      else await extractOne(task, installed, texts, report);
    }
    return { pictures: texts.length, taps: all.reduce((sum, { taps }) => sum + taps.length, 0), late };
  },

  async open(task, isLate) {
    const images = task.pictures.map(({ sha256 }) => sha256);
    const features = [];
    const corpus = await corpusOf(task, await readTexts(task.pictures));
    const prepared = await prepareAll(task, corpus, task.backbones);
    for (const installed of prepared) {
      const shelf = await shelfOf(task, installed);
      const { id } = installed.card;
      for (const tap of installed.taps)
        features.push({ backbone: id, tap, matrix: () => shelf.read(tap.id, images) });
    }
    const estimate = (one: InstalledText) => estimateTextLatencies(one, measuring(task));
    const { latencies, leftOut } = await measureEach(prepared, estimate, isLate);
    return {
      features,
      randomFeatures: [],
      latencies,
      leftOut,
      together: () => Promise.resolve({ groups: [], views: [] }),
      looks: () => Promise.resolve([]),
    };
  },

  /** Before the split there is no test part: vectors are learnt from all texts, their labels unseen, and serve for nothing but doubts. */
  async look(task, items, report) {
    const texts = await readTexts(items);
    const corpus = {
      learnt: texts.map(({ text }) => text),
      unlabelled: await readUnlabelled(task.unlabelled),
    };
    const onlookers = [];
    for (const installed of await prepareAll(task, corpus, task.backbones, report)) {
      await extractOne(task, installed, texts, report);
      const shelf = await shelfOf(task, installed);
      const images = items.map(({ sha256 }) => sha256);
      onlookers.push({
        backbone: installed.card.id,
        taps: installed.taps,
        load: (tap: string) => shelf.read(tap, images),
      });
    }
    return onlookers;
  },

  async trunk(task, { backbone, tap: id }) {
    const corpus = await corpusOf(task, await readTexts(task.pictures));
    const [installed] = await prepareAll(task, corpus, [backbone]);
    const taps = installed && chosenTaps(installed, id);
    if (!installed || !taps) return null;
    return { installed, taps, latencyMs: await measureTextLatency(installed, taps, measuring(task)) };
  },
};
