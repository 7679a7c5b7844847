import type { Command } from 'commander';
import type { DecisionInput, Review } from '../../http/api.js';
import { DECISION_ACTIONS, type DecisionAction } from '../../dataset/curate/curation.js';
import type { GraftClient } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import { parseCount } from '../options.js';
import { plural, printable } from '../render/format.js';
import { renderTable, truncate } from '../render/table.js';
import { findRun, withDataFolder, withJson } from './shared.js';

interface ReviewOptions extends DataOptions {
  limit: number;
}

const DEFAULT_LIMIT = 50;
const PAGE = 500;
const URL_CELLS = 70;

/** `graft review` and `graft decide`. */
export function registerReview(program: Command, context: CliContext): void {
  const review = program
    .command('review')
    .description('pictures of a run that do not look like their category, the most suspicious first')
    .argument('<run>', 'id of the run, or its beginning')
    .option('--limit <n>', 'pictures to list', parseCount, DEFAULT_LIMIT);
  withJson(withDataFolder(review)).action((run: string, options: ReviewOptions) =>
    reviewRun(context, run, options),
  );
  const decide = program
    .command('decide')
    .description('say where a picture belongs; it holds for every later run of the project')
    .argument('<run>', 'id of the run, or its beginning')
    .argument('<picture>', 'id or sha256 of the picture, or the beginning of one')
    .argument('<action>', 'keep, drop or move')
    .argument('[category]', 'for move: where it belongs');
  withJson(withDataFolder(decide)).action(
    (run: string, picture: string, action: string, category: string | undefined, options: DataOptions) =>
      decideOne(context, { run, picture, action: actionOf(action), category }, options),
  );
}

function actionOf(raw: string): DecisionAction {
  const action = DECISION_ACTIONS.find((one) => one === raw.toLowerCase());
  if (action) return action;
  throw usageError('bad-usage', `${raw} is no decision.`, `There are: ${DECISION_ACTIONS.join(', ')}.`);
}

async function reviewRun(context: CliContext, idStart: string, options: ReviewOptions): Promise<void> {
  const review = await withService(
    context,
    envFor(options),
    async ({ client }) => readReview(client, (await findRun(client, idStart)).id, options.limit),
    { idle: true },
  );
  if (options.json) return context.output.printJson(review);
  context.output.print(renderReview(review, idStart));
}

async function readReview(client: GraftClient, runId: string, limit: number): Promise<Review> {
  const review = await client.review(runId, { offset: 0, limit: Math.min(PAGE, limit) });
  const items = [...review.items];
  while (items.length < Math.min(limit, review.total)) {
    const next = await client.review(runId, {
      offset: items.length,
      limit: Math.min(PAGE, limit - items.length),
    });
    if (next.items.length === 0) break;
    items.push(...next.items);
  }
  return { ...review, items };
}

const COLUMNS = [
  { title: 'picture' },
  { title: 'category' },
  { title: 'looks like' },
  { title: 'why' },
  { title: 'state' },
  { title: 'suspicion', align: 'right' as const },
  { title: 'address' },
];

/** The queue as a table, with what to type next. */
export function renderReview({ items, total, wrongQueries }: Review, run: string): string {
  const queries = wrongQueries.map(
    ({ category, provider, query, pictures, wrong }) =>
      `Mostly wrong: ${wrong} of ${pictures} pictures that ${provider} found for "${query}" (${category}).`,
  );
  if (total === 0) return [...queries, 'No picture waits for a decision.'].map(printable).join('\n');
  const rows = items.map((image) => [
    image.id.slice(0, 8),
    image.category,
    image.suggestedCategory ?? '–',
    image.doubt ?? image.reason ?? '',
    image.state,
    image.suspicion?.toFixed(2) ?? '–',
    truncate(image.imageUrl, URL_CELLS),
  ]);
  return [
    renderTable(
      COLUMNS,
      rows.map((row) => row.map(printable)),
    ),
    '',
    ...(items.length < total ? [`${plural(total, 'picture')} in all; --limit shows more.`] : []),
    ...queries.map(printable),
    `Decide: npx graft decide ${run} <picture> keep|drop|move <category>`,
  ].join('\n');
}

interface Wish {
  run: string;
  picture: string;
  action: DecisionAction;
  category: string | undefined;
}

async function decideOne(context: CliContext, wish: Wish, options: DataOptions): Promise<void> {
  const decision = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const { id, projectId } = await findRun(client, wish.run);
      const found = await findPicture(client, id, wish.picture);
      const category =
        wish.action === 'drop' ? undefined : (wish.category ?? keptIn(wish.action, found.category));
      const input: DecisionInput = { sha256: found.sha256, action: wish.action, category };
      await client.decide(projectId, [input]);
      return input;
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(decision);
  const { action, category } = decision;
  const what = action === 'drop' ? 'is left out' : `belongs to ${category}`;
  context.output.print(`${decision.sha256.slice(0, 12)} ${what}, from the next run of the project on.`);
}

function keptIn(action: DecisionAction, category: string): string {
  if (action === 'keep') return category;
  throw usageError(
    'bad-usage',
    'A move needs the category to move to.',
    'graft decide <run> <picture> move <category>',
  );
}

/** The picture a person means. @throws CliError when none or several match */
async function findPicture(
  client: GraftClient,
  runId: string,
  start: string,
): Promise<{ sha256: string; category: string }> {
  const wanted = start.toLowerCase();
  const found = new Map<string, { sha256: string; category: string }>();
  for (let offset = 0; ; offset += PAGE) {
    const { items, total } = await client.images(runId, { offset, limit: PAGE });
    for (const { id, sha256, category } of items)
      if (sha256 !== null && (id.startsWith(wanted) || sha256.startsWith(wanted)))
        found.set(id, { sha256, category });
    if (items.length === 0 || offset + items.length >= total) break;
  }
  const [match] = found.values();
  if (match && new Set([...found.values()].map(({ sha256 }) => sha256)).size === 1) return match;
  throw usageError(
    match ? 'ambiguous-picture' : 'not-found',
    match ? `Several pictures begin with ${start}.` : `The run has no picture ${start}.`,
    '`npx graft review <run>` lists those that wait for a decision.',
  );
}
