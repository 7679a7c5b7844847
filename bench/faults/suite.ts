import { setTimeout as wait } from 'node:timers/promises';
import type { ProjectView, Report, RunView } from '../../src/http/api.js';
import { isOver, followRun, request } from '../../tests/support/service-process.js';
import { createRng } from '../../zoo/index.js';
import { audit, essence } from './audit.js';
import { BACKBONE, startCluster, type Cluster } from './cluster.js';
import { FAULTS, possibleFaults, query, type FaultName, type Rng } from './faults.js';

/** Of one run. */
const PICTURES = 24;
const RUNS_AT_ONCE = 2;
/** Faults meet a pair of runs about this often; then they are let be, so that the next pair meets others at all its stages. */
const FAULTS_A_WAVE = 25;
const LOOK_MS = 100;
/** Undisturbed a pair takes some seconds. */
const STUCK_AFTER_MS = 180_000;

export interface FaultSuite {
  readonly faults: number;
  readonly seed: string;
  readonly table: readonly { fault: string; count: number }[];
  readonly notPossibleHere: readonly string[];
  readonly runs: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Runs whose result differs from that of an undisturbed one. */
  readonly different: readonly string[];
  /** Processes that ended although nobody had killed them. */
  readonly deaths: readonly string[];
  readonly seconds: number;
}

interface Tally {
  readonly counts: Map<FaultName, number>;
  readonly lost: string[];
  readonly doubled: string[];
  readonly different: string[];
  readonly healing: Promise<void>[];
  runs: number;
}

async function begin(cluster: Cluster, url: string, wave: number): Promise<string> {
  const project = await request<ProjectView>(`${url}/api/projects`, {
    body: { categories: ['even', 'odd'] },
  });
  const own = cluster.pictures.urls.slice(wave * PICTURES, (wave + 1) * PICTURES);
  const rows = own.map((imageUrl, at) => ({ category: at % 2 ? 'odd' : 'even', url: imageUrl }));
  await request(`${url}/api/projects/${project.id}/urls`, { body: { rows } });
  const settings = { providers: [], seed: 3, backbones: [BACKBONE], curate: 'off' };
  return (await request<RunView>(`${url}/api/projects/${project.id}/runs`, { body: settings })).id;
}

/** The same by a service that nobody disturbs. */
async function undisturbed(cluster: Cluster, wave: number): Promise<string> {
  const { url } = cluster.alone;
  const runId = await begin(cluster, url, wave);
  const run = await followRun(url, runId, isOver);
  if (run.state !== 'succeeded') throw new Error(`The undisturbed run failed: ${JSON.stringify(run.error)}`);
  return essence(await request<Report>(`${url}/api/runs/${runId}/report`));
}

interface State {
  readonly id: string;
  readonly state: string;
  readonly stage: string;
  readonly error: unknown;
}

/** By their records: the service may be down, and so may the database. */
const statesOf = (cluster: Cluster, runIds: readonly string[]): Promise<State[] | null> =>
  query<State & Record<string, unknown>>(
    cluster,
    'select id, state, stage, error from runs where id = any($1::uuid[])',
    [runIds],
  ).catch(() => null);

const isUnderWay = ({ state }: State): boolean => state === 'queued' || state === 'running';

async function disturb(
  cluster: Cluster,
  runIds: readonly string[],
  tally: Tally,
  choice: { readonly rng: Rng; readonly next: () => FaultName; readonly most: number },
): Promise<void> {
  const { rng, next, most } = choice;
  for (let done = 0; done < most; done++) {
    await wait(100 + rng.next() * 900);
    const states = await statesOf(cluster, runIds);
    if (states && !states.some(isUnderWay)) return;
    const name = next();
    tally.counts.set(name, (tally.counts.get(name) ?? 0) + 1);
    tally.healing.push((await FAULTS[name](cluster, rng, runIds)).healed);
  }
}

