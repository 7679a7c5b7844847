import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/config/version.js';
import {
  fillShelves,
  loadSetFeatures,
  openBenchZoo,
  openLooks,
  openViews,
  type BenchBackbone,
  type SetFeatures,
} from './search/bench-zoo.js';
import { isPlainTap, parseLooks, parseView, type FeatureSet, type InstalledBackbone } from '../zoo/index.js';
import {
  asBuilt,
  dataOf,
  fixedChoice,
  lastTapOf,
  oracleScores,
  searchAndPick,
  type Extras,
  type Fixed,
  type Picked,
  type RoundData,
} from './search/contest.js';
import { backtestCurve, summariseBacktest, type BacktestCase } from './search/curve-backtest.js';
import { measureMemory } from './search/memory.js';
import { startMirror } from './search/mirror.js';
import { DEVELOP, hasPhotos, readPhotoSet, REPORT, type PhotoSet } from './search/photo-set.js';
import { probeRound, summariseProbes, type ProbeRound } from './search/plain-probe.js';
import { diagnoseCase, heldOutCases, plantedCases, type DiagnosisOutcome } from './search/planted-faults.js';
import { deal, type Amount, type Round } from './search/rounds.js';
import { runUsualScript } from './search/sklearn-peer.js';
import { shortlistRegrets, type ShortlistRegret } from './search/shortlist.js';
import { mean, summarise, tableOf, type OptionPicks, type RoundResult } from './search/summary.js';
import { besideTorch } from './search/torch-peer.js';
import { trainTeachable } from './search/teachable-peer.js';
import { measureTimes } from './search/times.js';

const SEEDS = [1, 2, 3, 4, 5];
const AMOUNTS: readonly Amount[] = [10, 30, null];
/** The network whose last features the peers learn on: MobileNetV2 by ImageNet, or what the embedded zoo has that is nearest. */
const PEERS = ['mobilenet-v2', 'nsfwjs-mobilenet-v2'];

interface Field {
  readonly set: PhotoSet;
  readonly features: SetFeatures;
  readonly zoos: ReadonlyMap<string, readonly string[]>;
  /** Backbones that can be one network. */
  readonly groups: readonly (readonly string[])[];
  /** Features of the views that the groups speak of, where somebody asks for them. */
  readonly views: SetFeatures;
  /** Of other looks at the pictures; null where it is not asked what options bring. */
  readonly looks: SetFeatures | null;
}

interface OptionsRequest extends Pick<Field, 'groups' | 'views'> {
  readonly looks: SetFeatures;
  readonly rows: Int32Array;
  /** Whether a backbone, or what it is a view of, is in the zoo. */
  isMember(id: string): boolean;
  /** What is searched unless told otherwise. */
  readonly asIs: Extras;
}

const LOG = join(projectRoot(), '.graft', 'bench-search', 'rounds.jsonl');

function zoosOf(backbones: readonly BenchBackbone[]): ReadonlyMap<string, readonly string[]> {
  const ids = (list: readonly BenchBackbone[]): string[] => list.map(({ installed }) => installed.card.id);
  const embedded = backbones.filter(({ source }) => source === 'embedded');
  const zoos = new Map<string, readonly string[]>();
  if (embedded.length < backbones.length) zoos.set('with mirror', ids(backbones));
  return zoos.set('embedded', ids(embedded));
}

/** Half of the test rows choose the oracle, the other half score it, both ways: free of the luck of having chosen by them. */
function crossedOracle(scores: readonly { hits: Uint8Array }[]): number {
  const half = (hits: Uint8Array, odd: number): number => {
    const own = hits.filter((_, row) => row % 2 === odd);
    return own.reduce((sum, hit) => sum + hit, 0) / own.length;
  };
  const one = (odd: number): number => {
    const best = scores.reduce((a, b) => (half(b.hits, odd) > half(a.hits, odd) ? b : a));
    return half(best.hits, 1 - odd);
  };
  return (one(0) + one(1)) / 2;
}

