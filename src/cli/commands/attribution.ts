import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { findRun, withDataFolder } from './shared.js';

interface Options extends DataOptions {
  out?: string;
}

/** `graft attribution`: who made the pictures of a run, and under which licence. */
export function registerAttribution(program: Command, context: CliContext): void {
  const command = program
    .command('attribution')
    .description('where each picture of a data set comes from, its creator and licence, as CSV')
    .argument('<run>', 'id of the run, or its beginning')
    .option('--out <file>', 'write it there; default: standard output');
  withDataFolder(command).action((run: string, options: Options) => attribution(context, run, options));
}

async function attribution(context: CliContext, idStart: string, options: Options): Promise<void> {
  const csv = await withService(context, envFor(options), async ({ client }) =>
    client.attribution((await findRun(client, idStart)).id),
  );
  if (options.out === undefined) return context.output.print(csv);
  await writeFile(resolve(options.out), csv);
  context.output.note(`Written to ${options.out}`);
}
