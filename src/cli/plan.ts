import { access, constants, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readEnv } from '../config/env.js';
import { runSettingsSchema, type RunSettings } from '../config/settings.js';
import type { UrlRow } from '../http/api.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import { MIN_GROUPS_PER_CATEGORY } from '../dataset/split/split-by-group.js';
import { joinCategories } from './categories.js';
import { usageError } from './errors.js';
import { refuseStrangePhrases, type Phrases } from './phrases.js';
import { plural } from './render/format.js';
import { NO_LIST, readUrlList } from './url-list.js';
import { fitsUpload } from './upload/batches.js';
import { walkFolder, type FoundFile, type Walk } from './walk.js';

export interface BuildOptions {
  provider?: string[];
  images?: number;
  from?: string;
  budget?: number;
  trials?: number;
  maxBackbones?: number;
  /** Left out: several backbones together only where that clearly pays. */
  ensemble?: boolean;
  augment?: boolean;
  maxLatency?: number;
  maxSize?: number;
  seed?: number;
  backbone?: string[];
  urls?: string;
  licence?: RunSettings['licence'];
  safety?: RunSettings['safety'];
  /** Limits of the stage inspect that are not to be the default. */
  inspect?: Partial<RunSettings['inspect']>;
  synonym?: Phrases;
  query?: Phrases;
  /** False with `--plain-queries`. */
  morePhrasings?: boolean;
}

/** What a build is going to do, checked before anything long begins. */
export interface BuildPlan {
  categories: string[];
  settings: RunSettings;
  /** Own pictures to send, by `categoryKey`. */
  pictures: ReadonlyMap<string, readonly FoundFile[]>;
  /** Listed addresses to send. */
  urls: readonly UrlRow[];
  /** What was left out of the folder and the list, and why. */
  leftOut: string[];
}

interface OwnPictures {
  /** Names of the category folders, sorted. */
  folders: string[];
  walks: Map<string, Walk>;
  looseFiles: number;
}

/** What a person brings instead of having it searched. */
type OwnFiles = Pick<BuildPlan, 'pictures' | 'urls'>;

const NO_PICTURES: OwnPictures = { folders: [], walks: new Map(), looseFiles: 0 };

/** @throws CliError (exit code 2) saying what is needed */
export async function planBuild(named: readonly string[], options: BuildOptions): Promise<BuildPlan> {
  const own = options.from === undefined ? NO_PICTURES : await readOwnPictures(options.from);
  const list = options.urls === undefined ? NO_LIST : await readUrlList(options.urls);
  const categories = joinCategories(
    named,
    own.folders,
    list.rows.map((row) => row.category),
  );
  const providers = options.provider ?? [];
  await checkNames(providers, options.backbone ?? []);
  const pictures = new Map([...own.walks].map(([key, { files }]) => [key, files.filter(fitsUpload)]));
  const places = [options.from, options.urls].filter((place) => place !== undefined);
  if (places.length > 0 && providers.length === 0)
    requirePictures(categories, { pictures, urls: list.rows }, places.join(' and '));
  refuseStrangePhrases(categories, { synonym: options.synonym, query: options.query });
  const settings = runSettingsSchema.parse({
    providers,
    imagesPerCategory: options.images,
    maxBackbones: options.maxBackbones,
    ensemble: options.ensemble,
    augment: options.augment,
    ...limitsOf(options),
    seed: options.seed,
    backbones: options.backbone,
    licence: options.licence,
    safety: options.safety,
    inspect: options.inspect,
    synonyms: options.synonym,
    queries: options.query,
    morePhrasings: options.morePhrasings,
  });
  return { categories, settings, pictures, urls: list.rows, leftOut: [...leftOutOf(own), ...list.bad] };
}

/** Limits of the search, the same for pictures and texts. */
export const limitsOf = ({ budget, trials, maxLatency, maxSize }: BuildOptions) => ({
  budgetMs: budget,
  maxTrials: trials,
  maxLatencyMs: maxLatency,
  maxSizeMb: maxSize,
});

