import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Option, type Command } from 'commander';
import { categoryKey } from '../../dataset/split/check-categories.js';
import { EXPORT_FORMATS, type ExportFormat } from '../../dataset/versions/formats.js';
import { labelFiles } from '../../dataset/versions/label-files.js';
import type { DatasetDiffView, DatasetView, ProjectView } from '../../http/api.js';
import { noteList } from '../begin-run.js';
import type { GraftClient } from '../client.js';
import { envFor, withService, type CliContext, type DataOptions } from '../context.js';
import { usageError } from '../errors.js';
import { plural, printable } from '../render/format.js';
import { renderTable } from '../render/table.js';
import { uploadPictures } from '../upload/upload.js';
import { walkFolder, type FoundFile } from '../walk.js';
import { withDataFolder, withJson } from './shared.js';

interface ExportOptions extends DataOptions {
  format: ExportFormat;
  out: string;
}

const VERSION_CELLS = 12;
const short = (version: string): string => version.slice(0, VERSION_CELLS);

/** `graft dataset`: frozen data sets. */
export function registerDataset(program: Command, context: CliContext): void {
  const group = program.command('dataset').description('frozen data sets: list, compare, export, import');
  const add = (name: string, description: string): Command =>
    withJson(withDataFolder(group.command(name).description(description)));
  add('list', 'the versions there are, newest first').action((options: DataOptions) =>
    list(context, options),
  );
  add('show', 'categories and parts of a version')
    .argument('<version>', 'its name, or the beginning of it')
    .action((version: string, options: DataOptions) => show(context, version, options));
  add('diff', 'what was added, removed and moved between two versions')
    .argument('<first>')
    .argument('<second>')
    .action((first: string, second: string, options: DataOptions) => diff(context, first, second, options));
  add('export', 'write a version out')
    .argument('<version>')
    .addOption(new Option('--format <format>', 'how').choices(EXPORT_FORMATS).default('folders'))
    .requiredOption('--out <path>', 'a folder for folders and hf, otherwise a file')
    .action((version: string, options: ExportOptions) => exportVersion(context, version, options));
  add('import', 'make a project of a folder, zip or tar of pictures; categories from folders or metadata')
    .argument('<path>')
    .action((path: string, options: DataOptions) => importDataset(context, path, options));
}

const ask = <T>(
  context: CliContext,
  options: DataOptions,
  work: (client: GraftClient) => Promise<T>,
): Promise<T> => withService(context, envFor(options), ({ client }) => work(client), { idle: true });

async function list(context: CliContext, options: DataOptions): Promise<void> {
  const all = await ask(context, options, (client) => client.datasets());
  if (options.json) return context.output.printJson(all);
  if (all.length === 0) return context.output.print('No data sets yet: npx graft build cat dog');
  const rows = all.map(({ version, pictures, categories, runs, createdAt }) => [
    short(version),
    String(pictures),
    printable(categories.map(({ name }) => name).join(', ')),
    runs.map(({ runId }) => runId.slice(0, 8)).join(', '),
    createdAt.slice(0, 16).replace('T', ' '),
  ]);
  const columns = ['version', 'pictures', 'categories', 'runs', 'made (UTC)'].map((title) => ({ title }));
  context.output.print(renderTable(columns, rows));
}

/** @throws CliError when none or several match */
async function findVersion(client: GraftClient, start: string): Promise<DatasetView> {
  const matches = (await client.datasets()).filter(({ version }) => version.startsWith(start.toLowerCase()));
  const [match] = matches;
  if (match && matches.length === 1) return match;
  const message = match ? `Several versions begin with ${start}.` : `There is no data set version ${start}.`;
  throw usageError(
    match ? 'ambiguous-version' : 'not-found',
    message,
    '`npx graft dataset list` lists them.',
  );
}

async function show(context: CliContext, start: string, options: DataOptions): Promise<void> {
  const view = await ask(context, options, (client) => findVersion(client, start));
  if (options.json) return context.output.printJson(view);
  const columns = [
    { title: 'category' },
    ...['train', 'validation', 'test'].map((title) => ({ title, align: 'right' as const })),
  ];
  const rows = view.categories.map(({ name, train, validation, test }) => [
    printable(name),
    ...[train, validation, test].map(String),
  ]);
  context.output.print(`Version ${view.version}\n\n${renderTable(columns, rows)}`);
}

async function diff(context: CliContext, first: string, second: string, options: DataOptions): Promise<void> {
  const changes = await ask(context, options, async (client) => {
    const [a, b] = [await findVersion(client, first), await findVersion(client, second)];
    return client.datasetDiff(a.version, b.version);
  });
  if (options.json) return context.output.printJson(changes);
  context.output.print(renderDiff(changes));
}

