import type { Command } from 'commander';
import { z } from 'zod';
import { modelEventSchema, type ModelEventView } from '../../http/api/registry.js';
import { segment, type GraftClient } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { renderTable, type Column } from '../render/table.js';
import { findModel, findProject } from './shared.js';

interface ReasonOptions extends DataOptions {
  reason: string;
}

/** `graft models promote`, `rollback` and `history`. Options of `graft models` hold for them, too. */
export function registerSuccession(models: Command, context: CliContext): void {
  models
    .command('promote')
    .description('make a model the champion of its project')
    .argument('<model>', 'id of the model, or its beginning')
    .requiredOption('--reason <text>', 'why; it is kept in the history')
    .action((model: string, _options: unknown, command: Command) =>
      change(context, command.optsWithGlobals<ReasonOptions>(), async (client, reason) => {
        const { id, projectId } = await findModel(client, model);
        return act(client, projectId, 'promote', { modelId: id, reason });
      }),
    );
  models
    .command('rollback')
    .description('bring back the champion before the last promotion')
    .argument('<project>', 'name or id of the project, or id of one of its models')
    .requiredOption('--reason <text>', 'why; it is kept in the history')
    .action((project: string, _options: unknown, command: Command) =>
      change(context, command.optsWithGlobals<ReasonOptions>(), async (client, reason) =>
        act(client, await findProject(client, project), 'rollback', { reason }),
      ),
    );
  models
    .command('history')
    .description('every change of champion and challenger, newest first')
    .argument('<project>', 'name or id of the project, or id of one of its models')
    .action((project: string, _options: unknown, command: Command) =>
      history(context, project, command.optsWithGlobals<DataOptions>()),
    );
}

const act = (client: GraftClient, projectId: string, verb: string, json: unknown): Promise<ModelEventView> =>
  client.read(`/projects/${segment(projectId)}/${verb}`, modelEventSchema, { method: 'POST', json });

async function change(
  context: CliContext,
  options: ReasonOptions,
  work: (client: GraftClient, reason: string) => Promise<ModelEventView>,
): Promise<void> {
  const event = await withService(context, envFor(options), ({ client }) => work(client, options.reason), {
    idle: true,
  });
  if (options.json) return context.output.printJson(event);
  context.output.print(
    `Version ${event.to?.version} answers now, before it was version ${event.from?.version ?? '–'}.`,
  );
}

const COLUMNS: readonly Column[] = [
  { title: 'when' },
  { title: 'who' },
  { title: 'what' },
  { title: 'alias' },
  { title: 'from', align: 'right' },
  { title: 'to', align: 'right' },
  { title: 'why' },
];

async function history(context: CliContext, project: string, options: DataOptions): Promise<void> {
  const events = await withService(
    context,
    envFor(options),
    async ({ client }) => {
      const projectId = await findProject(client, project);
      return client.read(`/projects/${segment(projectId)}/history`, z.array(modelEventSchema));
    },
    { idle: true },
  );
  if (options.json) return context.output.printJson(events);
  const rows = events.map(({ at, actor, action, alias, from, to, reason }) => [
    at.slice(0, 19).replace('T', ' '),
    actor,
    action,
    alias,
    from === null ? '–' : `version ${from.version}`,
    to === null ? '–' : `version ${to.version}`,
    reason,
  ]);
  context.output.print(rows.length === 0 ? 'Nothing has happened yet.' : renderTable(COLUMNS, rows));
}
