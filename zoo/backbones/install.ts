import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ChecksumError, MissingWeightsError, OutOfMemoryError, UnfitInputError } from '../errors.js';
import { convertGraphModel } from '../graph/convert/convert-graph-model.js';
import { convertLayersModel } from '../graph/convert/convert-layers-model.js';
import type { GraphModelJson } from '../graph/convert/graph-model.js';
import { inputDims } from '../graph/image-input.js';
import { peakActivationBytes } from '../graph/live-memory.js';
import { measureShapes } from '../graph/measure.js';
import type { Model } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { sortNodes, structureOf } from '../graph/structure.js';
import type { Tap } from '../graph/taps.js';
import { findTaps, tapsAt } from '../graph/taps.js';
import { HubError } from '../hub/errors.js';
import { describedCard, lockedCard, type DescribedCard } from '../hub/described-card.js';
import { fetchWeights, forgetDownload, weightsKey } from '../hub/fetch-weights.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import type {
  BackboneCard,
  DownloadSource,
  GraphModelSource,
  InstalledBackbone,
  LayersModelSource,
  OnnxFileSource,
} from './card.js';
import { readPackagedModel } from './package-weights.js';

/** Changes when converters or tap finding could give something else for the same weights. */
const CONVERSION_VERSION = 4;

const MODEL_FILE = 'model.onnx';
const FACTS_FILE = 'backbone.json';

/** Steps of an installation, in order; `ready` is told for a backbone that was there already, too. */
export type InstallStage = 'download' | 'read' | 'convert' | 'find-taps' | 'write' | 'ready';

/** Told where an installation is; with bytes while weights are fetched (the total where it is known). */
export type InstallProgress = (stage: InstallStage, bytes?: { done: number; total: number | null }) => void;

