import type { Command } from 'commander';
import type { BackboneView } from '../../http/api.js';
import { envFor, type CliContext, type DataOptions } from '../context.js';
import { bytes } from '../render/format.js';
import { renderTable, truncate, type Column } from '../render/table.js';
import { withDataFolder, withJson } from './shared.js';

/** `graft zoo list`: reads the cards; needs no service. */
export function registerZoo(program: Command, context: CliContext): void {
  const zoo = program.command('zoo').description('the pretrained backbones');
  const list = zoo.command('list').description('list the backbones with source, licence and size');
  withJson(withDataFolder(list)).action((options: DataOptions) => listBackbones(context, options));
}

const COLUMNS: readonly Column[] = [
  { title: 'backbone' },
  { title: 'family' },
  { title: 'pretrained on' },
  { title: 'input' },
  { title: 'size', align: 'right' },
  { title: 'licence' },
  { title: 'installed' },
  { title: 'taps', align: 'right' },
  { title: 'origin' },
];

async function listBackbones(context: CliContext, options: DataOptions): Promise<void> {
  const { listZoo } = await import('../../training/zoo-list.js');
  const backbones: BackboneView[] = await listZoo(envFor(options).cacheDir);
  if (options.json) return context.output.printJson(backbones);
  context.output.print(renderTable(COLUMNS, backbones.map(row)));
}

/** The whole of it is in `--json`. */
const PRETRAINED_CELLS = 32;

const row = (card: BackboneView): string[] => [
  card.id,
  card.family,
  truncate(card.pretrainedOn, PRETRAINED_CELLS),
  card.input,
  bytes(card.bytes),
  card.licence,
  card.installed ? 'yes' : 'at first use',
  card.taps === null ? '–' : String(card.taps),
  card.origin,
];
