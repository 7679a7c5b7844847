import type { Command } from 'commander';
import type { LicenceFilter } from '../../../crawlers/index.js';
import type { FoundCandidate, SearchOutcome } from '../../collect/search-once.js';
import { readEnv } from '../../config/env.js';
import type { CliContext } from '../context.js';
import { GraftError } from '../../runs/errors.js';
import { CliError, usageError } from '../errors.js';
import { collectList, parseCount } from '../options.js';
import { licenceOption } from '../phrases.js';
import { printable } from '../render/format.js';
import { renderTable, truncate } from '../render/table.js';
import { withJson } from './shared.js';

interface Options {
  provider?: string[];
  limit: number;
  licence?: LicenceFilter;
  synonym?: string[];
  query?: string[];
  plainQueries?: boolean;
  json?: boolean;
}

const DEFAULT_LIMIT = 50;

/** `graft search`: lists candidates, downloads nothing, needs no data folder. */
export function registerSearch(program: Command, context: CliContext): void {
  const command = program
    .command('search')
    .description('list the pictures that providers find for a category, without downloading them')
    .argument('<category>', 'what to search')
    .option('--provider <id,...>', 'image-search providers; may be repeated', collectList)
    .option('--limit <n>', 'candidates to list', parseCount, DEFAULT_LIMIT)
    .addOption(licenceOption())
    .option('--synonym <word,...>', 'other words for it', collectList)
    .option('--query <query>', 'one more query; may be repeated', (raw: string, all: string[] = []) => [
      ...all,
      raw,
    ])
    .option('--plain-queries', 'search nothing but the name and what --synonym and --query give');
  withJson(command).action((category: string, options: Options) => search(context, category, options));
}

async function search(context: CliContext, category: string, options: Options): Promise<void> {
  const { searchOnce } = await import('../../collect/search-once.js');
  const outcome = await searchOnce({
    env: readEnv(),
    category,
    providers: options.provider ?? [],
    limit: options.limit,
    licence: options.licence ?? 'any',
    phrasings: { synonyms: options.synonym, queries: options.query, invent: !options.plainQueries },
    signal: context.signal,
  }).catch((error: unknown) => {
    // Nothing was asked yet: the command line was wrong, or the environment.
    throw error instanceof GraftError ? usageError(error.code, error.message, error.fix) : error;
  });
  if (outcome.answered.length === 0) throw nobodyAnswered(outcome);
  for (const failure of outcome.failures) context.output.note(printable(failure));
  if (options.json) return context.output.printJson(outcome.candidates);
  context.output.print(renderCandidates(category, outcome.candidates));
}

const nobodyAnswered = ({ failures }: SearchOutcome): CliError =>
  new CliError({
    code: 'no-provider-answered',
    message: failures.join(' '),
    fix: 'Try --provider gallery: it is built in and needs no internet.',
  });

const COLUMNS = [
  { title: 'provider' },
  { title: 'query' },
  { title: 'rank', align: 'right' as const },
  { title: 'size' },
  { title: 'licence' },
  { title: 'picture' },
];

const URL_CELLS = 90;

function renderCandidates(category: string, candidates: readonly FoundCandidate[]): string {
  if (candidates.length === 0) return `Nothing found for ${printable(category)}.`;
  const rows = candidates.map(({ provider, query, rank, width, height, licence, imageUrl }) => [
    provider,
    query,
    String(rank),
    width && height ? `${width}x${height}` : '–',
    licence ?? '–',
    truncate(imageUrl, URL_CELLS),
  ]);
  return renderTable(COLUMNS, rows);
}
