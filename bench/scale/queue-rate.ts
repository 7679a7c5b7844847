import { randomUUID } from 'node:crypto';
import { createJobQueue, QUEUES, type JobQueue } from '../../src/jobs/queue.js';
import { openDatabase, type Database } from '../../src/storage/database.js';

const JOBS = 6000;
/** Of the jobs under way to the database at a time. */
const SENDERS = 16;
/** Each as a process would have it, with connections of its own. */
const WORKERS = 2;

export interface QueueRate {
  readonly jobs: number;
  readonly workers: number;
  /** From the first one sent to the last one done, sending and working at the same time. */
  readonly jobsPerSecond: number;
  /** How often a job was worked on a second time. */
  readonly doubled: number;
}

async function send(queue: JobQueue): Promise<void> {
  let left = JOBS;
  const one = async (): Promise<void> => {
    while (left > 0) {
      const name = QUEUES[left-- % QUEUES.length] ?? 'fetch';
      await queue.send(name, { runId: randomUUID(), kind: 'lead' });
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, one));
}

/** Jobs without any work through the real queue on a real PostgreSQL. */
export async function queueRate(databaseUrl: string): Promise<QueueRate> {
  const fail = (error: Error): void => void process.stderr.write(`${error.message}\n`);
  const open = (): Promise<Database> => openDatabase({ dataDir: '', databaseUrl });
  const databases = await Promise.all(Array.from({ length: WORKERS + 1 }, open));
  const queues = databases.map((database) => createJobQueue(database, fail));
  const seen = new Set<string>();
  let done = 0;
  const [sender, ...workers] = queues as [JobQueue, ...JobQueue[]];
  const all = new Promise<void>((resolve) => {
    for (const worker of workers)
      worker.handle((_name, { runId }) => {
        seen.add(runId);
        if (++done >= JOBS) resolve();
        return Promise.resolve();
      });
  });
  await sender.start([]);
  for (const worker of workers) await worker.start();
  const startMs = performance.now();
  await Promise.all([send(sender), all]);
  const seconds = (performance.now() - startMs) / 1000;
  for (const queue of queues) await queue.stop();
  for (const database of databases) await database.close();
  return {
    jobs: JOBS,
    workers: WORKERS,
    jobsPerSecond: Math.round(JOBS / seconds),
    doubled: done - seen.size,
  };
}
