import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readEnv } from '../../config/env.js';
import type { EmbedOptions } from '../../dataset/dedupe/embed.js';
import type { SecondLook } from '../../dataset/dedupe/group-duplicates.js';
import type { FolderPicture, FolderReport, RejectedFile } from '../../dataset/dedupe/dedupe-folder.js';
import { taskOf, type CliContext } from '../context.js';
import { usageError } from '../errors.js';
import { plural } from '../render/format.js';
import { createProgress } from '../render/progress.js';
import { renderTable } from '../render/table.js';
import { walkFolder, type Walk } from '../walk.js';
import { withJson } from './shared.js';

interface Options {
  embeddings?: boolean;
  json?: boolean;
}

/** `graft dedupe`: works on any folder of pictures; needs neither data folder nor service, and changes no file. */
export function registerDedupe(program: Command, context: CliContext): void {
  const command = program
    .command('dedupe')
    .description('find copies among the pictures of a folder, and which of each to keep; deletes nothing')
    .argument('<dir>', 'folder of pictures, with the folders in it')
    .option(
      '--embeddings',
      'also find crops, tilted, overwritten and brightened copies; several times slower',
    );
  withJson(command).action((dir: string, options: Options) => dedupe(context, dir, options));
}

async function dedupe(context: CliContext, dir: string, options: Options): Promise<void> {
  const folder = resolve(dir);
  if (!(await stat(folder).catch(() => null))?.isDirectory())
    throw usageError('not-found', `There is no folder ${dir}.`, 'Name a folder of pictures.');
  const walk = await walkFolder(folder);
  const found = await compare(context, walk, options);
  const { images, groups, rejected } = found;
  tellRejected(context, [...rejected, ...skippedFiles(walk, folder)], options.json ?? false);
  if (options.json) context.output.printJson({ images, groups });
  else context.output.print(render(found));
}

const skippedFiles = (walk: Walk, folder: string): RejectedFile[] =>
  walk.skipped.map(({ path, reason }) => ({
    file: path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : path,
    reason,
    detail: 'not read',
  }));

async function compare(context: CliContext, walk: Walk, options: Options): Promise<FolderReport> {
  const { dedupeFolder } = await import('../../dataset/dedupe/dedupe-folder.js');
  const progress = createProgress(context.output.stderr);
  const show = (id: string) => (done: number, total: number) =>
    progress.update([taskOf(id, done < total ? 'running' : 'done', { done, total })]);
  try {
    const lookAgain = (pictures: readonly FolderPicture[]): Promise<SecondLook> =>
      secondLook(pictures, { cacheDir: backbonesCache(), signal: context.signal, onProgress: show('embed') });
    return await dedupeFolder(
      walk.files.map(({ name, path }) => ({ file: name, path })),
      { signal: context.signal, onProgress: show('read'), ...(options.embeddings ? { lookAgain } : {}) },
    );
  } finally {
    progress.close();
  }
}

async function secondLook(pictures: readonly FolderPicture[], options: EmbedOptions): Promise<SecondLook> {
  const { embedPictures } = await import('../../dataset/dedupe/embed.js');
  const { createSecondLook } = await import('../../dataset/dedupe/second-look.js');
  const distinct = new Map<string, FolderPicture>();
  for (const picture of [...pictures].sort((a, b) => (a.file < b.file ? -1 : 1)))
    if (!distinct.has(picture.measures.sha256)) distinct.set(picture.measures.sha256, picture);
  const wanted = [...distinct.values()].map(({ file, path }) => ({ id: file, read: () => readFile(path) }));
  return createSecondLook(await embedPictures(wanted, options));
}

/** The converted backbone: where a data folder or the environment says, else in the home folder, so that none is made here. */
function backbonesCache(): string {
  const { dataDir, cacheDir } = readEnv();
  const chosen = cacheDir !== join(dataDir, 'cache') || existsSync(dataDir);
  return join(chosen ? cacheDir : join(homedir(), '.cache', 'graft'), 'backbones');
}

const TOLD_REJECTED = 20;

function tellRejected({ output }: CliContext, rejected: readonly RejectedFile[], all: boolean): void {
  const told = all ? rejected : rejected.slice(0, TOLD_REJECTED);
  for (const { file, reason, detail } of told) output.note(`Left out: ${file}: ${reason} (${detail})`);
  const more = rejected.length - told.length;
  if (more > 0) output.note(`Left out: ${plural(more, 'more file')}; --json names all on standard error.`);
}

function render({ images, groups }: FolderReport): string {
  const copies = groups.reduce((sum, { members }) => sum + members.length, 0);
  const summary = `${plural(images, 'picture')}, ${plural(copies, 'copy', 'copies')} of ${plural(groups.length, 'picture')}.`;
  if (groups.length === 0) return summary;
  const rows = groups.flatMap(({ keeper, members }) =>
    members.map(({ file, kind, distance }, i) => [i === 0 ? keeper : '', file, kind, distanceText(distance)]),
  );
  const columns = [
    { title: 'keep' },
    { title: 'copy' },
    { title: 'kind' },
    { title: 'distance', align: 'right' as const },
  ];
  return `${renderTable(columns, rows)}\n\n${summary}`;
}

const distanceText = (distance: number): string =>
  Number.isInteger(distance) ? String(distance) : distance.toFixed(3);
