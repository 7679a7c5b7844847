import type { Command } from 'commander';
import type { ModelView } from '../../http/api.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { interval, percent, quantity } from '../render/format.js';
import { renderTable, type Column } from '../render/table.js';
import { registerSuccession } from './models-succession.js';
import { withDataFolder, withJson } from './shared.js';

/** `graft models`. */
export function registerModels(program: Command, context: CliContext): void {
  const command = program
    .command('models')
    .description('list the packaged models, newest first; promote one, or roll back');
  withJson(withDataFolder(command)).action((options: DataOptions) => listModels(context, options));
  registerSuccession(command, context);
}

const COLUMNS: readonly Column[] = [
  { title: 'model' },
  { title: 'version', align: 'right' },
  { title: 'labels' },
  { title: 'backbone' },
  { title: 'tap' },
  { title: 'head' },
  { title: 'test', align: 'right' },
  { title: '95 % interval', align: 'right' },
  { title: 'weights', align: 'right' },
  { title: 'alias' },
];

async function listModels(context: CliContext, options: DataOptions): Promise<void> {
  const models = await withService(context, envFor(options), ({ client }) => client.models(), {
    idle: true,
  });
  if (options.json) return context.output.printJson(models);
  context.output.print(
    models.length === 0 ? 'No models yet: npx graft build cat dog' : renderTable(COLUMNS, models.map(row)),
  );
}

const row = ({ id, version, labels, summary, aliases }: ModelView): string[] => [
  id.slice(0, 8),
  String(version),
  labels.join(', '),
  summary.backbone,
  summary.tap,
  summary.head,
  percent(summary.test.accuracy),
  interval(summary.test.interval),
  quantity(summary.cost.totalParams),
  aliases.join(', '),
];
