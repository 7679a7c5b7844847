import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChecksumError, MissingWeightsError } from '../errors.js';
import { convertGraphModel } from '../graph/convert/convert-graph-model.js';
import { convertLayersModel } from '../graph/convert/convert-layers-model.js';
import type { GraphModelJson } from '../graph/convert/graph-model.js';
import { inputDims } from '../graph/image-input.js';
import { measureShapes } from '../graph/measure.js';
import type { Model } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { sortNodes, structureOf } from '../graph/structure.js';
import type { Tap } from '../graph/taps.js';
import { findTaps, tapsAt } from '../graph/taps.js';
import type { BackboneCard, InstalledBackbone, OnnxFileSource } from './card.js';
import { readPackagedModel } from './package-weights.js';

/** Changes when converters or tap finding could give something else for the same weights. */
const CONVERSION_VERSION = 1;

const MODEL_FILE = 'model.onnx';
const FACTS_FILE = 'backbone.json';

/** Steps of an installation, in order; `ready` is told for a backbone that was there already, too. */
export type InstallStage = 'read' | 'convert' | 'find-taps' | 'write' | 'ready';

/** What is kept beside the model: all that need not be computed again. */
interface Facts {
  readonly version: number;
  readonly sha256: string;
  readonly input: string;
  readonly taps: readonly Tap[];
}

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Taps depend on the input size and on the card's own list, so both are part of what is kept. */
const inputKey = (card: BackboneCard): string => JSON.stringify([card.input, card.taps ?? null]);

async function readOnnxFile(source: OnnxFileSource): Promise<Model> {
  const bytes = await readFile(source.path).catch((error: unknown) => {
    throw new MissingWeightsError(`There are no weights at ${source.path}.`, { cause: error });
  });
  const sha256 = sha256Of(bytes);
  if (sha256 !== source.sha256) throw new ChecksumError(source.path, source.sha256, sha256);
  return readModel(bytes);
}

async function readNetwork(card: BackboneCard, tell: (stage: InstallStage) => void): Promise<Model> {
  tell('read');
  if (card.weights.kind === 'onnx-file') return sortNodes(await readOnnxFile(card.weights));
  const { json, shards } = await readPackagedModel(card.weights);
  tell('convert');
  if (card.weights.kind === 'tfjs-layers') return convertLayersModel(json, shards).model;
  const { inputNode, outputNode } = card.weights;
  const { height, width } = card.input;
  const outputs = outputNode === undefined ? undefined : [outputNode];
  return convertGraphModel(json as GraphModelJson, shards, { height, width, input: inputNode, outputs })
    .model;
}

async function locateTaps(card: BackboneCard, model: Model): Promise<Tap[]> {
  const structure = structureOf(model);
  const shapes = await measureShapes(structure, inputDims(card.input, 1));
  return card.taps ? tapsAt(structure, shapes, card.taps) : findTaps(structure, shapes);
}

/** What lies in a folder, if it is whole and made by this version for this card; anything else is made anew. */
async function readInstalled(folder: string, card: BackboneCard): Promise<InstalledBackbone | null> {
  const modelPath = path.join(folder, MODEL_FILE);
  try {
    const facts = JSON.parse(await readFile(path.join(folder, FACTS_FILE), 'utf8')) as Facts;
    if (facts.version !== CONVERSION_VERSION || facts.input !== inputKey(card)) return null;
    if (sha256Of(await readFile(modelPath)) !== facts.sha256) return null;
    return { card, modelPath, taps: facts.taps, sha256: facts.sha256 };
  } catch {
    return null;
  }
}

/** Puts a finished folder in place. Another process may have been faster: then its folder, being equal, stays. */
async function moveInPlace(made: string, folder: string, card: BackboneCard): Promise<void> {
  const move = (): Promise<void> => rename(made, folder);
  await move().catch(async () => {
    if (await readInstalled(folder, card)) return;
    await rm(folder, { recursive: true, force: true });
    await move();
  });
}

async function build(card: BackboneCard, made: string, tell: (stage: InstallStage) => void): Promise<void> {
  const model = await readNetwork(card, tell);
  tell('find-taps');
  const taps = await locateTaps(card, model);
  tell('write');
  const bytes = writeModel(model);
  const facts: Facts = { version: CONVERSION_VERSION, sha256: sha256Of(bytes), input: inputKey(card), taps };
  await writeFile(path.join(made, MODEL_FILE), bytes);
  await writeFile(path.join(made, FACTS_FILE), JSON.stringify(facts));
}

const folderOf = (card: BackboneCard, cacheDir: string): string =>
  path.join(cacheDir, `${card.id}-${card.weights.sha256.slice(0, 16)}`);

/** The backbone as `installBackbone` has left it in `cacheDir`, or null when it has not been made ready yet. */
export function findInstalled(card: BackboneCard, cacheDir: string): Promise<InstalledBackbone | null> {
  return readInstalled(folderOf(card, cacheDir), card);
}

/**
 * Makes a backbone ready: reads its weights, compares the checksum, converts them into ONNX and finds the taps. Done once;
 * later calls find the result in `cacheDir`. Safe to call from several processes at a time, and to interrupt.
 *
 * @throws MissingWeightsError, ChecksumError, UnsupportedLayerError, GraphError; each says what to do.
 */
export async function installBackbone(
  card: BackboneCard,
  cacheDir: string,
  onProgress: (stage: InstallStage) => void = () => undefined,
): Promise<InstalledBackbone> {
  const folder = folderOf(card, cacheDir);
  const there = await readInstalled(folder, card);
  if (!there) {
    await mkdir(cacheDir, { recursive: true });
    const made = await mkdtemp(path.join(cacheDir, `.${card.id}-`));
    try {
      await build(card, made, onProgress);
      await moveInPlace(made, folder, card);
    } finally {
      await rm(made, { recursive: true, force: true });
    }
  }
  const installed = there ?? (await readInstalled(folder, card));
  if (!installed)
    throw new MissingWeightsError(`What was written to ${folder} cannot be read back; is the disk full?`);
  onProgress('ready');
  return installed;
}
