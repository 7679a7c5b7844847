import type { QueueName } from '../jobs/queue.js';
import type { StageName } from './run.js';

/** The queue of each stage: light stages ride with the heavy one beside them. */
export const LANES: Readonly<Record<StageName, QueueName>> = {
  search: 'fetch',
  fetch: 'fetch',
  inspect: 'inspect',
  dedupe: 'inspect',
  curate: 'features',
  split: 'features',
  features: 'features',
  trials: 'trials',
  package: 'trials',
};
