import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BackboneCard } from '../backbones/card.js';
import { readModelFolder } from '../backbones/package-weights.js';
import { backbones } from '../backbones/registry.js';
import { GraphError, MissingWeightsError } from '../errors.js';
import { convertGraphModel } from '../graph/convert/convert-graph-model.js';
import { convertLayersModel } from '../graph/convert/convert-layers-model.js';
import type { GraphModelJson } from '../graph/convert/graph-model.js';
import { isGraphModel, statedDims } from '../graph/convert/graph-model.js';
import type { Model } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import type { InputSpec } from '../preprocess/input-spec.js';
import { HubError } from './errors.js';
import type { LocalCard } from './local-cards.js';
import { writeLocalCard } from './local-cards.js';
import type { InputHints } from './preprocessing.js';
import { findPreprocessing } from './preprocessing.js';
import { CARD_ID } from './zoo-file.js';

/** A network to be added to the zoo of this machine. */
export interface AddRequest {
  /** An ONNX file, or a folder (or the `model.json` in it) of a TensorFlow.js model or a Teachable Machine export. */
  readonly path: string;
  /** The folder that `installBackbone` is given. */
  readonly cacheDir: string;
  /** By default made of the file's name. */
  readonly id?: string;
  readonly title?: string;
  readonly licence?: string;
  /** What a person says of the input; wins over what is read from files beside the network. */
  readonly input: InputHints;
}

/** What was made of a network, and how its preprocessing came to be known. */
export interface AddedNetwork {
  readonly card: BackboneCard;
  /** The file the preprocessing was read from; null when there was none. */
  readonly preprocessing: string | null;
  /** Settings nobody stated, which stand at common values: a person should look at them. */
  readonly assumed: readonly (keyof InputSpec)[];
}

const COMMON = {
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  resize: 'crop',
  kernel: 'linear',
} as const satisfies Partial<InputSpec>;

/** Where the files of a network lie. */
interface Place {
  readonly folder: string;
  /** Name of the ONNX file or the `model.json`. */
  readonly file: string;
  readonly isOnnx: boolean;
}

async function findPlace(given: string): Promise<Place> {
  const facts = await stat(given).catch((error: unknown) => {
    throw new MissingWeightsError(`There is no file ${given}.`, { cause: error });
  });
  if (facts.isDirectory()) return { folder: given, file: 'model.json', isOnnx: false };
  const isOnnx = !given.endsWith('.json');
  return { folder: path.dirname(given), file: path.basename(given), isOnnx };
}

function idOf({ id }: AddRequest, { folder, file, isOnnx }: Place): string {
  const name =
    isOnnx && file !== 'model.onnx' ? file.replace(/\.onnx$/, '') : path.basename(path.resolve(folder));
  const made = (id ?? name)
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '');
  if (!CARD_ID.test(made) || (id !== undefined && made !== id))
    throw new HubError(
      'bad-zoo-file',
      `"${id ?? name}" cannot be an id: use lower-case letters, digits, dots and dashes.`,
    );
  if (backbones.some((card) => card.id === made))
    throw new HubError(
      'bad-zoo-file',
      `The id "${made}" is that of an embedded backbone. Choose another one.`,
    );
  return made;
}

/** @throws GraphError for a number of channels that pictures do not have; open ones (-1, a name) are let pass */
function checkChannels(channels: number | string | null | undefined): void {
  if (typeof channels !== 'number' || channels <= 0 || channels === 3) return;
  throw new GraphError(`The network reads pictures of ${channels} channel(s); one that reads 3 is needed.`);
}

