import type { Command } from 'commander';
import type { BackboneView } from '../../http/api.js';
import type { AddRequest, InstallProgress, ReadNetwork } from '../../../zoo/index.js';
import { ask } from '../ask.js';
import { envFor, taskOf, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import {
  INPUT_SETTINGS,
  settingsOf,
  writeSetting,
  type InputHints,
  type InputSetting,
} from '../input-settings.js';
import { bytes } from '../render/format.js';
import { createProgress } from '../render/progress.js';
import { renderTable, truncate, type Column } from '../render/table.js';
import { withDataFolder, withJson } from './shared.js';

/** `graft zoo …`: works on the cards and the cache; needs no service. */
export function registerZoo(program: Command, context: CliContext): void {
  const zoo = program.command('zoo').description('the pretrained backbones');
  registerList(zoo, context);
  registerAdd(zoo, context);
  const common = (command: Command): Command => withJson(withDataFolder(command));
  common(
    zoo.command('pull <id>').description('fetch and convert a backbone now, not at its first use'),
  ).action((id: string, options: DataOptions) => pull(context, id, options));
  common(
    zoo.command('bench [id]').description('time the installed backbones, or one, on this machine'),
  ).action((id: string | undefined, options: DataOptions) => bench(context, id, options));
  common(
    zoo.command('rm <id>').description('remove a backbone from the cache; one of your own is forgotten'),
  ).action((id: string, options: DataOptions) => remove(context, id, options));
}

function registerList(zoo: Command, context: CliContext): void {
  const list = zoo.command('list').description('list the backbones with source, licence and size');
  withJson(withDataFolder(list)).action((options: DataOptions) => listBackbones(context, options));
}

interface AddOptions extends DataOptions, Partial<Record<InputSetting['name'], InputHints>> {
  id?: string;
  title?: string;
  licence?: string;
  yes?: boolean;
}

function registerAdd(zoo: Command, context: CliContext): void {
  const add = zoo
    .command('add <path>')
    .description(
      'make a backbone of an ONNX file, a TensorFlow.js model or a Teachable Machine export; what neither flags nor a file beside ' +
        'it say of its input is asked for on a terminal',
    )
    .option('--id <id>', 'its id (default: made of the file name)')
    .option('--title <text>', 'its name')
    .option('--licence <text>', 'the licence of the weights')
    .option('--yes', 'take common values for what nobody stated, without asking');
  for (const setting of INPUT_SETTINGS)
    add.option(`--${setting.name} ${setting.placeholder}`, setting.says, (text) => readFlag(setting, text));
  withJson(withDataFolder(add)).action((path: string, options: AddOptions) => addOwn(context, path, options));
}

function readFlag({ name, read, example }: InputSetting, text: string): InputHints {
  const hints = read(text);
  if (hints) return hints;
  throw usageError(`bad-${name}`, `--${name} cannot be ${text}.`, `For example: --${name} ${example}`);
}

const COLUMNS: readonly Column[] = [
  { title: 'backbone' },
  { title: 'source' },
  { title: 'family' },
  { title: 'pretrained on' },
  { title: 'input' },
  { title: 'size', align: 'right' },
  { title: 'licence' },
  { title: 'installed' },
  { title: 'taps', align: 'right' },
];

async function listBackbones(context: CliContext, options: DataOptions): Promise<void> {
  const { listZoo } = await import('../../training/zoo-list.js');
  const backbones: BackboneView[] = await listZoo(envFor(options));
  if (options.json) return context.output.printJson(backbones);
  context.output.print(renderTable(COLUMNS, backbones.map(row)));
}

/** The whole of it is in `--json`. */
const PRETRAINED_CELLS = 32;

const installedText = ({ installed, source }: BackboneView): string => {
  if (installed) return 'yes';
  return source === 'hub' ? 'zoo pull' : 'at first use';
};

const row = (card: BackboneView): string[] => [
  card.id,
  card.source,
  truncate(card.family, PRETRAINED_CELLS),
  truncate(card.pretrainedOn, PRETRAINED_CELLS),
  card.input,
  card.bytes === null ? '–' : bytes(card.bytes),
  truncate(card.licence, PRETRAINED_CELLS),
  installedText(card),
  card.taps === null ? '–' : String(card.taps),
];

/** Shows the steps of an installation while `work` goes on. */
async function showing<T>(
  context: CliContext,
  id: string,
  work: (onProgress: InstallProgress) => Promise<T>,
): Promise<T> {
  const progress = createProgress(context.output.stderr);
  const tell: InstallProgress = (stage, part) => {
    const counts = { done: part?.done ?? 0, total: part?.total ?? 0 };
    progress.update([taskOf(id, stage === 'ready' ? 'done' : 'running', { ...counts, note: stage })]);
  };
  try {
    return await work(tell);
  } finally {
    progress.close();
  }
}

async function installOne(context: CliContext, id: string, options: DataOptions) {
  const { pullBackbone } = await import('../../training/zoo-pull.js');
  const { signal } = context;
  return showing(context, id, (tell) => pullBackbone(envFor(options), id, { tell, signal }));
}

async function pull(context: CliContext, id: string, options: DataOptions): Promise<void> {
  const { card, taps, sha256, modelPath } = await installOne(context, id, options);
  const { licence, origin } = card;
  const remark = 'inputRemark' in card ? card.inputRemark : undefined;
  if (options.json) return context.output.printJson({ id, licence, origin, sha256, modelPath, taps, remark });
  context.output.print(
    `${card.title} is ready: ${taps.length} depths to cut at, licence ${licence}, from ${origin}.`,
  );
  if (remark !== undefined) context.output.print(remark);
}

async function addOwn(context: CliContext, path: string, options: AddOptions): Promise<void> {
  const { addNetwork, backbonesFolder, readNetwork, removeLocalCard } = await import('../../../zoo/index.js');
  const cacheDir = backbonesFolder(envFor(options).cacheDir);
  const network = await readNetwork(requestOf(path, options));
  const answers = await askInput(context, network, options);
  const { card, preprocessing, assumed } = await addNetwork(network, cacheDir, answers);
  const { taps } = await installOne(context, card.id, options).catch(async (error: unknown) => {
    await removeLocalCard(cacheDir, card.id); // a network that cannot be used is none of the zoo's
    throw error;
  });
  const { id, input } = card;
  if (options.json) return context.output.printJson({ id, input, preprocessing, assumed, taps });
  context.output.print(`${id} is in the zoo: ${taps.length} depths to cut at.`);
  if (preprocessing !== null) context.output.print(`Preprocessing as ${preprocessing} says.`);
  if (assumed.length > 0)
    context.output.print(
      `Nobody stated ${assumed.join(', ')}: common values were taken. Wrong ones cost accuracy; see "graft zoo add --help".`,
    );
}

function requestOf(path: string, options: AddOptions): AddRequest {
  const { id, title, licence } = options;
  const said = INPUT_SETTINGS.map(({ name }) => options[name] ?? {});
  return { path, id, title, licence, input: Object.assign({}, ...said) as InputHints };
}

/** On a terminal, the person is asked for what nobody stated; elsewhere nothing is. */
async function askInput(
  { keyboard, output, signal }: CliContext,
  { id, hints }: ReadNetwork,
  { json, yes }: AddOptions,
): Promise<InputHints> {
  const { COMMON_INPUT, notStated } = await import('../../../zoo/index.js');
  const settings = settingsOf(notStated(hints));
  const atTerminal = keyboard?.isTTY === true && output.stderr.isTTY === true;
  if (!atTerminal || json || yes || settings.length === 0) return {};
  output.note(`Nobody stated how pictures are prepared for ${id}; wrong values cost accuracy.`);
  output.note('Enter alone takes the common value in brackets.');
  const questions = settings.map((setting) => ({
    ...setting,
    text: `${setting.name}: ${setting.says}`,
    usual: writeSetting(setting, COMMON_INPUT),
  }));
  const onBreak =
    'Nothing was added. With --yes, common values are taken without asking, but for a size that the network leaves open: --size says it.';
  const answers = await ask(questions, { input: keyboard, output: output.stderr, signal, onBreak });
  return Object.assign({}, ...answers) as InputHints;
}

async function bench(context: CliContext, id: string | undefined, options: DataOptions): Promise<void> {
  const { benchZoo } = await import('../../training/zoo-bench.js');
  const rows = await benchZoo(envFor(options), id);
  if (options.json) return context.output.printJson(rows);
  const columns: readonly Column[] = [
    { title: 'backbone' },
    { title: 'taps', align: 'right' },
    { title: 'weights', align: 'right' },
    { title: 'ms a picture', align: 'right' },
    { title: 'ms half-way', align: 'right' },
  ];
  const cells = rows.map((one) => [
    one.id,
    String(one.taps),
    `${(one.params / 1e6).toFixed(1)} M`,
    one.latencyMs.toFixed(1),
    one.halfLatencyMs.toFixed(1),
  ]);
  context.output.print(renderTable(columns, cells));
  if (rows.length === 0) context.output.print('No backbone is installed yet: "graft zoo pull <id>" does it.');
}

async function remove(context: CliContext, id: string, options: DataOptions): Promise<void> {
  const { backbonesFolder, removeLocalCard } = await import('../../../zoo/index.js');
  const { openZoo } = await import('../../training/zoo.js');
  const { dropBackbone } = await import('../../training/zoo-pull.js');
  const env = envFor(options);
  const { entries } = await openZoo(env);
  const own = entries.some(({ card, source }) => card.id === id && source === 'local');
  const installed = await dropBackbone(env, id);
  if (own) await removeLocalCard(backbonesFolder(env.cacheDir), id);
  if (options.json) return context.output.printJson({ id, removed: installed || own });
  if (own) return context.output.print(`${id} is not in the zoo any more.`);
  context.output.print(installed ? `${id} is out of the cache; its card stays.` : `${id} was not installed.`);
}
