import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import type { OpenPackage } from '../../../zoo/index.js';
import type { CliContext } from '../context.js';
import { CliError, EXIT, usageError } from '../errors.js';
import { parseCount } from '../options.js';
import { percent } from '../render/format.js';
import { renderTable } from '../render/table.js';
import { walkFolder } from '../walk.js';
import { withJson } from './shared.js';

interface Options {
  package: string;
  text?: string[];
  top?: number;
  heatmap?: string;
  json?: boolean;
}

interface Predicted {
  file: string;
  label: string;
  confidence: number;
  probabilities: Record<string, number>;
  unknown: boolean;
  /** Path of the heat map, where one was asked for. */
  heatmap?: string;
}

interface Failed {
  file: string;
  error: { code: string; message: string };
}

type Outcome = Predicted | Failed;

const DEFAULT_TOP = 3;

/** `graft predict`: needs a package and nothing else, neither service nor database. */
export function registerPredict(program: Command, context: CliContext): void {
  const command = program
    .command('predict')
    .description('say what pictures or texts are, with a packaged model')
    .requiredOption('--package <dir>', 'folder of the package (`graft build --out DIR` makes one)')
    .argument('[file...]', 'picture or text files, or folders of them')
    .option('--text <text>', 'a text; may be repeated', (text: string, before: string[] = []) => [
      ...before,
      text,
    ])
    .option(
      '--top <n>',
      `list the n most probable labels (default: ${DEFAULT_TOP}; with --json all)`,
      parseCount,
    )
    .option('--heatmap <dir>', 'also draw where each picture was decided, as PNG files in this folder');
  withJson(command).action((images: string[], options: Options) => predict(context, images, options));
}

async function predict(context: CliContext, images: readonly string[], options: Options): Promise<void> {
  await requirePackage(options.package);
  const texts = (options.text ?? []).map((text): Item => ({
    file: text,
    read: () => Promise.resolve(Buffer.from(text)),
  }));
  const items = [...(await Promise.all(images.map(filesOf))).flat().map(itemOf), ...texts];
  if (items.length === 0)
    throw usageError('nothing-to-predict', 'Nothing is given to predict.', 'Name files, or give a --text.');
  const { openPackage, takesText } = await import('../../../zoo/index.js');
  const model = await openPackage(resolve(options.package));
  if (texts.length > 0 && !takesText(model.manifest.input)) {
    await model.close();
    throw usageError(
      'not-for-texts',
      `${options.package} takes pictures.`,
      'Name picture files instead of --text.',
    );
  }
  const outcomes: Outcome[] = [];
  try {
    for (const item of items) {
      context.signal.throwIfAborted();
      const top = options.json ? options.top : (options.top ?? DEFAULT_TOP);
      outcomes.push(await predictOne(model, item, { ...options, top, number: outcomes.length + 1 }));
    }
  } finally {
    await model.close();
  }
  if (options.json) context.output.printJson(outcomes);
  else context.output.print(renderOutcomes(outcomes));
  const failed = outcomes.filter((outcome) => 'error' in outcome).length;
  if (failed > 0) throw new PicturesFailedError(failed, outcomes.length);
}

/** The answer has been printed already: only the exit code is left to set. */
export class PicturesFailedError extends CliError {
  constructor(failed: number, all: number) {
    super({
      code: 'pictures-failed',
      message: `${failed} of ${all} items could not be predicted.`,
      exitCode: EXIT.failed,
    });
  }
}

/** @throws CliError when the folder holds no package */
export async function requirePackage(dir: string): Promise<void> {
  const facts = await stat(join(dir, 'manifest.json')).catch(() => null);
  if (facts?.isFile()) return;
  throw usageError(
    'not-a-package',
    `${dir} holds no package: manifest.json is missing.`,
    'Give the folder that `graft build` named under "Package", or make one with `graft build ... --out DIR`.',
  );
}

/** A folder stands for the files in it. A path that doesn't exist is reported when it's read. */
async function filesOf(path: string): Promise<string[]> {
  const facts = await stat(path).catch(() => null);
  if (!facts?.isDirectory()) return [path];
  return (await walkFolder(path)).files.map((file) => file.path);
}

interface FileOptions {
  readonly top: number | undefined;
  readonly heatmap?: string;
  /** Position of the file: names of heat maps must differ. */
  readonly number: number;
}

/** What is to be predicted, and what it is called in the answer. */
interface Item {
  readonly file: string;
  readonly read: () => Promise<Uint8Array>;
}

const itemOf = (file: string): Item => ({ file, read: () => readFile(file) });

async function predictOne(model: OpenPackage, { file, read }: Item, options: FileOptions): Promise<Outcome> {
  try {
    const bytes = await read();
    const [prediction] = await model.predict([bytes]);
    if (!prediction) throw new Error('The model gave no answer.');
    const { label, confidence, probabilities, unknown } = prediction;
    const outcome = {
      file,
      label,
      confidence,
      probabilities: mostProbable(probabilities, options.top),
      unknown,
    };
    if (options.heatmap === undefined) return outcome;
    return {
      ...outcome,
      heatmap: await drawHeat(model, bytes, file, { ...options, folder: options.heatmap }),
    };
  } catch (error) {
    return { file, error: failureOf(error) };
  }
}

async function drawHeat(
  model: OpenPackage,
  bytes: Uint8Array,
  file: string,
  { folder, number }: FileOptions & { folder: string },
): Promise<string> {
  const { overlayHeat, pictureSpec } = await import('../../../zoo/index.js');
  const png = await overlayHeat(bytes, pictureSpec(model.manifest), await model.explain(bytes));
  await mkdir(folder, { recursive: true });
  const target = join(folder, `${number}-${basename(file)}.heatmap.png`);
  await writeFile(target, png);
  return target;
}

function failureOf(error: unknown): Failed['error'] {
  const { reason, code, message } = error as { reason?: unknown; code?: unknown; message?: unknown };
  const name = [reason, code].find((value): value is string => typeof value === 'string');
  return { code: name ?? 'internal', message: String(message ?? error) };
}

function mostProbable(probabilities: Readonly<Record<string, number>>, top?: number): Record<string, number> {
  const order = Object.entries(probabilities).sort(([, a], [, b]) => b - a);
  return Object.fromEntries(order.slice(0, top ?? order.length));
}

export function renderOutcomes(outcomes: readonly Outcome[]): string {
  const columns = [
    { title: 'file' },
    { title: 'label' },
    { title: 'confidence', align: 'right' as const },
    { title: 'probabilities' },
  ];
  return renderTable(columns, outcomes.map(outcomeRow));
}

function outcomeRow(outcome: Outcome): string[] {
  if ('error' in outcome) return [outcome.file, 'error', '', outcome.error.message];
  const list = Object.entries(outcome.probabilities).map(([label, share]) => `${label} ${percent(share)}`);
  const label = outcome.unknown ? `unknown (${outcome.label}?)` : outcome.label;
  return [outcome.file, label, percent(outcome.confidence), list.join(', ')];
}