const best = (all: readonly Fixed[]): number => Math.max(...all.map(({ accuracy }) => accuracy));

/** Networks this close to the best at their last tap, by ridge regression, get a logistic head too: only they can lead. */
const CLOSE = 0.05;

/** Every network read at its end, the better head by cross-validation; those far behind with ridge regression alone. */
async function fixedChoices(
  all: readonly FeatureSet[],
  oracle: readonly Fixed[],
  data: RoundData,
): Promise<Fixed[]> {
  const ids = [...new Set(all.map(({ backbone }) => backbone))];
  const plain = ids.flatMap((id) => {
    const { tap } = lastTapOf(all, id);
    return oracle.filter((one) => one.backbone === id && one.tap === tap.id);
  });
  const fixed: Fixed[] = [];
  for (const one of plain)
    fixed.push(
      one.accuracy >= best(plain) - CLOSE ? await fixedChoice(lastTapOf(all, one.backbone), data) : one,
    );
  return fixed;
}

async function pickWith(sets: readonly FeatureSet[], data: RoundData, extras: Extras): Promise<Picked> {
  const { trials: _, ...picked } = await searchAndPick(sets, data, extras);
  return picked;
}

/** The picks that `--ensemble` and `--augment` lead to, and the one without generalised means. */
async function pickByOptions(
  all: readonly FeatureSet[],
  data: RoundData,
  { groups, views, looks, rows, isMember, asIs }: OptionsRequest,
): Promise<OptionPicks> {
  const own = (made: SetFeatures): FeatureSet[] => made.of(rows).filter(({ backbone }) => isMember(backbone));
  const ensembles = groups.map((group) => group.filter(isMember));
  const means = all.filter(({ tap }) => isPlainTap(tap.id));
  return {
    together: await pickWith(all, data, { ensembles, views: own(views) }),
    augmented: await pickWith(all, data, { views: own(looks) }),
    meansAlone: await pickWith(means, data, asIs),
  };
}

/** All zoos in one round. The zoos are nested: the largest is searched first, and its oracle and fixed choices serve the others. */
async function contest(
  { set, features, zoos, groups, views, looks }: Field,
  round: Round,
  amount: Amount,
  seed: number,
): Promise<RoundResult[]> {
  const data = dataOf(round, set.classNames, seed);
  const whole = features.of(round.rows);
  const peer = PEERS.find((id) => whole.some(({ backbone }) => backbone === id)) ?? '';
  const teachable = await trainTeachable(lastTapOf(whole, peer), round, set.classNames.length);
  const script = seed === 1 ? await runUsualScript(lastTapOf(whole, peer), round) : null;
  let oracle: Awaited<ReturnType<typeof oracleScores>> | null = null;
  let fixed: Fixed[] = [];
  const results: RoundResult[] = [];
  for (const [zoo, ids] of zoos) {
    const all = features.of(round.rows, ids);
    const isMember = (id: string): boolean => ids.includes(parseView(parseLooks(id).base).base);
    const asIs = asBuilt(groups.map((group) => group.filter(isMember)));
    const { trials, ...pick } = await searchAndPick(all, data, asIs);
    const single = await pickWith(all, data, {});
    const options =
      looks && (await pickByOptions(all, data, { groups, views, looks, rows: round.rows, isMember, asIs }));
    if (!oracle) {
      oracle = await oracleScores(all, trials, data);
      fixed = await fixedChoices(all, oracle, data);
    }
    const inZoo = <T extends Fixed>(list: readonly T[]): T[] =>
      list.filter(({ backbone }) => ids.includes(backbone));
    const ends = inZoo(fixed);
    results.push({
      ...{ zoo, set: set.name, amount, seed, pick, single, options },
      ...{ teachable, script },
      learnt: round.rows.length - round.test,
      tested: round.test,
      taps: all.length,
      backbones: ids.length,
      lastTap: ends.find(({ backbone }) => backbone === single.backbone)?.accuracy ?? NaN,
      fixed: Object.fromEntries(ends.map(({ backbone, accuracy }) => [backbone, accuracy])),
      oracle: best(inZoo(oracle)),
      crossedOracle: crossedOracle(inZoo(oracle)),
    });
  }
  return results;
}

