import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import pLimit from 'p-limit';
import { Piscina } from 'piscina';
import { startTensors } from '../../runtimes/tfjs.js';
import { inline, type Compute } from './compute.js';
import type { Input, Output, TaskName } from './tasks.js';
import type { Order } from './thread.js';

/** Threads that a search may use, until they are closed. */
export interface Threads {
  readonly compute: Compute;
  close(): Promise<void>;
}

/** Compiled beside this file; where sources run as they are, as in tests, there is none. */
const THREAD_FILE = fileURLToPath(new URL('./thread.js', import.meta.url));

/** A pool that starts when it is first asked. */
class LazyPool {
  private pool: Piscina | null = null;
  /** Whether its threads cannot even be started. */
  isBroken = false;

  constructor(
    private readonly threads: number,
    private readonly resourceLimits: ResourceLimits,
  ) {}

  async run<K extends TaskName>(order: Order<K>, signal?: AbortSignal): Promise<Output<K>> {
    this.pool ??= this.start();
    // A signal of its own: a task leaves a listener on what it is given.
    return (await this.pool.run(order, { signal: signal && AbortSignal.any([signal]) })) as Output<K>;
  }

  private start(): Piscina {
    const { threads, resourceLimits } = this;
    const pool = new Piscina({
      filename: THREAD_FILE,
      minThreads: threads,
      maxThreads: threads,
      resourceLimits,
    });
    // Trouble of a task is told to who asked for it. What comes here is of none: the late answer of one that was stopped, or a thread that
    // does not start, for which tasks would wait for ever.
    pool.on('error', (error: Error) => {
      if (!error.message.startsWith('Unexpected message')) void this.giveUp();
    });
    return pool;
  }

  private async giveUp(): Promise<void> {
    this.isBroken = true;
    await this.close();
  }

  async close(): Promise<void> {
    await this.pool?.destroy();
  }
}

/** Whether a thread died, of too little memory say, rather than its task. */
const isOfThread = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_WORKER');

/** A GPU belongs to the main thread. */
const isForMain = async (name: TaskName): Promise<boolean> =>
  name === 'trainFold' && (await startTensors()).backend === 'tensorflow';

function computeIn(pool: LazyPool, threads: number): Compute {
  return {
    run: async <K extends TaskName>(name: K, input: Input<K>, signal?: AbortSignal): Promise<Output<K>> => {
      signal?.throwIfAborted();
      if (pool.isBroken || (await isForMain(name))) return inline.run(name, input, signal);
      try {
        return await pool.run({ name, input }, signal);
      } catch (error) {
        signal?.throwIfAborted();
        if (pool.isBroken || isOfThread(error)) return inline.run(name, input, signal);
        throw error;
      }
    },
    // One more, so that a task is at hand when a thread is free.
    slot: pLimit(threads + 1),
  };
}

/**
 * Threads, started when the first task comes. Each has memory of its own for products and for TensorFlow.js. They take tens of
 * milliseconds to start, so they are worth it where a search takes a second. What a thread dies of, or where none starts, is done on the calling
 * thread.
 *
 * @param threads how many; 1: all is done on the calling thread
 * @param limits memory of each; as much as Node.js gives where left out
 */
export function openThreads(threads: number, limits: ResourceLimits = {}): Threads {
  if (threads <= 1 || !existsSync(THREAD_FILE)) return { compute: inline, close: () => Promise.resolve() };
  const pool = new LazyPool(threads, limits);
  return { compute: computeIn(pool, threads), close: () => pool.close() };
}
