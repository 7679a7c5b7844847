import type { Command } from 'commander';
import type { RunView } from '../../http/api.js';
import { isFinal } from '../../runs/run.js';
import type { GraftClient } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import { checkOutFolder } from '../package-copy.js';
import { printBuild, runToEnd } from '../run-to-end.js';
import { findRun, withDataFolder, withJson } from './shared.js';

interface Options extends DataOptions {
  out?: string;
  force?: boolean;
}

/** `graft resume`: goes on with an interrupted, failed or cancelled run, or follows one that's going. */
export function registerResume(program: Command, context: CliContext): void {
  const command = program
    .command('resume')
    .description('go on with an unfinished, failed or cancelled run; finished work is not repeated')
    .argument('[run]', 'id of the run, or its beginning; default: the newest run without a model')
    .option('--out <dir>', 'copy the package there')
    .option('--force', 'let --out write into a folder that holds other things');
  withJson(withDataFolder(command)).action((run: string | undefined, options: Options) =>
    resume(context, run, options),
  );
}

async function resume(context: CliContext, idStart: string | undefined, options: Options): Promise<void> {
  if (options.out !== undefined) await checkOutFolder(options.out, options.force ?? false);
  const finished = await withService(context, envFor(options), async (link, progress) => {
    const run =
      idStart === undefined ? await newestWithoutModel(link.client) : await findRun(link.client, idStart);
    if (run.state === 'failed' || run.state === 'cancelled') await link.client.resumeRun(run.id);
    return runToEnd(context, link, progress, run.id, options);
  });
  printBuild(context, finished, options.json);
}

/** Unfinished ones first: they need nothing but a process that works on them. */
async function newestWithoutModel(client: GraftClient): Promise<RunView> {
  const runs = await client.runs();
  const run = runs.find(({ state }) => !isFinal(state)) ?? runs.find(({ state }) => state !== 'succeeded');
  if (run) return run;
  throw usageError(
    'nothing-to-resume',
    'Every run of this data folder has its model.',
    '`npx graft runs` lists them.',
  );
}
