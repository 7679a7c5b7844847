import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { ChecksumError, GraphError, MissingWeightsError } from '../errors.js';
import type { LayersModelJson } from '../graph/convert/layers-model.js';
import type { LayersModelSource } from './card.js';

const require = createRequire(import.meta.url);

const MODEL_FILE = 'model.min.js';
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

interface SourceFile {
  readonly name: string;
  readonly bytes: Buffer;
}

async function readFiles(source: LayersModelSource): Promise<{ folder: string; files: SourceFile[] }> {
  const folder = path.join(await packageRoot(source.packageName), source.packageFolder);
  const names = await readdir(folder).catch((): string[] => []);
  const shardNumber = (name: string): number => Number(SHARD_FILE.exec(name)?.[2] ?? 0);
  const shards = names
    .filter((name) => SHARD_FILE.test(name))
    .sort((a, b) => shardNumber(a) - shardNumber(b));
  if (!names.includes(MODEL_FILE) || shards.length === 0) {
    throw new MissingWeightsError(`There are no weights at ${folder}; run "npm ci" to restore the package.`);
  }
  const read = async (name: string): Promise<SourceFile> => ({
    name,
    bytes: await readFile(path.join(folder, name)),
  });
  return { folder, files: await Promise.all([MODEL_FILE, ...shards].map(read)) };
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

/** A layers model as read from a package. */
export interface LayersModelFiles {
  readonly json: LayersModelJson;
  /** All weight shards, joined in the order of the manifest. */
  readonly shards: Uint8Array;
}

/**
 * Reads a layers model from an installed package, if its files are the ones the card describes.
 *
 * @throws MissingWeightsError when the package or its files are not there; ChecksumError when they are different ones.
 */
export async function readLayersModel(source: LayersModelSource): Promise<LayersModelFiles> {
  const { folder, files } = await readFiles(source);
  const hash = createHash('sha256');
  for (const file of files) hash.update(file.bytes);
  const sha256 = hash.digest('hex');
  if (sha256 !== source.sha256) throw new ChecksumError(folder, source.sha256, sha256);
  const [model, ...shardFiles] = files as [SourceFile, ...SourceFile[]];
  const json = bundleExport(model) as LayersModelJson;
  const shards = new Map(shardFiles.map((file) => [SHARD_FILE.exec(file.name)?.[1], file]));
  const parts = json.weightsManifest
    .flatMap((group) => group.paths)
    .map((name) => {
      const shard = shards.get(name);
      if (!shard) throw new GraphError(`The model at ${folder} names a shard "${name}" that is not there.`);
      return Buffer.from(String(bundleExport(shard)), 'base64');
    });
  return { json, shards: Buffer.concat(parts) };
}
