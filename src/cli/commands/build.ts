import { Option, type Command } from 'commander';
import { MODALITIES, type ModalityId } from '../../modalities/modality.js';
import { beginRun, noteList } from '../begin-run.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { collectQueries, collectSynonyms, licenceOption } from '../phrases.js';
import { collectLimits, safetyOption } from '../inspect-options.js';
import {
  collectList,
  parseBackbones,
  parseDuration,
  parseImages,
  parseLatency,
  parseMegabytes,
  parseSeed,
  parseTrials,
} from '../options.js';
import { checkOutFolder } from '../package-copy.js';
import { planBuild, type BuildOptions } from '../plan.js';
import { printBuild, runToEnd } from '../run-to-end.js';
import { usageError } from '../errors.js';
import { beginTextRun } from '../texts/begin-text-run.js';
import { planTexts } from '../texts/plan-texts.js';
import { withDataFolder, withJson } from './shared.js';

interface Options extends BuildOptions, DataOptions {
  modality?: ModalityId;
  unlabelled?: string;
  out?: string;
  force?: boolean;
  fresh?: boolean;
  plainQueries?: boolean;
}

const EXAMPLES = `
Examples:
  npx graft build cat dog fox                               search the web's open collections
  npx graft build fruit vehicle building --provider gallery search the sample gallery: no internet needed
  npx graft build --urls ./pictures.csv                     addresses of pictures: CSV with the header category,url
  npx graft build --modality text --from labelled.csv       own texts: CSV with the header label,text
  npx graft build --from ./photos --out ./my-model          own pictures: one folder a category
  npx graft build --from ./photos --max-latency 5 --max-size 2   the best of the fast and small
`;

/** `graft build`: from category names, own pictures or both to a packaged model. */
export function registerBuild(program: Command, context: CliContext): void {
  const command = program
    .command('build')
    .description('build a classifier: find pictures, search the zoo for the best model, package it')
    .argument('[category...]', 'what to tell apart; the folders of --from count as well')
    .option('--provider <id,...>', 'image-search providers; may be repeated', collectList)
    .option('--images <n>', 'kept pictures to aim at in each category', parseImages)
    .addOption(new Option('--modality <what>', 'what is told apart').choices(MODALITIES).default('image'))
    .option(
      '--from <path>',
      'own pictures: a folder with one folder a category; own texts: label,text as CSV, JSON lines, or a folder',
    )
    .option('--unlabelled <file>', 'more texts, without labels, to learn word vectors from')
    .option('--urls <file>', 'addresses of pictures: CSV with the header category,url')
    .addOption(licenceOption())
    .addOption(safetyOption())
    .option(
      '--inspect <limit=number,...>',
      'what a picture must be like, minSidePixels=64 say; may be repeated',
      collectLimits,
    )
    .option('--synonym <category=word,...>', 'other words for a category; may be repeated', collectSynonyms)
    .option(
      '--query <category=query>',
      'one more query, in another language say; may be repeated',
      collectQueries,
    )
    .option('--plain-queries', 'search nothing but the names and what --synonym and --query give')
    .option('--budget <time>', 'time the model search may take: 90s, 10m, 1h', parseDuration)
    .option('--trials <n>', 'trials at most; ranking a depth is one', parseTrials)
    .option(
      '--max-backbones <n>',
      'backbones that all pictures go through; samples say which (default: 5)',
      parseBackbones,
    )
    .option(
      '--ensemble',
      'also put together backbones of different sizes, and take such a network where it is surer at all: slower, at times better',
    )
    .option('--no-ensemble', 'one backbone, though several together clearly pay')
    .option('--augment', 'also see pictures mirrored and by their centre, to learn from and to predict by')
    .option('--max-latency <ms>', 'milliseconds a picture the model may take on this machine', parseLatency)
    .option('--max-size <mb>', 'megabytes the file of the model may have', parseMegabytes)
    .option('--seed <n>', 'every random choice comes from it', parseSeed)
    .option('--backbone <id,...>', 'search these backbones only; `graft zoo list` names them', collectList)
    .option('--out <dir>', 'copy the package there')
    .option('--force', 'let --out write into a folder that holds other things')
    .option('--fresh', 'start a new run even when an unfinished one of the same build could be gone on with')
    .addHelpText('after', EXAMPLES);
  withJson(withDataFolder(command)).action((categories: string[], options: Options) =>
    build(context, categories, options),
  );
}

async function build(context: CliContext, categories: readonly string[], options: Options): Promise<void> {
  if (options.modality === 'text') return buildTexts(context, categories, options);
  if (options.unlabelled !== undefined)
    throw usageError('not-for-pictures', '--unlabelled is for --modality text.', 'Leave it out.');
  const plan = await planBuild(categories, { ...options, morePhrasings: !options.plainQueries });
  if (options.out !== undefined) await checkOutFolder(options.out, options.force ?? false);
  noteList(context.output, 'Left out', plan.leftOut);
  const finished = await withService(context, envFor(options), async (link, progress) => {
    const run = await beginRun(link.client, progress, plan, { fresh: options.fresh ?? false });
    return runToEnd(context, link, progress, run.id, options);
  });
  printBuild(context, finished, options.json);
}

async function buildTexts(context: CliContext, named: readonly string[], options: Options): Promise<void> {
  const plan = await planTexts(named, options);
  if (options.out !== undefined) await checkOutFolder(options.out, options.force ?? false);
  noteList(context.output, 'Left out', plan.leftOut);
  const finished = await withService(context, envFor(options), async (link, progress) => {
    const run = await beginTextRun(link.client, progress, plan);
    return runToEnd(context, link, progress, run.id, options);
  });
  printBuild(context, finished, options.json);
}
