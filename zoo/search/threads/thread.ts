import { startTensors } from '../../runtimes/tfjs.js';
import { tasks, type Input, type Output, type Task, type TaskName } from './tasks.js';

/** What is sent to a thread. */
export interface Order<K extends TaskName = TaskName> {
  readonly name: K;
  readonly input: Input<K>;
}

/** Where a thread begins: does what it is sent. */
export default async function work<K extends TaskName>({ name, input }: Order<K>): Promise<Output<K>> {
  // A GPU belongs to the main thread.
  if (name === 'trainFold') await startTensors(['wasm', 'cpu']);
  const task = tasks[name] as Task<K>;
  return task(input);
}
