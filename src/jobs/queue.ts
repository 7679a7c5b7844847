import { setTimeout as delay } from 'node:timers/promises';
import PgBoss from 'pg-boss';
import type { Database } from '../storage/database.js';
import { isPassingTrouble } from '../storage/passing-trouble.js';

/**
 * The queues, each with the work of one kind of machine: `fetch` waits for the network, `inspect` decodes, `features` wants an
 * accelerator, `trials` wants cores. Which stage goes where is in `src/runs/lanes.ts`.
 */
export const QUEUES = ['fetch', 'inspect', 'features', 'trials'] as const;
export type QueueName = (typeof QUEUES)[number];

/** What a job asks for: do the stage that the run is at, or lend a hand with it while another worker leads. */
export interface RunJob {
  readonly runId: string;
  readonly kind: 'lead' | 'help';
  /** Tells the helpers of one stage apart. */
  readonly place?: number;
}

/** How many jobs of a queue this process works on at once. Waiting for two webs is as cheap as for one; computing is not. */
const CONCURRENCY: Record<QueueName, number> = { fetch: 2, inspect: 1, features: 1, trials: 1 };

/** A job sent by this process wakes its own workers at once; one of another process waits for the next look. */
const LOOK_EVERY_S = 1;

/** Says `idle` when there was nothing to do here: the next job of its kind is better left to another process for a while. */
export type JobHandler = (queue: QueueName, job: RunJob) => Promise<void | 'idle'>;

/** The job queue: pg-boss on the application's own database, embedded or not. */
export interface JobQueue {
  /** Sets what works on jobs; once. */
  handle(handler: JobHandler): void;
  /** Makes all queues, and starts working on those named. @throws when there is no handler for them */
  start(names?: readonly QueueName[]): Promise<void>;
  /** Whether this process takes jobs of a queue. */
  worksOn(name: QueueName): boolean;
  /**
   * @param priority higher ones go first; 0 when not given
   * @param afterS seconds until it may be taken; at once when not given
   */
  send(name: QueueName, job: RunJob, priority?: number, afterS?: number): Promise<void>;
  /** Waits for the jobs in hand, up to a bound, and stops. */
  stop(): Promise<void>;
}

export function createJobQueue(database: Database, onError: (error: Error) => void): JobQueue {
  let isOver = false;
  // One of its loops may have been asking for a job when the queue was stopped: it is left waiting, for the database may be closed.
  const executeSql: Database['executeSql'] = (text, values) =>
    isOver ? new Promise(() => undefined) : patiently(() => database.executeSql(text, values));
  const boss = new PgBoss({ db: { executeSql }, schedule: false });
  boss.on('error', onError);
  const workers = new Map<QueueName, string[]>();
  const ours = new Set<QueueName>();
  let handler: JobHandler | null = null;
  return {
    handle: (given) => {
      if (handler) throw new Error('The job queue has a handler already.');
      handler = given;
    },
    start: async (names = QUEUES) => {
      if (!handler && names.length > 0) throw new Error('The job queue has no handler: call handle() first.');
      await boss.start();
      for (const name of names) ours.add(name);
      // One waiting job for each run and place: whoever sends a second one adds nothing.
      for (const name of QUEUES) await boss.createQueue(name, { name, policy: 'short' });
      for (const name of names) workers.set(name, await startWorkers(boss, name, handler as JobHandler));
    },
    worksOn: (name) => ours.has(name),
    send: async (name, job, priority = 0, afterS = 0) => {
      // Runs decide themselves whether to go on, so the queue need not retry: a failure is recorded in the run.
      const singletonKey = `${job.kind} ${job.runId} ${job.place ?? 0}`;
      const options = { retryLimit: 0, expireInHours: 23, priority, singletonKey, startAfter: afterS };
      await boss.send(name, job, options);
      if (afterS > 0 || job.kind === 'help') return; // help is for others to give
      for (const id of workers.get(name) ?? []) boss.notifyWorker(id);
    },
    stop: async () => {
      await boss.stop({ graceful: true, wait: true, timeout: 10_000 });
      isOver = true;
    },
  };
}

/** A database that restarts is back within this time; pg-boss itself would end the process over a job it cannot mark as done. */
const PATIENCE_MS = 30_000;
const RETRY_EVERY_MS = 500;

async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let leftMs = PATIENCE_MS; ; leftMs -= RETRY_EVERY_MS) {
    try {
      return await work();
    } catch (error) {
      if (leftMs <= 0 || !isPassingTrouble(error)) throw error;
      await delay(RETRY_EVERY_MS);
    }
  }
}

async function startWorkers(boss: PgBoss, name: QueueName, handler: JobHandler): Promise<string[]> {
  const options = { batchSize: 1, pollingIntervalSeconds: LOOK_EVERY_S };
  const startOne = async (): Promise<string> => {
    const id: string = await boss.work<RunJob>(name, options, async (jobs) => {
      for (const { data } of jobs)
        // There may be more: the pause is for when there is nothing.
        if ((await handler(name, data)) !== 'idle') boss.notifyWorker(id);
    });
    return id;
  };
  const ids: string[] = [];
  for (let i = 0; i < CONCURRENCY[name]; i++) ids.push(await startOne());
  return ids;
}
