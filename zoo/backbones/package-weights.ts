import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { ChecksumError, GraphError, MissingWeightsError } from '../errors.js';
import type { WeightsManifest } from '../graph/convert/weights.js';
import type { GraphModelSource, LayersModelSource } from './card.js';

type Source = LayersModelSource | GraphModelSource;

const require = createRequire(import.meta.url);

const BUNDLE_FILE = 'model.min.js';
const SHARD_FILE = /^(.+-shard(\d+)of\d+)\.min\.js$/;

/** The folder of an installed package. Its `exports` may hide its package.json, so its entry is found and walked up from. */
async function packageRoot(name: string): Promise<string> {
  let folder: string;
  try {
    folder = path.dirname(require.resolve(name));
  } catch (error) {
    const hint = `Package "${name}" is not installed; run "npm ci".`;
    throw new MissingWeightsError(hint, { cause: error });
  }
  for (; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const manifest = await readFile(path.join(folder, 'package.json'), 'utf8').catch(() => '{}');
    if ((JSON.parse(manifest) as { name?: string }).name === name) return folder;
  }
  throw new MissingWeightsError(`Package "${name}" was found, but not its package.json; run "npm ci".`);
}

/** The contents of a `model.json` of either format. */
export interface ModelJson {
  readonly modelTopology: unknown;
  readonly weightsManifest: WeightsManifest;
}

/** A model of TensorFlow.js as it is stored. */
export interface ModelFiles {
  readonly json: ModelJson;
  /** All weight shards, joined in the order of the manifest. */
  readonly shards: Uint8Array;
}

interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** How the files of a model are told apart from what else lies there, and what is in them. */
interface Form {
  /** The model file first, then the weights in their order. */
  files(folder: string): Promise<SourceFile[]>;
  open(files: readonly SourceFile[], folder: string): ModelFiles;
}

function missing(folder: string): MissingWeightsError {
  return new MissingWeightsError(`There are no weights at ${folder}; run "npm ci" to restore the package.`);
}

async function readOne(folder: string, name: string): Promise<SourceFile> {
  const bytes = await readFile(path.join(folder, name)).catch(() => {
    throw missing(path.join(folder, name));
  });
  return { name, bytes };
}

/** Joins the shards a manifest names. */
function joinShards(
  { weightsManifest }: ModelJson,
  read: (name: string) => Buffer | undefined,
  folder: string,
): Buffer {
  const names = weightsManifest.flatMap((group) => group.paths);
  const parts = names.map((name) => {
    const shard = read(name);
    if (!shard) throw new GraphError(`The model at ${folder} names a shard "${name}" that is not there.`);
    return shard;
  });
  return Buffer.concat(parts);
}

/**
 * What a CommonJS bundle exports. The bundles hold nothing but a literal; they are run in an empty context of their own,
 * after the checksum was compared, and the result is carried over as JSON.
 */
function bundleExport(file: SourceFile): unknown {
  const sandbox = { exports: {}, module: { exports: {} as unknown } };
  vm.runInNewContext(file.bytes.toString('utf8'), sandbox, { filename: file.name, timeout: 30_000 });
  return JSON.parse(JSON.stringify(sandbox.module.exports));
}

/** Modules for bundlers: `model.min.js` exports the model file, each `*-shardNofM.min.js` base64 text. */
const bundle: Form = {
  async files(folder) {
    const names = await readdir(folder).catch((): string[] => []);
    const shardNumber = (name: string): number => Number(SHARD_FILE.exec(name)?.[2] ?? 0);
    const shards = names
      .filter((name) => SHARD_FILE.test(name))
      .sort((a, b) => shardNumber(a) - shardNumber(b));
    if (!names.includes(BUNDLE_FILE) || shards.length === 0) throw missing(folder);
    return Promise.all([BUNDLE_FILE, ...shards].map((name) => readOne(folder, name)));
  },
  open(files, folder) {
    const [model, ...shardFiles] = files as [SourceFile, ...SourceFile[]];
    const json = bundleExport(model) as ModelJson;
    const shards = new Map(shardFiles.map((file) => [SHARD_FILE.exec(file.name)?.[1], file]));
    const read = (name: string): Buffer | undefined => {
      const shard = shards.get(name);
      return shard && Buffer.from(String(bundleExport(shard)), 'base64');
    };
    return { json, shards: joinShards(json, read, folder) };
  },
};

/** A `model.json` with its weights beside it, as TensorFlow.js writes and loads it. */
const plain = (modelFile: string): Form => ({
  async files(folder) {
    const model = await readOne(folder, modelFile);
    const { weightsManifest } = parseJson(model) as ModelJson;
    const names = weightsManifest.flatMap((group) => group.paths).map((name) => path.basename(name));
    return [model, ...(await Promise.all(names.map((name) => readOne(folder, name))))];
  },
  open(files, folder) {
    const [model, ...shards] = files as [SourceFile, ...SourceFile[]];
    const json = parseJson(model) as ModelJson;
    const read = (name: string): Buffer | undefined =>
      shards.find((file) => file.name === path.basename(name))?.bytes;
    return { json, shards: joinShards(json, read, folder) };
  },
});

function parseJson({ name, bytes }: SourceFile): unknown {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new GraphError(`${name} is no JSON.`, { cause: error });
  }
  if (Array.isArray((json as Partial<ModelJson> | null)?.weightsManifest)) return json;
  throw new GraphError(`${name} is no TensorFlow.js model: it has no "weightsManifest".`);
}

/**
 * Reads a model of TensorFlow.js, layers or graph, from a folder.
 *
 * @throws MissingWeightsError when files are not there; GraphError when they are something else.
 */
export async function readModelFolder(folder: string, modelFile: string): Promise<ModelFiles> {
  const form = plain(modelFile);
  return form.open(await form.files(folder), folder);
}

/**
 * Reads a model of TensorFlow.js from an installed package, if its files are the ones the card describes.
 *
 * @throws MissingWeightsError when the package or its files are not there; ChecksumError when they are different ones.
 */
export async function readPackagedModel(source: Source): Promise<ModelFiles> {
  const folder = path.join(await packageRoot(source.packageName), source.packageFolder);
  const form = source.modelFile === undefined ? bundle : plain(source.modelFile);
  const files = await form.files(folder);
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.bytes);
  const sha256 = hash.digest('hex');
  if (sha256 !== source.sha256) throw new ChecksumError(folder, source.sha256, sha256);
  return form.open(files, folder);
}
