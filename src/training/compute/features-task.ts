import { performance } from 'node:perf_hooks';
import {
  backbones,
  estimateLatencies,
  backbonesFolder,
  installBackbone,
  parseLooks,
  parseView,
  seeOtherwise,
  startDeadline,
  viewBackbone,
  withGem,
  type BackboneCard,
  type InstalledBackbone,
  type InstallProgress,
} from '../../../zoo/index.js';
import { openZoo, type ZooEnv } from '../zoo.js';
import { refuseIfNothingFits } from './cap.js';
import type { Report } from './child.js';
import { floorBackbone } from './floor-backbone.js';
import { extractInTurn } from './in-turn.js';
import { looksOf } from './looks.js';
import { memoryLimit, planPasses } from './memory.js';
import { onePass } from './pass.js';
import type { FeaturesResult, FeaturesTask } from './protocol.js';
import { NOT_TOGETHER, togetherOf } from './together.js';

interface Wanted {
  readonly cacheDir: string;
  readonly zooMirror?: string | null;
  /** Ids of backbones, or of what is made of one. */
  readonly backbones: readonly string[];
}

const baseOf = (id: string): string => parseView(parseLooks(id).base).base;

/** A backbone as an id wants it: shown the picture of another size, or seen in other ways. */
async function madeFor(id: string, backbone: InstalledBackbone, folder: string): Promise<InstalledBackbone> {
  const { picture } = parseView(id);
  if (picture) return viewBackbone(backbone, picture, folder);
  return parseLooks(id).looks.length > 0 ? seeOtherwise(backbone, id, folder) : backbone;
}

/** Makes the backbones of a task ready, one after the other: each conversion needs much memory. */
export async function installAll(task: Wanted, report?: Report): Promise<InstalledBackbone[]> {
  const { cacheDir, zooMirror = null } = task;
  const installed: InstalledBackbone[] = [];
  const bases = task.backbones.map(baseOf);
  for (const [at, card] of (await findCards({ cacheDir, zooMirror }, bases)).entries()) {
    const onProgress: InstallProgress = (step, bytes) =>
      report?.(bytes?.done ?? 0, bytes?.total ?? 0, `${card.title}: ${step}`);
    const folder = backbonesFolder(cacheDir);
    const backbone = await installBackbone(card, folder, onProgress);
    const tapped = { ...backbone, taps: withGem(backbone.taps) };
    installed.push(await madeFor(task.backbones[at] as string, tapped, folder));
  }
  return installed;
}

/** A mirror is asked only for what is not embedded. */
async function findCards(env: ZooEnv, ids: readonly string[]): Promise<BackboneCard[]> {
  const embedded = ids.flatMap((id) => backbones.find((card) => card.id === id) ?? []);
  if (embedded.length === ids.length) return embedded;
  const zoo = await openZoo(env);
  return ids.map((id) => zoo.get(id));
}

/** Brings the features of every picture for every backbone into the cache; with a time limit, of those there is time for. */
export async function extractImages(task: FeaturesTask, report: Report): Promise<FeaturesResult> {
  const deadline = startDeadline({ budgetMs: task.leftMs, now: () => performance.now() });
  const installed = await installAll(task, report);
  await checkCap(task, installed);
  const limited = task.leftMs !== null;
  const late = limited ? await extractInTurn(task, installed, report, deadline) : [];
  if (!limited) await extractTogether(task, installed, report);
  const taps = installed.reduce((sum, backbone) => sum + backbone.taps.length, 0);
  return { pictures: task.pictures.length, taps, late };
}

/** All backbones at a time, as far as there is memory for them: each picture is decoded once. */
async function extractTogether(
  task: FeaturesTask,
  installed: readonly InstalledBackbone[],
  report: Report,
): Promise<void> {
  const floor = task.part === 'backbones' ? [] : await floorBackbone(installed, task.cacheDir);
  const all = [...(task.part === 'floor' ? [] : await seenBy(task, installed)), ...floor];
  const passes = planPasses(all, memoryLimit(task));
  for (const [index, seats] of passes.entries()) {
    const which =
      passes.length > 1 ? `, pass ${index + 1} of ${passes.length}: memory for no more at a time` : '';
    await onePass(task, seats, task.pictures, (done, total) =>
      report(
        index * total + done,
        passes.length * total,
        `${task.backbones.length} backbones, all taps in one pass${which}`,
      ),
    );
  }
}

/** The backbones, and those made of them to see pictures in other ways. */
async function seenBy(
  { acrossSizes, augment, cacheDir }: FeaturesTask,
  installed: readonly InstalledBackbone[],
): Promise<InstalledBackbone[]> {
  const { views } = acrossSizes ? await togetherOf(installed, cacheDir) : NOT_TOGETHER;
  return [...installed, ...views, ...(augment ? await looksOf(installed, cacheDir) : [])];
}

/** Refuses a cap that no tap keeps to, while nothing long has been done yet. */
async function checkCap(
  { cap, threads }: FeaturesTask,
  installed: readonly InstalledBackbone[],
): Promise<void> {
  const options = { threads: threads ?? undefined, now: () => performance.now() };
  const priced = [];
  for (const backbone of installed) {
    const latencies = cap.maxLatencyMs === null ? null : await estimateLatencies(backbone, options);
    for (const { id: tap, bytes } of backbone.taps)
      priced.push({ backbone: backbone.card.id, tap, bytes, latencyMs: latencies?.get(tap) ?? null });
  }
  refuseIfNothingFits(priced, cap);
}