/** One line a picture: `+` added, `-` removed, `>` moved. */
export function renderDiff({ added, removed, moved }: DatasetDiffView): string {
  const place = ({ category, part }: { category: string; part: string }): string => `${category} (${part})`;
  const lines = [
    ...added.map((one) => `+ ${short(one.sha256)} ${place(one)}`),
    ...removed.map((one) => `- ${short(one.sha256)} ${place(one)}`),
    ...moved.map(({ sha256, from, to }) => `> ${short(sha256)} ${place(from)} to ${place(to)}`),
  ];
  const summary = `${added.length} added, ${removed.length} removed, ${moved.length} moved.`;
  return [...lines, summary].map(printable).join('\n');
}

async function exportVersion(context: CliContext, start: string, options: ExportOptions): Promise<void> {
  const out = resolve(options.out);
  const isFolder = options.format === 'folders' || options.format === 'hf';
  if (isFolder) await requireEmpty(out);
  const version = await ask(context, options, async (client) => {
    const { version } = await findVersion(client, start);
    const stream = Readable.fromWeb((await client.exportDataset(version, options.format)) as never);
    await mkdir(isFolder ? out : dirname(out), { recursive: true });
    if (isFolder) {
      const { writeFolders } = await import('../../dataset/versions/unpack.js');
      await writeFolders(stream, out);
    } else await pipeline(stream, createWriteStream(out));
    return version;
  });
  if (options.json) return context.output.printJson({ version, format: options.format, out });
  context.output.print(`Version ${short(version)} is in ${out}`);
}

/** An export never mixes with what is there. */
async function requireEmpty(folder: string): Promise<void> {
  const entries: string[] = await readdir(folder).catch(() => []);
  if (entries.length > 0)
    throw usageError(
      'not-empty',
      `${folder} holds something already.`,
      'Choose an empty or a new folder with --out.',
    );
}

interface Found {
  files: FoundFile[];
  skipped: string[];
}

async function importDataset(context: CliContext, path: string, options: DataOptions): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'graft-import-'));
  try {
    const { files, skipped } = await readSource(resolve(path), folder);
    const { byCategory, unlabelled } = await labelFiles(
      files.map((file) => ({ ...file, text: () => readFile(file.path, 'utf8') })),
    );
    if (byCategory.size < 2)
      throw usageError(
        'no-categories',
        `${path} has pictures of ${plural(byCategory.size, 'category', 'categories')}; two at least are needed.`,
        'Give a folder, zip or tar with one folder of pictures a category, a Hugging Face imagefolder, or a WebDataset tar.',
      );
    const result = await withService(context, envFor(options), async ({ client }, progress) => {
      noteList(progress, 'Left out', [...skipped, ...unlabelled.map((name) => `${name} (no category)`)]);
      return send(client, byCategory);
    });
    if (options.json) return context.output.printJson(result);
    const { project, accepted } = result;
    context.output.print(
      `Project ${project.id}: ${plural(accepted, 'picture')} in ${plural(project.categories.length, 'category', 'categories')}.`,
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readSource(path: string, folder: string): Promise<Found> {
  const facts = await stat(path).catch(() => null);
  if (!facts) throw usageError('no-such-path', `${path} does not exist.`, 'Give a folder, a zip or a tar.');
  if (facts.isDirectory()) {
    const { files, skipped } = await walkFolder(path);
    return { files, skipped: skipped.map(({ path: name, reason }) => `${name} (${reason})`) };
  }
  if (path.toLowerCase().endsWith('.csv'))
    throw usageError(
      'no-pictures',
      `${path} lists where pictures are, and holds none.`,
      `Fetch them again with \`npx graft build --urls ${path}\`, or import a version exported as folders, zip, webdataset or hf.`,
    );
  const { unpackTar, unpackZip } = await import('../../dataset/versions/unpack.js');
  const unpack = path.toLowerCase().endsWith('.zip') ? unpackZip : unpackTar;
  const { files, skipped } = await unpack(path, folder).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw usageError('bad-archive', `${path} cannot be unpacked: ${why}`, 'Give a folder, a zip or a tar.');
  });
  return { files, skipped: skipped.map(({ name, reason }) => `${name} (${reason})`) };
}

async function send(
  client: GraftClient,
  byCategory: ReadonlyMap<string, FoundFile[]>,
): Promise<{ project: ProjectView; accepted: number }> {
  const project = await client.createProject({ categories: [...byCategory.keys()].sort() });
  const pictures = new Map([...byCategory].map(([name, files]) => [categoryKey(name), files]));
  const { accepted } = await uploadPictures({ client, project, pictures, onProgress: () => undefined });
  return { project: await client.project(project.id), accepted };
}