/** What is kept beside the model: all that need not be computed again. */
interface Facts {
  readonly version: number;
  readonly sha256: string;
  readonly input: string;
  readonly taps: readonly Tap[];
  readonly peakBytes: number;
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

/** What the steps of an installation need to know. */
interface Installation {
  readonly card: BackboneCard;
  readonly cacheDir: string;
  readonly tell: InstallProgress;
  readonly signal: AbortSignal | undefined;
}

/** The ONNX file of a card, fetched where it is somewhere else. */
async function onnxFile(
  work: Installation,
  weights: OnnxFileSource | DownloadSource,
): Promise<OnnxFileSource> {
  const { card, cacheDir, tell, signal } = work;
  if (weights.kind === 'onnx-file') return weights;
  const onProgress = (done: number, total: number | null): void => tell('download', { done, total });
  tell('download');
  return fetchWeights(card.id, weights, cacheDir, { onProgress, signal });
}

async function readNetwork(work: Installation): Promise<Model> {
  const { card, tell } = work;
  const { weights } = card;
  if (weights.kind === 'tfjs-layers' || weights.kind === 'tfjs-graph')
    return convert(weights, card.input, tell);
  const file = await onnxFile(work, weights);
  tell('read');
  return sortNodes(await readOnnxFile(file));
}

async function convert(
  weights: LayersModelSource | GraphModelSource,
  { height, width }: InputSpec,
  tell: InstallProgress,
): Promise<Model> {
  tell('read');
  const { json, shards } = await readPackagedModel(weights);
  tell('convert');
  if (weights.kind === 'tfjs-layers') return convertLayersModel(json, shards).model;
  const outputs = weights.outputNode === undefined ? undefined : [weights.outputNode];
  const part = { height, width, input: weights.inputNode, outputs };
  return convertGraphModel(json as GraphModelJson, shards, part).model;
}

/** What the graph says of itself once the shapes of its tensors are known. */
async function study(card: BackboneCard, model: Model): Promise<Pick<Facts, 'taps' | 'peakBytes'>> {
  const structure = structureOf(model);
  const shapes = await measureShapes(structure, inputDims(card.input, 1)).catch((error: unknown) => {
    // What there was no room for may be done later, with the same pictures.
    throw error instanceof OutOfMemoryError ? error : new UnfitInputError(card.id, card.input, error);
  });
  return {
    taps: card.taps ? tapsAt(structure, shapes, card.taps) : findTaps(structure, shapes),
    peakBytes: peakActivationBytes(structure, shapes),
  };
}

/** What lies in a folder, if it is whole and made by this version for this card; anything else is made anew. */
async function readInstalled(folder: string, card: BackboneCard): Promise<InstalledBackbone | null> {
  const modelPath = path.join(folder, MODEL_FILE);
  try {
    const facts = JSON.parse(await readFile(path.join(folder, FACTS_FILE), 'utf8')) as Facts;
    if (facts.version !== CONVERSION_VERSION || facts.input !== inputKey(card)) return null;
    if (sha256Of(await readFile(modelPath)) !== facts.sha256) return null;
    const { taps, peakBytes, sha256 } = facts;
    return { card, modelPath, taps, peakBytes, sha256 };
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

async function build(work: Installation, made: string): Promise<void> {
  const { card, tell } = work;
  const model = await readNetwork(work);
  tell('find-taps');
  const studied = await study(card, model);
  tell('write');
  const bytes = writeModel(model);
  const sha256 = sha256Of(bytes);
  const facts: Facts = { version: CONVERSION_VERSION, sha256, input: inputKey(card), ...studied };
  await writeFile(path.join(made, MODEL_FILE), bytes);
  await writeFile(path.join(made, FACTS_FILE), JSON.stringify(facts));
}

const keyOf = ({ weights }: BackboneCard): string =>
  weights.kind === 'download' ? weightsKey(weights) : weights.sha256;

const folderOf = (card: BackboneCard, cacheDir: string): string =>
  path.join(cacheDir, `${card.id}-${keyOf(card).slice(0, 16)}`);

/** A card that points elsewhere since is not installed. A lock that cannot be read says nothing of any card, so that is told. */
function notMoved(error: unknown): null {
  if (error instanceof HubError && error.reason === 'changed') return null;
  throw error;
}

/**
 * The backbone as `installBackbone` has left it in `cacheDir`, or null when it has not been made ready yet.
 *
 * @throws HubError when `zoo.lock.json` is damaged; says what to do
 */
export async function findInstalled(card: BackboneCard, cacheDir: string): Promise<InstalledBackbone | null> {
  const known = await lockedCard(card, cacheDir).catch(notMoved);
  return known && readInstalled(folderOf(card, cacheDir), known);
}

/**
 * Makes a backbone ready: asks its hub how pictures are prepared, reads its weights, compares the checksum, converts them into
 * ONNX and finds the taps. Done once;
 * later calls find the result in `cacheDir`. Safe to call from several processes at a time, and to interrupt.
 *
 * @throws MissingWeightsError, ChecksumError, HubError, UnsupportedLayerError, GraphError; each says what to do.
 */
export async function installBackbone(
  card: BackboneCard,
  cacheDir: string,
  onProgress: InstallProgress = () => undefined,
  signal?: AbortSignal,
): Promise<InstalledBackbone> {
  const how = { cacheDir, tell: onProgress, signal };
  const installed =
    (await findInstalled(card, cacheDir)) ??
    (await installDescribed(await describedCard(card, cacheDir, signal), how));
  onProgress('ready');
  return installed;
}

/** Installs a card as its hub describes it, or as it is, where the network does not take what the hub asks for. */
async function installDescribed(
  { card, lock, otherwise }: DescribedCard,
  how: Omit<Installation, 'card'>,
): Promise<InstalledBackbone> {
  const folder = folderOf(card, how.cacheDir);
  try {
    await make({ ...how, card }, folder);
  } catch (error) {
    if (error instanceof UnfitInputError && otherwise) return installDescribed(otherwise, how);
    // Another process was faster, and has cleared away what it had fetched.
    if (!(await readInstalled(folder, card))) throw error;
  }
  const installed = await readInstalled(folder, card);
  if (!installed)
    throw new MissingWeightsError(`What was written to ${folder} cannot be read back; is the disk full?`);
  await lock();
  return installed;
}

async function make(work: Installation, folder: string): Promise<void> {
  const { card, cacheDir } = work;
  await mkdir(cacheDir, { recursive: true });
  const made = await mkdtemp(path.join(cacheDir, `.${card.id}-`));
  try {
    await build(work, made);
    await moveInPlace(made, folder, card);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
  if (card.weights.kind === 'download') await forgetDownload(card.id, card.weights, cacheDir);
}

/** Removes what `installBackbone` has left in `cacheDir`; true where there was something. */
export async function uninstallBackbone(card: BackboneCard, cacheDir: string): Promise<boolean> {
  const folder = folderOf(card, cacheDir);
  const there = await access(folder).then(
    () => true,
    () => false,
  );
  await rm(folder, { recursive: true, force: true });
  if (card.weights.kind === 'download') await forgetDownload(card.id, card.weights, cacheDir);
  return there;
}