async function settle(cluster: Cluster, runIds: readonly string[]): Promise<State[]> {
  for (const untilMs = performance.now() + STUCK_AFTER_MS; ; await wait(LOOK_MS)) {
    const states = await statesOf(cluster, runIds);
    if (states && (!states.some(isUnderWay) || performance.now() > untilMs)) return states;
  }
}

async function judge(
  cluster: Cluster,
  states: readonly State[],
  expected: string,
  tally: Tally,
): Promise<void> {
  for (const { id, state, stage, error } of states) {
    tally.runs++;
    if (state !== 'succeeded') {
      tally.lost.push(`the run ${id} is ${state} at ${stage}: ${JSON.stringify(error)}`);
      continue;
    }
    const { lost, doubled } = await audit(cluster, id);
    tally.lost.push(...lost.map((what) => `${what} of ${id}`));
    tally.doubled.push(...doubled.map((what) => `${what} of ${id}`));
    const report = await request<Report>(`${cluster.url()}/api/runs/${id}/report`);
    if (essence(report) !== expected) tally.different.push(id);
  }
}

const totalOf = ({ counts }: Tally): number => [...counts.values()].reduce((sum, n) => sum + n, 0);

async function rest(cluster: Cluster, tally: Tally): Promise<void> {
  await Promise.all(tally.healing.splice(0));
  Object.assign(cluster.s3.mood, { refusals: 0, halfWrites: 0, halfReads: 0 });
  await Promise.all([cluster.api, ...cluster.workers].map((one) => one.ready()));
}

/** Pairs of runs, one after the other, until that many faults have met them. */
export async function runFaults(faults: number, seed: string): Promise<FaultSuite> {
  const startedMs = performance.now();
  const waves = Math.ceil((2 * faults) / FAULTS_A_WAVE) + 1;
  const cluster = await startCluster(waves * PICTURES);
  const rng = createRng(seed);
  const names = possibleFaults(cluster);
  const next = inTurns(names, rng);
  const tally: Tally = { counts: new Map(), lost: [], doubled: [], different: [], healing: [], runs: 0 };
  try {
    for (let wave = 0; totalOf(tally) < faults && wave < waves; wave++) {
      await rest(cluster, tally);
      const reference = undisturbed(cluster, wave);
      reference.catch(() => undefined); // thrown where it is awaited
      const runIds = [];
      for (let i = 0; i < RUNS_AT_ONCE; i++) runIds.push(await begin(cluster, cluster.url(), wave));
      const most = Math.min(FAULTS_A_WAVE, faults - totalOf(tally));
      await disturb(cluster, runIds, tally, { rng, next, most });
      const states = await settle(cluster, runIds);
      await rest(cluster, tally);
      await judge(cluster, states, await reference, tally);
      process.stderr.write(
        `${totalOf(tally)} faults, ${tally.runs} runs, lost ${tally.lost.length}, doubled ${tally.doubled.length}, different ${tally.different.length}\n`,
      );
    }
    return {
      faults: totalOf(tally),
      seed,
      table: [...tally.counts].map(([fault, count]) => ({ fault, count })).sort(byName),
      notPossibleHere: (Object.keys(FAULTS) as FaultName[]).filter((name) => !names.includes(name)),
      runs: tally.runs,
      lost: tally.lost,
      doubled: tally.doubled,
      different: tally.different,
      deaths: [cluster.api, ...cluster.workers].flatMap((one) => one.deaths()),
      seconds: Math.round((performance.now() - startedMs) / 1000),
    };
  } finally {
    await cluster.close();
  }
}

/** Each once before any comes again, in another order each time. */
function inTurns(names: readonly FaultName[], rng: Rng): () => FaultName {
  let left: FaultName[] = [];
  return () => {
    if (left.length === 0) left = rng.shuffle(names);
    return left.pop() as FaultName;
  };
}

const byName = (a: { fault: string }, b: { fault: string }): number => a.fault.localeCompare(b.fault);