async function playAll(fields: readonly Field[], seeds: readonly number[]): Promise<RoundResult[]> {
  const results: RoundResult[] = [];
  for (const seed of seeds) {
    for (const field of fields) {
      for (const amount of AMOUNTS) {
        const round = deal(field.set, amount, seed);
        const played = await contest(field, round, amount, seed);
        results.push(...played);
        for (const one of played) await appendFile(LOG, `${JSON.stringify(one)}\n`);
      }
    }
    process.stderr.write(`\nafter seed ${seed}\n${tableOf(results)}\n`);
  }
  return results;
}

/** The pick beside a plain probe on single networks, dealt as whoever measured the mirror dealt. */
async function playProbes(fields: readonly Field[], seeds: readonly number[]): Promise<unknown> {
  const rounds: ProbeRound[] = [];
  for (const field of fields)
    for (const seed of seeds) {
      const round = await probeRound(field, seed);
      process.stderr.write(`probe: ${JSON.stringify(round)}\n`);
      rounds.push(round);
    }
  return { sets: summariseProbes(rounds), rounds };
}

/** Networks whose last features the learning curve is tried on, from weak to strong; those that are there. */
const CURVE_BACKBONES = ['nsfwjs-mobilenet-v2', 'tiny-darknet', 'mobilenet-v1'];
const CURVE_SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];

async function playCurves(fields: readonly Field[]): Promise<Record<string, unknown>> {
  const bySet: Record<string, unknown> = {};
  for (const { set, features } of fields) {
    const cases: BacktestCase[] = [];
    const present = CURVE_BACKBONES.filter((id) => features.has(id));
    for (const backbone of present)
      for (const seed of CURVE_SEEDS) cases.push(await backtestCurve(set, features, backbone, seed));
    bySet[set.name] = { ...summariseBacktest(cases), all: cases };
    process.stderr.write(`learning curve on ${set.name}: ${JSON.stringify(summariseBacktest(cases))}\n`);
  }
  return bySet;
}

const SHORTLISTS = [1, 2, 3, 5];
const JUDGES = ['accuracy', 'log-loss', 'log-me', 'h-score', 'places'] as const;

/** What keeping only so many backbones loses, in points of accuracy, by what ranks them, on the mean. */
async function playShortlists(fields: readonly Field[], seeds: readonly number[]): Promise<unknown[]> {
  const rows: ShortlistRegret[] = [];
  for (const { set, features } of fields)
    for (const seed of seeds) {
      const round = deal(set, null, seed);
      const all = features.of(round.rows);
      const { length: classes } = set.classNames;
      rows.push(...(await shortlistRegrets(all, round, classes, seed, SHORTLISTS, JUDGES)));
      process.stderr.write(`shortlists: ${set.name}, seed ${seed}\n`);
    }
  return JUDGES.flatMap((judge) =>
    SHORTLISTS.map((keep) => {
      const own = rows.filter((row) => row.judge === judge && row.keep === keep);
      const points = own.map(({ regret }) => 100 * regret);
      return { judge, keep, meanPoints: mean(points), worstPoints: Math.max(...points) };
    }),
  );
}

/** Two networks are enough to diagnose by, and a passing minute. */
async function playFaults(
  backbones: readonly BenchBackbone[],
  cases: Awaited<ReturnType<typeof plantedCases>>,
): Promise<DiagnosisOutcome[]> {
  const chosen = backbones.filter(({ installed }) =>
    ['mobilenet-v1', 'mobilenet-v2'].includes(installed.card.id),
  );
  const outcomes: DiagnosisOutcome[] = [];
  for (const one of cases) {
    const outcome = await diagnoseCase(chosen.length > 0 ? chosen : backbones.slice(0, 1), one);
    process.stderr.write(
      `${outcome.right ? 'right' : 'WRONG'}: ${outcome.name}: ${outcome.found.join(', ') || 'nothing'}\n`,
    );
    outcomes.push(outcome);
  }
  return outcomes;
}

