import { join } from 'node:path';
import type { Command } from 'commander';
import { readEnv } from '../../config/env.js';
import { envFor, type CliContext, type DataOptions } from '../context.js';
import type { DemoResult } from '../demo/demo.js';
import { renderPlanted } from '../demo/planted.js';
import { parseImages, parseSeed } from '../options.js';
import { duration, percent } from '../render/format.js';
import { renderReport } from '../render/report.js';
import { renderTable } from '../render/table.js';
import { nextCommands, shellPath } from '../run-to-end.js';
import { withDataFolder, withJson } from './shared.js';

const CATEGORIES = ['fruit', 'vehicle', 'building', 'drink'];
const DEFAULT_SEED = 7;
const DEFAULT_IMAGES = 40;

interface Options extends DataOptions {
  seed: number;
  images: number;
}

/** `graft demo`, which is `npm run demo`: the main job end to end on the sample gallery. */
export function registerDemo(program: Command, context: CliContext): void {
  const command = program
    .command('demo')
    .description(
      'show the whole way on the sample gallery, in a data folder of its own that is emptied first',
    )
    .argument('[category...]', `what to tell apart (default: ${CATEGORIES.join(' ')})`)
    .option('--seed <n>', 'every random choice comes from it', parseSeed, DEFAULT_SEED)
    .option('--images <n>', 'kept pictures to aim at in each category', parseImages, DEFAULT_IMAGES);
  withJson(withDataFolder(command)).action((categories: string[], options: Options) =>
    demo(context, categories, options),
  );
}

async function demo(context: CliContext, named: readonly string[], options: Options): Promise<void> {
  const { dataDir, cacheDir } = envFor(options);
  // Converted backbones are kept for later builds, so they go into the usual cache.
  const env = readEnv({
    GRAFT_DATA_DIR: options.dataDir ?? join(dataDir, 'demo'),
    GRAFT_CACHE_DIR: cacheDir,
  });
  const categories = named.length > 0 ? named : CATEGORIES;
  const { images, seed } = options;
  context.output.note(
    `Demo: ${categories.join(', ')} from the sample gallery, ${images} pictures each, seed ${seed}`,
  );
  context.output.note(
    `Fresh data folder: ${shellPath(env.dataDir)} (what an earlier demo left there is removed)\n`,
  );
  const { runDemo } = await import('../demo/demo.js');
  const result = await runDemo(context, env, { categories, images, seed });
  if (options.json) context.output.printJson(result);
  else context.output.print(`\n${renderDemo(result)}`);
}

function renderDemo(result: DemoResult): string {
  const { report, planted, timings } = result;
  const folder = shellPath(report.package);
  const pictures = result.predictions.slice(0, 2).map(({ path }) => shellPath(path));
  const [predict, ...others] = nextCommands(report.package, report.modality);
  return [
    ...(planted.length > 0 ? [renderPlanted(planted), ''] : []),
    renderPredictions(result),
    '',
    renderTable(
      [{ title: 'stage' }, { title: 'time', align: 'right' }],
      timings.map(({ what, elapsedMs }) => [what, duration(elapsedMs)]),
    ),
    '',
    renderReport(report, {
      packageDir: folder,
      next: [
        predict?.replace('PICTURE...', pictures.join(' ')) ?? '',
        ...others,
        'npx graft build cat dog fox',
      ],
    }),
  ].join('\n');
}

const ORIGINS = {
  gallery: 'in the gallery, not met by the run',
  'test-set': 'in the test set of the run',
} as const;

function renderPredictions({ predictions }: DemoResult): string {
  const right = predictions.filter(({ label, category }) => label === category).length;
  const rows = predictions.map(({ path, category, label, confidence, origin }) => [
    shellPath(path),
    category,
    label,
    percent(confidence),
    ORIGINS[origin],
  ]);
  const columns = ['picture', 'searched as', 'predicted', 'confidence', 'where it is from'].map((title) => ({
    title,
  }));
  const heading = `Predictions for pictures that the training never saw: ${right} of ${predictions.length} as searched (the gallery has wrong results, as the web has)`;
  return `${heading}\n\n${renderTable(columns, rows)}`;
}
