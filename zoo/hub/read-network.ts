import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
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
import type { FoundPreprocessing, InputHints } from './preprocessing.js';
import { findPreprocessing } from './preprocessing.js';
import { CARD_ID } from './zoo-file.js';

/** A network to be added to the zoo of this machine. */
export interface AddRequest {
  /** An ONNX file, or a folder (or the `model.json` in it) of a TensorFlow.js model or a Teachable Machine export. */
  readonly path: string;
  /** By default made of the file's name. */
  readonly id?: string;
  readonly title?: string;
  readonly licence?: string;
  /** What a person says of the input; wins over what is read from files beside the network. */
  readonly input: InputHints;
}

/** A network that was read; nothing has been written yet. */
export interface ReadNetwork {
  readonly request: AddRequest;
  readonly id: string;
  /** The network in ONNX. */
  readonly bytes: Uint8Array;
  /** What is known of its input: from the request, a file beside it, or its graph. */
  readonly hints: InputHints;
  /** What was found beside it; null where there was nothing. */
  readonly found: FoundPreprocessing | null;
}

/** Usual values of what networks seldom say of their input themselves. */
export const COMMON_INPUT = {
  width: 224,
  height: 224,
  channels: 'rgb',
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  resize: 'crop',
  kernel: 'linear',
} as const satisfies Partial<InputSpec>;

/** The settings of {@link COMMON_INPUT} that nobody stated. */
export const notStated = (hints: InputHints): (keyof typeof COMMON_INPUT)[] =>
  (Object.keys(COMMON_INPUT) as (keyof typeof COMMON_INPUT)[]).filter((key) => hints[key] === undefined);

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

/** A network in ONNX, and what its graph says of its input. */
interface Converted {
  readonly bytes: Uint8Array;
  readonly hints: InputHints;
}

async function readOnnx({ folder, file }: Place): Promise<Converted> {
  const bytes = await readFile(path.join(folder, file));
  return { bytes, hints: fromGraph(readModel(bytes)) };
}

/** Graph models are converted for the size that is wanted, else their own, else the usual one. */
async function readTensorFlow({ folder, file }: Place, wanted: InputHints): Promise<Converted> {
  const { json, shards } = await readModelFolder(folder, file);
  const convert = (): Model => {
    if (!isGraphModel(json)) return convertLayersModel(json, shards).model;
    const [, ownHeight = -1, ownWidth = -1, channels = 3] = statedDims(json as GraphModelJson);
    checkChannels(channels);
    const {
      height = ownHeight > 0 ? ownHeight : COMMON_INPUT.height,
      width = ownWidth > 0 ? ownWidth : height,
    } = wanted;
    return convertGraphModel(json as GraphModelJson, shards, { height, width }).model;
  };
  const model = convert();
  return { bytes: writeModel(model), hints: fromGraph(model) };
}

/**
 * Reads a network and what is known of its input: ONNX files, TensorFlow.js models (layers or graph) and Teachable Machine exports.
 * What the request says wins over what a file beside it says (`preprocessor_config.json`, timm's `config.json`, Teachable Machine's
 * `metadata.json`), and that over its graph.
 *
 * @throws MissingWeightsError, GraphError, UnsupportedLayerError or HubError; each says what to do.
 */
export async function readNetwork(request: AddRequest): Promise<ReadNetwork> {
  const place = await findPlace(request.path);
  const id = idOf(request, place);
  const found = await findPreprocessing(path.resolve(place.folder));
  const stated = { ...found?.hints, ...defined(request.input) };
  const { bytes, hints } = place.isOnnx ? await readOnnx(place) : await readTensorFlow(place, stated);
  return { request, id, bytes, hints: { ...hints, ...stated }, found };
}
