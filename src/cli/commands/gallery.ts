import type { Command } from 'commander';
import type { CliContext } from '../context.js';
import { parsePort, parseSeed } from '../options.js';
import { untilInterrupted } from './serve.js';

const DEFAULT_PORT = 8390;
const DEFAULT_SEED = 1;

/** `graft gallery`: the sample gallery alone, to look at. The service starts its own when a run needs it. */
export function registerGallery(program: Command, context: CliContext): void {
  program
    .command('gallery')
    .description('run the sample gallery: a small web of pictures to crawl, with no internet')
    .option('--port <n>', 'port; 0 takes a free one', parsePort, DEFAULT_PORT)
    .option('--seed <n>', 'decides how the pictures look and which results are bad', parseSeed, DEFAULT_SEED)
    .action((options: { port: number; seed: number }) => runGallery(context, options));
}

async function runGallery(context: CliContext, options: { port: number; seed: number }): Promise<void> {
  const { startGallery } = await import('../../gallery/index.js');
  const gallery = await startGallery(options);
  context.output.print(`Sample gallery at ${gallery.baseUrl}. Ctrl-C stops it.`);
  await untilInterrupted(context.signal);
  await gallery.close();
}
