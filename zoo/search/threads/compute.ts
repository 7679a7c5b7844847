import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import { tasks, type Input, type Output, type Task, type TaskName } from './tasks.js';

/** Where a search computes. */
export interface Compute {
  /** Does a task; the signal ends it in the middle. */
  run<K extends TaskName>(name: K, input: Input<K>, signal?: AbortSignal): Promise<Output<K>>;
  /** Runs `work` when its turn has come: as many at a time as there are threads, first come, first served. Not to be nested. */
  slot<A extends unknown[], R>(work: (...given: A) => Promise<R>, ...given: A): Promise<R>;
}

/** On this thread, one after the other, with a turn for everybody else in between. */
export const inline: Compute = {
  run: async <K extends TaskName>(name: K, input: Input<K>, signal?: AbortSignal): Promise<Output<K>> => {
    await nextTurn();
    signal?.throwIfAborted();
    return (tasks[name] as Task<K>)(input, signal);
  },
  slot: pLimit(1),
};
