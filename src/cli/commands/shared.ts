import type { Command } from 'commander';
import type { GraftClient } from '../client.js';
import { usageError } from '../errors.js';
import type { RunView } from '../../http/api.js';

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
