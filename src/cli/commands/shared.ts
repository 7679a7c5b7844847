import type { Command } from 'commander';
import type { GraftClient } from '../client.js';
import { usageError } from '../errors.js';
import type { ModelView, RunView } from '../../http/api.js';

/** Options of every command that works on a data folder. */
export const withDataFolder = (command: Command): Command =>
  command.option('--data-dir <dir>', 'data folder (default: GRAFT_DATA_DIR, or .graft)');

export const withJson = (command: Command): Command =>
  command.option('--json', 'print one JSON document on standard output, and nothing else');

/**
 * The run a person means: a whole id, or the beginning of one as `graft runs` lists it.
 * @throws CliError when none or several match
 */
export async function findRun(client: GraftClient, idStart: string): Promise<RunView> {
  const matches = (await client.runs()).filter((run) => run.id.startsWith(idStart.toLowerCase()));
  const [match] = matches;
  if (match && matches.length === 1) return match;
  const message = match
    ? `Several runs begin with ${idStart}.`
    : `There is no run ${idStart} in this data folder.`;
  throw usageError(match ? 'ambiguous-run' : 'not-found', message, '`npx graft runs` lists them.');
}

/**
 * The model a person means: a whole id, or the beginning of one as `graft models` lists it.
 * @throws CliError when none or several match
 */
export async function findModel(client: GraftClient, idStart: string): Promise<ModelView> {
  const matches = (await client.models()).filter((model) => model.id.startsWith(idStart.toLowerCase()));
  const [match] = matches;
  if (match && matches.length === 1) return match;
  const message = match ? `Several models begin with ${idStart}.` : `There is no model ${idStart}.`;
  throw usageError(match ? 'ambiguous-model' : 'not-found', message, '`npx graft models` lists them.');
}

/**
 * The project a person means: by its name, its id or the beginning of it, or that of one of its models.
 * @throws CliError when none or several match
 */
export async function findProject(client: GraftClient, start: string): Promise<string> {
  const wanted = start.toLowerCase();
  const [projects, models] = [await client.projects(), await client.models()];
  const ids = new Set([
    ...projects.flatMap(({ id, name }) => (id.startsWith(wanted) || name === start ? [id] : [])),
    ...models.flatMap(({ id, projectId }) => (id.startsWith(wanted) ? [projectId] : [])),
  ]);
  const [id] = ids;
  if (id !== undefined && ids.size === 1) return id;
  const known = projects.slice(0, 5).map((project) => `${project.id.slice(0, 8)} (${project.name})`);
  throw usageError(
    id === undefined ? 'not-found' : 'ambiguous-project',
    id === undefined ? `There is no project ${start}.` : `Several projects match ${start}.`,
    known.length === 0 ? 'Build a model first: npx graft build cat dog' : `There are: ${known.join(', ')}.`,
  );
}