/** The embedded zoo, which everybody has, against the script that everybody writes. */
async function playTorch(backbones: readonly BenchBackbone[], fields: readonly Field[]): Promise<unknown[]> {
  const embedded = backbones.filter(({ source }) => source === 'embedded').map(({ installed }) => installed);
  const results: unknown[] = [];
  for (const { set } of fields) results.push(await besideTorch(embedded, set));
  return results;
}

async function openWithMirror(): Promise<BenchBackbone[]> {
  const mirror = await startMirror();
  const backbones = await openBenchZoo(mirror);
  await mirror?.close();
  return backbones;
}

const installedZoo = async (): Promise<InstalledBackbone[]> =>
  (await openWithMirror()).map(({ installed }) => installed);

/**
 * The search beside its peers on real photographs, one run: Graft's pick, the last tap of the same backbone, every network read at
 * its end, an oracle that sees the test part, a Teachable-Machine-style head and the usual script; then the learning curve against what
 * it foretold, planted faults and their diagnoses, and times. `--quick`: one seed. `--only=contest|probe|curves|faults|shortlist|times|torch`;
 * `--only=memory` takes no photographs: the memory of a pass beside its estimate.
 * `--options`: the contest also with what can be asked for, which takes twice as long.
 */
export async function run(): Promise<unknown> {
  const only = process.argv.find((word) => word.startsWith('--only='))?.slice('--only='.length);
  if (only === 'memory') return { memory: await measureMemory(await installedZoo()) };
  if (!hasPhotos()) {
    process.stderr.write('*** ../shared/photos is absent: the search benchmark is skipped. ***\n');
    return { skipped: 'no photographs' };
  }
  await mkdir(join(projectRoot(), '.graft', 'bench-search'), { recursive: true });
  const seeds = process.argv.includes('--quick') ? SEEDS.slice(0, 1) : SEEDS;
  const backbones = await openWithMirror();
  const wanted = (part: string): boolean => only === undefined || only === part;
  const together = ['contest', 'probe', 'times'].some(wanted) ? await openViews(backbones) : null;
  const asked = wanted('contest') && process.argv.includes('--options');
  const views = together && (asked || wanted('probe')) ? together.views : [];
  const looks = asked ? await openLooks(backbones) : [];
  const fields: Field[] = [];
  for (const name of [...DEVELOP, ...REPORT]) {
    const set = await readPhotoSet(name);
    await fillShelves([...backbones, ...views, ...looks], set.photos);
    const load = (list: readonly BenchBackbone[]): Promise<SetFeatures> => loadSetFeatures(list, set.photos);
    fields.push({
      ...{ set, features: await load(backbones), zoos: zoosOf(backbones), groups: together?.groups ?? [] },
      ...{ views: await load(views), looks: asked ? await load(looks) : null },
    });
  }
  return {
    develop: DEVELOP,
    report: REPORT,
    seeds,
    curves: wanted('curves') ? await playCurves(fields) : null,
    faults: wanted('faults') ? await playFaults(backbones, await plantedCases()) : null,
    heldOutFaults: wanted('faults') ? await playFaults(backbones, await heldOutCases()) : null,
    shortlist: wanted('shortlist') ? await playShortlists(fields, seeds) : null,
    contest: wanted('contest') ? summarise(await playAll(fields, seeds)) : null,
    probe: wanted('probe') ? await playProbes(fields, seeds) : null,
    torch: wanted('torch') ? await playTorch(backbones, fields) : null,
    times: wanted('times') ? await measureTimes(backbones, fields[0] as Field) : null,
  };
}
