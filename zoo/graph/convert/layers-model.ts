import { GraphError } from '../../errors.js';
import type { WeightsManifest } from './weights.js';

/** A Keras layer as TensorFlow.js stores it; `inbound` are the layers it reads from. */
export interface Layer {
  readonly name: string;
  readonly kind: string;
  readonly config: LayerConfig;
  readonly inbound: readonly string[];
}

/** The settings of a layer, by the names Keras gives them. */
export type LayerConfig = Readonly<Record<string, unknown>>;

/** Topology of a functional or sequential model with one input and one output. */
export interface Topology {
  readonly layers: readonly Layer[];
  readonly input: string;
  readonly output: string;
}

/** The contents of a `model.json` of TensorFlow.js (format "layers-model"). */
export interface LayersModelJson {
  readonly modelTopology: unknown;
  readonly weightsManifest: WeightsManifest;
}

interface RawLayer {
  readonly class_name: string;
  readonly name?: string;
  readonly config: LayerConfig & { readonly name?: string };
  readonly inbound_nodes?: readonly (readonly (readonly unknown[])[])[];
}

interface RawModel {
  readonly class_name: string;
  readonly config: readonly RawLayer[] | RawModelConfig;
}

interface RawModelConfig {
  readonly layers: readonly RawLayer[];
  readonly input_layers?: readonly (readonly unknown[])[];
  readonly output_layers?: readonly (readonly unknown[])[];
}

const isSequential = (config: RawModel['config']): config is readonly RawLayer[] => Array.isArray(config);

function readLayer(raw: RawLayer, previous: string | undefined): Layer {
  const name = raw.name ?? raw.config.name ?? raw.class_name;
  if ((raw.inbound_nodes?.length ?? 0) > 1)
    throw new GraphError(`Layer "${name}" is used more than once (shared).`);
  const first = raw.inbound_nodes?.[0];
  const inbound = first ? first.map((edge) => String(edge[0])) : previous ? [previous] : [];
  return { name, kind: raw.class_name, config: raw.config, inbound };
}

function onlyName(ends: readonly (readonly unknown[])[] | undefined, what: string): string {
  if (ends?.length !== 1)
    throw new GraphError(`The model has ${ends?.length ?? 0} ${what}s; exactly one is needed.`);
  return String(ends[0]?.[0]);
}

function readSequential(raws: readonly RawLayer[]): Topology {
  const layers: Layer[] = [];
  for (const raw of raws) layers.push(readLayer(raw, layers.at(-1)?.name));
  const first = layers[0];
  const last = layers.at(-1);
  if (!first || !last) throw new GraphError('The model has no layers.');
  if (first.kind === 'InputLayer') return { layers, input: first.name, output: last.name };
  // A sequential model may leave its input layer out and give the shape to the first real layer.
  const config = inputConfig(first);
  const input: Layer = { name: `${first.name}_input`, kind: 'InputLayer', config, inbound: [] };
  const rest = [{ ...first, inbound: [input.name] }, ...layers.slice(1)];
  return { layers: [input, ...rest], input: input.name, output: last.name };
}

/** Whether a layer is a model of its own: transfer learning puts a trunk and a head into one model that way. */
const isModel = ({ kind }: Layer): boolean => /^(Sequential|Functional|Model)$/.test(kind);

const topologyOf = (layer: Layer): Topology => readConfig(layer.config as unknown as RawModel['config']);

function inputConfig(layer: Layer): LayerConfig {
  if (!isModel(layer)) return layer.config;
  const { layers, input } = topologyOf(layer);
  return layers.find(({ name }) => name === input)?.config ?? {};
}

/** The layers of a model inside another, in place of it; `names` is told what stands for it. */
function unfold(layer: Layer, names: Map<string, string>): Layer[] {
  if (!isModel(layer)) return [layer];
  const { layers, input, output } = topologyOf(layer);
  const [before] = layer.inbound;
  names.set(layer.name, output);
  return layers
    .filter(({ name }) => name !== input)
    .map((inner) => ({
      ...inner,
      inbound: inner.inbound.map((name) => (name === input ? (before ?? name) : name)),
    }));
}

/** Puts the layers of inner models in their places. */
function flatten({ layers, input, output }: Topology): Topology {
  const names = new Map<string, string>();
  const unfolded = layers.flatMap((layer) => unfold(layer, names));
  const rename = (name: string): string => names.get(name) ?? name;
  const renamed = unfolded.map((layer) => ({ ...layer, inbound: layer.inbound.map(rename) }));
  return { layers: renamed, input, output: rename(output) };
}

function readConfig(config: RawModel['config']): Topology {
  if (isSequential(config)) return flatten(readSequential(config));
  if (!config.input_layers) return flatten(readSequential(config.layers));
  return flatten({
    layers: config.layers.map((raw) => readLayer(raw, undefined)),
    input: onlyName(config.input_layers, 'input'),
    output: onlyName(config.output_layers, 'output'),
  });
}

/**
 * Reads the topology of a layers model; models inside it are unfolded.
 *
 * @throws GraphError for several inputs or outputs, shared layers, or something else than a layers model.
 */
export function readTopology(json: LayersModelJson): Topology {
  const topology = json.modelTopology as { model_config?: RawModel } & RawModel;
  const { config } = topology.model_config ?? topology;
  if (!config) throw new GraphError('The file holds no TensorFlow.js layers model (no model_config).');
  return readConfig(config);
}
