import { openFold, trainFold } from '../fold.js';
import { productsOf } from '../products.js';
import { scoreTap } from '../score-tap.js';

/**
 * What takes long in a search. Each is a function of what it is given alone, and that and its answer can be sent to another thread: so the
 * answers are the same wherever it is done.
 */
export const tasks = { scoreTap, productsOf, openFold, trainFold };

export type Tasks = typeof tasks;
export type TaskName = keyof Tasks;
export type Input<K extends TaskName> = Parameters<Tasks[K]>[0];
export type Output<K extends TaskName> = Awaited<ReturnType<Tasks[K]>>;
/** A task as one that may be asked by its name. */
export type Task<K extends TaskName> = (
  input: Input<K>,
  signal?: AbortSignal,
) => Output<K> | Promise<Output<K>>;
