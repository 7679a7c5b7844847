import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { openExtractor, prepareImage, type FeatureExtractor } from '../../zoo/index.js';
import type { BenchBackbone, SetFeatures } from './bench-zoo.js';
import { asBuilt, dataOf, lastTapOf, searchAndPick } from './contest.js';
import type { PhotoSet } from './photo-set.js';
import { deal } from './rounds.js';

const PICTURES = 16;
/** Pairs of passes, in turns, so that a noisy neighbour hits both alike. What else the machine does only adds to a time, so the least of them counts. */
const PAIRS = 9;

interface PassTimes {
  readonly backbone: string;
  readonly taps: number;
  /** From the encoded bytes to the features of the last tap, and of all taps. */
  readonly singleMs: number;
  readonly allMs: number;
  readonly ratio: number;
}

async function timePass(
  extractor: FeatureExtractor,
  { installed }: BenchBackbone,
  bytes: readonly Buffer[],
): Promise<number> {
  const started = performance.now();
  const pictures = await Promise.all(bytes.map((one) => prepareImage(one, installed.card.input)));
  await extractor.run(pictures);
  return performance.now() - started;
}

async function timeBackbone(backbone: BenchBackbone, bytes: readonly Buffer[]): Promise<PassTimes> {
  const { installed } = backbone;
  const last = installed.taps.at(-1);
  const single = await openExtractor(installed, { taps: last ? [last.id] : [] });
  const all = await openExtractor(installed);
  await timePass(single, backbone, bytes);
  await timePass(all, backbone, bytes);
  const pairs: { single: number; all: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair++)
    pairs.push({
      single: await timePass(single, backbone, bytes),
      all: await timePass(all, backbone, bytes),
    });
  await single.close();
  await all.close();
  const singleMs = Math.min(...pairs.map((pair) => pair.single)) / bytes.length;
  const allMs = Math.min(...pairs.map((pair) => pair.all)) / bytes.length;
  return {
    backbone: installed.card.id,
    taps: installed.taps.length,
    singleMs,
    allMs,
    ratio: allMs / singleMs,
  };
}

/** Slope of log y over log x: time grows as x to this power. */
export function growth(points: readonly { x: number; y: number }[]): number {
  const logs = points.map(({ x, y }) => [Math.log(x), Math.log(y)] as const);
  const [mx, my] = [0, 1].map(
    (i) => logs.reduce((sum, pair) => sum + (pair[i] as number), 0) / logs.length,
  ) as [number, number];
  const [sxy, sxx] = logs.reduce(([a, b], [x, y]) => [a + (x - mx) * (y - my), b + (x - mx) ** 2] as const, [
    0, 0,
  ] as const);
  return sxy / sxx;
}

interface Field {
  readonly set: PhotoSet;
  /** Backbones that can be one network. */
  readonly groups: readonly (readonly string[])[];
  readonly features: SetFeatures;
}

const groupsWithin = (groups: Field['groups'], ids: readonly string[]): Field['groups'] =>
  groups.map((group) => group.filter((id) => ids.includes(id)));

type Growth = { x: number; y: number }[];

/** Search times while one thing grows and the others stay. */
async function measureGrowth(
  { set, features, groups }: Field,
  ids: readonly string[],
): Promise<Record<'pictures' | 'taps' | 'backbones', { exponent: number; points: Growth }>> {
  const time = async (
    amount: number | null,
    wanted: readonly string[],
    share = 1,
  ): Promise<{ ms: number; pictures: number; taps: number }> => {
    const round = deal(set, amount, 1);
    const all = features.of(round.rows, wanted);
    const deepest = new Set(wanted.map((id) => lastTapOf(all, id)));
    const some = all.filter((one, at) => deepest.has(one) || at % Math.round(1 / share) === 0);
    const { searchMs, selectMs } = await searchAndPick(
      some,
      dataOf(round, set.classNames, 1),
      asBuilt(groupsWithin(groups, wanted)),
    );
    return { ms: searchMs + selectMs, pictures: round.rows.length - round.test, taps: some.length };
  };
  const pictures: Growth = [];
  for (const amount of [12, 24, 48, null]) {
    const { ms, pictures: x } = await time(amount, ids);
    pictures.push({ x, y: ms });
  }
  const taps: Growth = [];
  for (const share of [0.125, 0.25, 0.5, 1]) {
    const { ms, taps: x } = await time(30, ids, share);
    taps.push({ x, y: ms });
  }
  const backbones: Growth = [];
  for (const count of [1, 2, 4, ids.length])
    backbones.push({ x: count, y: (await time(30, ids.slice(0, count))).ms });
  const fit = (points: Growth) => ({ exponent: growth(points), points });
  return { pictures: fit(pictures), taps: fit(taps), backbones: fit(backbones) };
}

/** Passes and search, timed in this process; the search over all pictures of the set. */
export async function measureTimes(backbones: readonly BenchBackbone[], field: Field): Promise<unknown> {
  const { set, features, groups } = field;
  const bytes = await Promise.all(
    set.photos
      .filter((_, i) => i % 7 === 0)
      .slice(0, PICTURES)
      .map(({ path }) => readFile(path)),
  );
  const passes: PassTimes[] = [];
  for (const backbone of backbones) passes.push(await timeBackbone(backbone, bytes));
  const ids = backbones.map(({ installed }) => installed.card.id);
  const round = deal(set, null, 1);
  const { searchMs, selectMs } = await searchAndPick(
    features.of(round.rows, ids),
    dataOf(round, set.classNames, 1),
    asBuilt(groups),
  );
  const sum = (value: (pass: PassTimes) => number): number =>
    passes.reduce((total, pass) => total + value(pass), 0);
  const [single, all] = [
    sum(({ singleMs }) => singleMs) * set.photos.length,
    sum(({ allMs }) => allMs) * set.photos.length,
  ];
  const result = {
    pictures: set.photos.length,
    passes,
    allTapsAgainstOnePass: all / single,
    singlePassesMs: single,
    allTapsMs: all,
    headSearchMs: searchMs + selectMs,
    wholeSearchAgainstSinglePasses: (all + searchMs + selectMs) / single,
    growth: await measureGrowth(field, ids),
  };
  process.stderr.write(
    `all taps against one pass ${result.allTapsAgainstOnePass.toFixed(2)}, whole search against the single passes ${result.wholeSearchAgainstSinglePasses.toFixed(2)}, ` +
      `time grows with pictures^${result.growth.pictures.exponent.toFixed(2)}, taps^${result.growth.taps.exponent.toFixed(2)}, backbones^${result.growth.backbones.exponent.toFixed(2)}\n`,
  );
  return result;
}
