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
import { extractImages, installAll } from './features-task.js';
import { floorBackbone } from './floor-backbone.js';
import { looksOf } from './looks.js';
import { memoryLimit, planPasses } from './memory.js';
import { chosenTaps, latencyKey, measureEach, type Latencies, type ModalWork } from './modal-work.js';
import { onePass, openShelf } from './pass.js';
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

const measureAll = (task: Workspace, installed: readonly InstalledBackbone[], isLate: () => boolean) =>
  measureEach(installed, (backbone) => estimateLatencies(backbone, measuring(task)), isLate);

/** Those that all pictures have gone through: a time limit may have left no time for the floor. */
async function finished(
  task: Workspace,
  installed: readonly InstalledBackbone[],
): Promise<InstalledBackbone[]> {
  const images = task.pictures.map(({ sha256 }) => sha256);
  const shelves = await Promise.all(installed.map((one) => openShelf(task.cacheDir, one)));
  return installed.filter((_, at) => shelves[at]?.missing(images).length === 0);
}

const NO_FLOOR = 'The time limit left no time for the floor of random weights.';

/** Another look at a picture takes what the picture itself takes. */
const timeOf = (times: Latencies, { backbone, tap }: FeatureSet): number | null =>
  times.get(latencyKey(parseLooks(backbone).base, tap.id)) ?? null;

const withTimes = (sets: readonly FeatureSet[], times: Latencies): FeatureSet[] =>
  sets.map((set) => ({ ...set, latencyMs: timeOf(times, set) }));

/** Pictures: backbones are pretrained networks of the zoo. */
export const imageWork: ModalWork = {
  joinTaps: true,
  extract: extractImages,

  async open(task, isLate) {
    const installed = await installAll(task);
    const floor = await finished(task, await floorBackbone(installed, task.cacheDir));
    const { latencies, leftOut } = await measureAll(task, installed, isLate);
    const features = await allFeatures(task, installed);
    return {
      features,
      randomFeatures: await allFeatures(task, floor),
      latencies,
      leftOut: floor.length > 0 ? leftOut : [...leftOut, NO_FLOOR],
      async together(acrossSizes) {
        if (!acrossSizes) return { groups: await mergeable(installed), views: [] };
        const { groups, views } = await togetherOf(installed, task.cacheDir);
        const times = await measureAll(task, views, isLate);
        return { groups, views: withTimes(await allFeatures(task, views), times.latencies) };
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
