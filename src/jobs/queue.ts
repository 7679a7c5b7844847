import PgBoss from 'pg-boss';
import type { Database } from '../storage/database.js';

/** Every job Graft knows, with its data. A job without a handler at start is an error (see `start`). */
export interface JobMap {
  /** Does the current stage of a run, then enqueues the next. */
  'run.advance': { runId: string };
}
export type JobName = keyof JobMap;

const JOB_NAMES: readonly JobName[] = ['run.advance'];

/** How many jobs of a name this process works on at once. Two runs: one may wait for the network while one computes. */
const CONCURRENCY: Record<JobName, number> = { 'run.advance': 2 };

export type JobHandler<N extends JobName> = (data: JobMap[N]) => Promise<void>;

/** The job queue: pg-boss on the application's own database, embedded or not. */
export interface JobQueue {
  handle<N extends JobName>(name: N, handler: JobHandler<N>): void;
  /** Creates the queues and starts working. @throws when a job of JobMap has no handler */
  start(): Promise<void>;
  send<N extends JobName>(name: N, data: JobMap[N]): Promise<void>;
  /** Waits for the jobs in hand, up to a bound, and stops. */
  stop(): Promise<void>;
}

export function createJobQueue(database: Database, onError: (error: Error) => void): JobQueue {
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.executeSql(text, values) },
    schedule: false,
  });
  boss.on('error', onError);
  const handlers = new Map<JobName, JobHandler<JobName>>();
  return {
    handle: (name, handler) => {
      if (handlers.has(name)) throw new Error(`Two handlers for the job ${name}: remove one.`);
      handlers.set(name, handler as JobHandler<JobName>);
    },
    start: async () => {
      await boss.start();
      for (const name of JOB_NAMES) await startWorkers(boss, name, handlers.get(name));
    },
    send: async (name, data) => {
      // Runs decide themselves whether to go on, so the queue need not retry: a failure is recorded in the run.
      await boss.send(name, data, { retryLimit: 0, expireInHours: 23 });
    },
    stop: () => boss.stop({ graceful: true, wait: true, timeout: 10_000 }),
  };
}

async function startWorkers(
  boss: PgBoss,
  name: JobName,
  handler: JobHandler<JobName> | undefined,
): Promise<void> {
  if (!handler)
    throw new Error(`The job ${name} has no handler: call queue.handle('${name}', ...) before start().`);
  await boss.createQueue(name);
  for (let i = 0; i < CONCURRENCY[name]; i++) {
    await boss.work<JobMap[JobName]>(name, { batchSize: 1, pollingIntervalSeconds: 0.5 }, async (jobs) => {
      for (const job of jobs) await handler(job.data);
    });
  }
}
