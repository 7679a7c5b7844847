import type { Command } from 'commander';
import type { Retried } from '../../http/api.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { collectList } from '../options.js';
import { checkOutFolder } from '../package-copy.js';
import { plural } from '../render/format.js';
import { printBuild, runToEnd } from '../run-to-end.js';
import { findRun, withDataFolder, withJson } from './shared.js';

interface Options extends DataOptions {
  reason?: string[];
  out?: string;
  force?: boolean;
}

/** `graft retry`: fetches only what failed, then goes on to the model. */
export function registerRetry(program: Command, context: CliContext): void {
  const command = program
    .command('retry')
    .description('fetch the failed pictures of a run again, and only those; then build with what came')
    .argument('<run>', 'id of the run, or its beginning')
    .option(
      '--reason <reason,...>',
      'reasons to try again (timeout,http-503); default: those that may pass',
      collectList,
    )
    .option('--out <dir>', 'copy the package there')
    .option('--force', 'let --out write into a folder that holds other things');
  withJson(withDataFolder(command)).action((run: string, options: Options) => retry(context, run, options));
}

async function retry(context: CliContext, idStart: string, options: Options): Promise<void> {
  if (options.out !== undefined) await checkOutFolder(options.out, options.force ?? false);
  const finished = await withService(context, envFor(options), async (link, progress) => {
    const run = await findRun(link.client, idStart);
    const retried = await link.client.retryFailed(run.id, options.reason);
    progress.note(describe(retried));
    return runToEnd(context, link, progress, retried.runId, options);
  });
  printBuild(context, finished, options.json);
}

function describe({ runId, copied, pictures, byReason }: Retried): string {
  const reasons = Object.entries(byReason).map(([reason, count]) => `${reason} ${count}`);
  const where = copied ? `, in the new run ${runId}: the old one stays as its model was made` : '';
  return `Fetching ${plural(pictures, 'picture')} again (${reasons.join(', ')})${where}`;
}
