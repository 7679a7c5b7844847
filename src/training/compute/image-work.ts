import { performance } from 'node:perf_hooks';
import {
  backbonesFolder,
  estimateLatencies,
  measureLatency,
  memberIds,
  mergeable,
  mergeBackbones,
  parseLooks,
  type FeatureSet,
  type InstalledBackbone,
} from '../../../zoo/index.js';
import { extractImages, installAll, onePass, openShelf } from './features-task.js';
import { floorBackbone } from './floor-backbone.js';
import { looksOf } from './looks.js';
import { memoryLimit, planPasses } from './memory.js';
import { chosenTaps, latencyKey, type Latencies, type ModalWork } from './modal-work.js';
import type { Workspace } from './protocol.js';
import { togetherOf } from './together.js';

async function featureSets(task: Workspace, installed: InstalledBackbone): Promise<FeatureSet[]> {
  const shelf = await openShelf(task.cacheDir, installed);
  const images = task.pictures.map(({ sha256 }) => sha256);
  return installed.taps.map((tap) => ({
    backbone: installed.card.id,
    tap,
    matrix: () => shelf.read(tap.id, images),
  }));
}

const allFeatures = async (task: Workspace, backbones: readonly InstalledBackbone[]): Promise<FeatureSet[]> =>
  (await Promise.all(backbones.map((backbone) => featureSets(task, backbone)))).flat();

const measuring = ({ threads }: Workspace) => ({
  threads: threads ?? undefined,
  now: () => performance.now(),
});

async function measureAll(task: Workspace, installed: readonly InstalledBackbone[]): Promise<Latencies> {
  const all = new Map<string, number>();
  for (const backbone of installed) {
    for (const [tap, ms] of await estimateLatencies(backbone, measuring(task)))
      all.set(latencyKey(backbone.card.id, tap), ms);
  }
  return all;
}

/** Another look at a picture takes what the picture itself takes. */
const timeOf = (times: Latencies, { backbone, tap }: FeatureSet): number | null =>
  times.get(latencyKey(parseLooks(backbone).base, tap.id)) ?? null;

const withTimes = (sets: readonly FeatureSet[], times: Latencies): FeatureSet[] =>
  sets.map((set) => ({ ...set, latencyMs: timeOf(times, set) }));

/** Pictures: backbones are pretrained networks of the zoo. */
export const imageWork: ModalWork = {
  joinTaps: true,
  extract: extractImages,

  async open(task) {
    const installed = await installAll(task);
    const floor = await floorBackbone(installed, task.cacheDir);
    const latencies = await measureAll(task, installed);
    const features = await allFeatures(task, installed);
    return {
      features,
      randomFeatures: await allFeatures(task, floor),
      latencies,
      async together(acrossSizes) {
        if (!acrossSizes) return { groups: await mergeable(installed), views: [] };
        const { groups, views } = await togetherOf(installed, task.cacheDir);
        const times = await measureAll(task, views);
        return { groups, views: withTimes(await allFeatures(task, views), times) };
      },
      looks: async () =>
        withTimes(await allFeatures(task, await looksOf(installed, task.cacheDir)), latencies),
    };
  },

  /** Brings the features onto the shelves that the stage features reads: what is computed here is not computed there. */
  async look(task, pictures, report) {
    const installed = await installAll(task, report);
    const names = installed.map(({ card }) => card.title).join(', ');
    for (const seats of planPasses(installed, memoryLimit(task)))
      await onePass(task, seats, pictures, (done, total) =>
        report(done, total, `looking at them through ${names}`),
      );
    const images = pictures.map(({ sha256 }) => sha256);
    return Promise.all(
      installed.map(async (one) => {
        const shelf = await openShelf(task.cacheDir, one);
        return {
          backbone: one.card.id,
          taps: one.taps,
          load: (tap: string) => shelf.read(tap, images),
        };
      }),
    );
  },

  async trunk(task, selected) {
    const members = await installAll({ ...task, backbones: memberIds(selected.backbone) });
    const [first, ...others] = members;
    const installed =
      others.length === 0 ? first : await mergeBackbones(members, backbonesFolder(task.cacheDir));
    const taps = installed && chosenTaps(installed, selected.tap);
    if (!installed || !taps) return null;
    return { installed, taps, latencyMs: await measureLatency(installed, taps, measuring(task)) };
  },
};
