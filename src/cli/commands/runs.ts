import type { Command } from 'commander';
import type { ProjectView, RunView } from '../../http/api.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { renderTable, truncate } from '../render/table.js';
import { findRun, withDataFolder, withJson } from './shared.js';

const ID_CELLS = 8;
const ERROR_CELLS = 80;

/** `graft runs` and `graft cancel`. */
export function registerRuns(program: Command, context: CliContext): void {
  const list = program.command('runs').description('list the runs, newest first');
  withJson(withDataFolder(list)).action((options: DataOptions) => listRuns(context, options));
  const cancel = program
    .command('cancel')
    .description('stop a run; `graft resume` can go on with it')
    .argument('<run>', 'id of the run, or its beginning');
  withJson(withDataFolder(cancel)).action((run: string, options: DataOptions) =>
    cancelRun(context, run, options),
  );
}

async function listRuns(context: CliContext, options: DataOptions): Promise<void> {
  const { runs, projects } = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const found = await client.runs();
      const ids = [...new Set(found.map((run) => run.projectId))];
      return { runs: found, projects: await Promise.all(ids.map((id) => client.project(id))) };
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(runs);
  context.output.print(runs.length === 0 ? 'No runs yet: npx graft build cat dog' : runTable(runs, projects));
}

function runTable(runs: readonly RunView[], projects: readonly ProjectView[]): string {
  const names = new Map(projects.map(({ id, name }) => [id, name]));
  const rows = runs.map((run) => [
    run.id.slice(0, ID_CELLS),
    names.get(run.projectId) ?? run.projectId,
    run.state === 'running' ? `running (${run.stage})` : run.state,
    String(run.counts.kept),
    run.createdAt.slice(0, 16).replace('T', ' '),
    truncate(run.error?.message.split('\n')[0] ?? '', ERROR_CELLS),
  ]);
  const columns = ['run', 'project', 'state', 'kept', 'started (UTC)', 'error'].map((title) => ({ title }));
  return renderTable(columns, rows);
}

async function cancelRun(context: CliContext, idStart: string, options: DataOptions): Promise<void> {
  const run = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const found = await findRun(client, idStart);
      return client.cancelRun(found.id);
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(run);
  context.output.print(`Cancelled ${run.id}. \`npx graft resume ${run.id}\` goes on with it.`);
}