/** Layout and size as the graph itself states them. */
function fromGraph(model: Model): InputHints {
  const inputs = model.inputs.filter(({ name }) => !model.constants.has(name));
  const [input, ...others] = inputs;
  if (!input || others.length > 0 || input.dims.length !== 4)
    throw new GraphError(
      `The network has ${inputs.length} inputs; one picture [N, 3, H, W] or [N, H, W, 3] is needed.`,
    );
  if (input.type !== 'float32')
    throw new GraphError(`The network reads ${String(input.type)}; one that reads 32-bit floats is needed.`);
  const layout = input.dims[1] === 3 || input.dims[3] !== 3 ? 'nchw' : 'nhwc';
  checkChannels(layout === 'nchw' ? input.dims[1] : input.dims[3]);
  const [height, width] = layout === 'nchw' ? input.dims.slice(2) : input.dims.slice(1);
  return {
    layout,
    ...(typeof height === 'number' && height > 0 ? { height } : {}),
    ...(typeof width === 'number' && width > 0 ? { width } : {}),
  };
}

const defined = (hints: InputHints): InputHints =>
  Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined));

function complete(hints: InputHints): { input: InputSpec; assumed: (keyof InputSpec)[] } {
  const { height, width, layout } = hints;
  if (!height || !width || !layout) {
    throw new HubError(
      'bad-zoo-file',
      'The size of the input is not known: say it with --size, such as --size 224.',
    );
  }
  const assumed = (Object.keys(COMMON) as (keyof typeof COMMON)[]).filter((key) => hints[key] === undefined);
  return { input: { ...COMMON, ...hints, height, width, layout }, assumed };
}

/** A network as it was read, in ONNX, and what is known of its input. */
interface ReadNetwork {
  readonly bytes: Uint8Array;
  readonly hints: InputHints;
}

async function readOnnx({ folder, file }: Place): Promise<ReadNetwork> {
  const bytes = await readFile(path.join(folder, file));
  return { bytes, hints: fromGraph(readModel(bytes)) };
}

/** Graph models are converted for the size that is wanted, else their own, else the usual one. */
async function readTensorFlow({ folder, file }: Place, wanted: InputHints): Promise<ReadNetwork> {
  const { json, shards } = await readModelFolder(folder, file);
  const convert = (): Model => {
    if (!isGraphModel(json)) return convertLayersModel(json, shards).model;
    const [, ownHeight = -1, ownWidth = -1, channels = 3] = statedDims(json as GraphModelJson);
    checkChannels(channels);
    const { height = ownHeight > 0 ? ownHeight : 224, width = ownWidth > 0 ? ownWidth : height } = wanted;
    return convertGraphModel(json as GraphModelJson, shards, { height, width }).model;
  };
  const model = convert();
  return { bytes: writeModel(model), hints: fromGraph(model) };
}

/**
 * Makes a card of a network and keeps both with the backbones of this machine: ONNX files, TensorFlow.js models (layers or
 * graph) and Teachable Machine exports. The preprocessing is what the request says, else what a `preprocessor_config.json` or a
 * Teachable Machine `metadata.json` beside it says, else what is usual.
 *
 * @throws MissingWeightsError, GraphError, UnsupportedLayerError or HubError; each says what to do.
 */
export async function addNetwork(request: AddRequest): Promise<AddedNetwork> {
  const place = await findPlace(request.path);
  const id = idOf(request, place);
  const found = await findPreprocessing(path.resolve(place.folder));
  const stated = { ...found?.hints, ...defined(request.input) };
  const { bytes, hints } = place.isOnnx ? await readOnnx(place) : await readTensorFlow(place, stated);
  const { input, assumed } = complete({ ...hints, ...stated });
  const card: LocalCard = {
    id,
    title: request.title ?? id,
    family: found?.teachableMachine === true ? 'Teachable Machine' : (request.title ?? id),
    licence: request.licence ?? 'not stated',
    origin: path.resolve(request.path),
    pretrainedOn: 'not stated',
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    input: { ...input, mean: [...input.mean], std: [...input.std] },
  };
  return {
    card: await writeLocalCard(request.cacheDir, card, bytes),
    preprocessing: found?.file ?? null,
    assumed,
  };
}