/** The libraries are loaded only when they're asked: they take a moment. */
async function checkNames(providerIds: readonly string[], backboneIds: readonly string[]): Promise<void> {
  if (providerIds.length > 0) {
    const { providers } = await import('../../crawlers/index.js');
    refuseUnknown('provider', providerIds, providers);
  }
  if (backboneIds.length > 0) {
    const { openZoo } = await import('../training/zoo.js');
    const { entries } = await openZoo(readEnv());
    refuseUnknown(
      'backbone',
      backboneIds,
      entries.map(({ card }) => card),
    );
  }
}

function refuseUnknown(what: string, ids: readonly string[], known: readonly { id: string }[]): void {
  const unknown = ids.filter((id) => !known.some((one) => one.id === id));
  if (unknown.length === 0) return;
  const list = known.map(({ id }) => id).join(', ');
  throw usageError(`unknown-${what}`, `There is no ${what} ${unknown.join(', ')}.`, `There are: ${list}.`);
}

async function readOwnPictures(from: string): Promise<OwnPictures> {
  const root = resolve(from);
  await requireFolder(root);
  const entries = (await readdir(root, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const folders = entries
    .filter((entry) => entry.isDirectory() && entry.name !== '__MACOSX')
    .map(({ name }) => name);
  if (folders.length === 0) throw noFolders(root, entries.length);
  folders.sort();
  const walks = new Map<string, Walk>();
  for (const folder of folders) walks.set(categoryKey(folder), await walkFolder(join(root, folder), root));
  return { folders, walks, looseFiles: entries.length - folders.length };
}

async function requireFolder(root: string): Promise<void> {
  const facts = await stat(root).catch(() => null);
  const fix = 'Give a folder that holds one folder of pictures a category: DIR/cat/*.jpg, DIR/dog/*.jpg';
  if (!facts) throw usageError('no-such-folder', `The folder ${root} does not exist.`, fix);
  if (!facts.isDirectory()) throw usageError('not-a-folder', `${root} is a file, not a folder.`, fix);
  await access(root, constants.R_OK | constants.X_OK).catch(() => {
    throw usageError(
      'unreadable-folder',
      `The folder ${root} may not be read by you.`,
      'Check its permissions.',
    );
  });
}

const noFolders = (root: string, files: number) =>
  usageError(
    'no-category-folders',
    files === 0
      ? `The folder ${root} is empty.`
      : `The folder ${root} holds ${plural(files, 'file')}, but no folders.`,
    'It needs one folder of pictures a category, named like the category: DIR/cat/*.jpg, DIR/dog/*.jpg',
  );

/** Own pictures only: every category needs enough of them. */
function requirePictures(categories: readonly string[], own: OwnFiles, from: string): void {
  const lacking = categories.filter((name) => countOf(name, own) < MIN_GROUPS_PER_CATEGORY);
  if (lacking.length === 0) return;
  const list = lacking.map((name) => `${name} has ${countOf(name, own) || 'none'}`).join(', ');
  throw usageError(
    'too-few-pictures',
    `Too few pictures in ${from}: ${list}. At least ${MIN_GROUPS_PER_CATEGORY} different pictures a category are needed; 30 or more give a useful model.`,
    'Add pictures, or have some searched as well with --provider (--provider gallery needs no internet).',
  );
}

/** A zip may hold any number of pictures: the service counts them. */
function countOf(name: string, { pictures, urls }: OwnFiles): number {
  const files = pictures.get(categoryKey(name)) ?? [];
  const listed = urls.filter((row) => categoryKey(row.category) === categoryKey(name)).length;
  return files.some((file) => file.name.toLowerCase().endsWith('.zip'))
    ? Number.POSITIVE_INFINITY
    : files.length + listed;
}

function leftOutOf({ walks, looseFiles }: OwnPictures): string[] {
  const all = [...walks.values()];
  const skipped = all.flatMap((walk) => walk.skipped);
  const tooLarge = all.flatMap(({ files }) => files).filter((file) => !fitsUpload(file));
  return [
    ...(looseFiles > 0 ? [`${plural(looseFiles, 'file')} beside the category folders`] : []),
    ...skipped.map(({ path, reason }) => `${path} (${reason})`),
    ...tooLarge.map(({ path }) => `${path} (too-large)`),
  ];
}
