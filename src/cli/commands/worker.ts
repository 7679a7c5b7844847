import { InvalidArgumentError, type Command } from 'commander';
import { QUEUES, type QueueName } from '../../jobs/queue.js';
import { envFor, type CliContext, type DataOptions } from '../context.js';
import { untilInterrupted } from './serve.js';
import { withDataFolder } from './shared.js';

interface Options extends DataOptions {
  queues: readonly QueueName[];
}

function parseQueues(value: string): QueueName[] {
  return value.split(',').map((name) => {
    const known = QUEUES.find((queue) => queue === name.trim());
    if (!known)
      throw new InvalidArgumentError(`There is no queue "${name}"; there are ${QUEUES.join(', ')}.`);
    return known;
  });
}

/** `graft worker`: does the work of a Graft whose service runs elsewhere. Runs until Ctrl-C or SIGTERM. */
export function registerWorker(program: Command, context: CliContext): void {
  const command = program
    .command('worker')
    .description('work on the jobs of a service on the same PostgreSQL (DATABASE_URL)')
    .option('--queues <names>', `comma list of ${QUEUES.join(', ')}`, parseQueues, [...QUEUES]);
  withDataFolder(command).action(async (options: Options) => {
    const { startWorker } = await import('../../app.js');
    const worker = await startWorker(envFor(options), options.queues);
    context.output.print(`Worker ${worker.id} works on ${options.queues.join(', ')}. Ctrl-C stops it.`);
    await untilInterrupted(context.signal);
    await worker.close();
  });
}
