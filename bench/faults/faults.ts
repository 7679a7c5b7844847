import { writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { createRng } from '../../zoo/index.js';
import type { Cluster, Kept } from './cluster.js';

export type Rng = ReturnType<typeof createRng>;

/** A promise within an object, for one that is awaited would be awaited to its end. */
interface Broken {
  readonly healed: Promise<void>;
}

/** Breaks something; what heals it may come later. */
export type Fault = (cluster: Cluster, rng: Rng, runIds: readonly string[]) => Promise<Broken>;

const HOUR_MS = 3_600_000;
const passed: Broken = { healed: Promise.resolve() };

const anyWorker = ({ workers }: Cluster, rng: Rng): Kept => workers[rng.int(workers.length)] as Kept;
const between = (rng: Rng, low: number, high: number): number => low + rng.next() * (high - low);

/** As the last word of a connection of its own: the pool of a process under test is not asked. */
export async function query<Row extends pg.QueryResultRow>(
  { database }: Cluster,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

function kill(kept: Kept): Promise<Broken> {
  kept.kill('SIGKILL');
  return Promise.resolve(passed);
}

function pause(kept: Kept, ms: number): Promise<Broken> {
  const child = kept.child();
  child.kill('SIGSTOP');
  return Promise.resolve({ healed: wait(ms).then(() => void child.kill('SIGCONT')) });
}

async function jump(kept: Kept, byMs: number, forMs: number): Promise<Broken> {
  await writeFile(kept.clockFile, String(Math.round(byMs)));
  return { healed: wait(forMs).then(() => writeFile(kept.clockFile, '0')) };
}

async function fill({ disk }: Kept, forMs: number): Promise<Broken> {
  await disk?.fill();
  return { healed: wait(forMs).then(() => disk?.free()) };
}

/** What is done to them, by name. A lease is a second long: pauses are shorter and longer than that. */
export const FAULTS = {
  'worker SIGKILL': (cluster, rng) => kill(anyWorker(cluster, rng)),
  'worker SIGSTOP': (cluster, rng) => pause(anyWorker(cluster, rng), between(rng, 300, 4000)),
  'api SIGKILL': ({ api }) => kill(api),
  'api SIGSTOP': ({ api }, rng) => pause(api, between(rng, 300, 2000)),
  'database crash': async ({ database }) => {
    await database.crash();
    return passed;
  },
  'database connections cut': async (cluster) => {
    await query(
      cluster,
      'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()',
    );
    return passed;
  },
  'S3 503': ({ s3 }, rng) => {
    s3.mood.refusals += 1 + rng.int(20);
    return Promise.resolve(passed);
  },
  'S3 upload cut in half': ({ s3 }, rng) => {
    s3.mood.halfWrites += 1 + rng.int(4);
    return Promise.resolve(passed);
  },
  'S3 download cut in half': ({ s3 }, rng) => {
    s3.mood.halfReads += 1 + rng.int(4);
    return Promise.resolve(passed);
  },
  'disk full': (cluster, rng) => fill(anyWorker(cluster, rng), between(rng, 500, 2500)),
  'clock jump': (cluster, rng) =>
    jump(anyWorker(cluster, rng), between(rng, -HOUR_MS, HOUR_MS), between(rng, 300, 2500)),
  'lease taken away: two leaders': async (cluster, _rng, runIds) => {
    await query(
      cluster,
      `update runs set lease_owner = null, lease_until = null where state = 'running' and id = any($1::uuid[])`,
      [runIds],
    );
    return passed;
  },
  'job doubled': async (cluster, rng, runIds) => {
    const runId = runIds[rng.int(runIds.length)];
    // Asking to resume a run that is under way puts a second job for it into the queue.
    await fetch(`${cluster.url()}/api/runs/${runId}/resume`, { method: 'POST' }).catch(() => undefined);
    return passed;
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** What can be done here: filling a disk takes one that may be mounted. */
export const possibleFaults = ({ workers }: Cluster): FaultName[] =>
  (Object.keys(FAULTS) as FaultName[]).filter(
    (name) => name !== 'disk full' || workers.every(({ disk }) => disk !== null),
  );
