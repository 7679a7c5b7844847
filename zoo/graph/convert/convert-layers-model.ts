import { GraphError, UnsupportedLayerError } from '../../errors.js';
import type { Model } from '../model.js';
import { WRITTEN_IR_VERSION, WRITTEN_OPSET } from '../model.js';
import type { Shape, Value } from './context.js';
import { ConversionContext } from './context.js';
import { isLinear } from './activations.js';
import type { Folding } from './convolution.js';
import { convertConvolution, isConvolution } from './convolution.js';
import { layerConverters } from './layers.js';
import type { Layer, LayersModelJson, Topology } from './layers-model.js';
import { readTopology } from './layers-model.js';
import { readWeights } from './weights.js';

/** Names of the two ends of every converted model. */
export const INPUT_NAME = 'input';

/** Layers in an order in which every layer comes after those it reads from. */
function inOrder(topology: Topology): Layer[] {
  const byName = new Map(topology.layers.map((layer) => [layer.name, layer]));
  const order: Layer[] = [];
  const seen = new Set<string>();
  const stack = [topology.output];
  while (stack.length > 0) {
    const layer = byName.get(stack.at(-1) ?? '');
    if (!layer)
      throw new GraphError(`The model reads from a layer "${stack.at(-1) ?? ''}" that it does not have.`);
    const waiting = layer.inbound.filter((name) => !seen.has(name));
    if (waiting.length > 0) {
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    if (!seen.has(layer.name)) order.push(layer);
    seen.add(layer.name);
  }
  return order;
}

/** For each convolution, the layers next to it that become part of it, because nobody else sees their work. */
function foldings(layers: readonly Layer[]): Map<string, Folding> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const readers = new Map<string, Layer[]>();
  for (const layer of layers) {
    for (const name of layer.inbound) readers.set(name, [...(readers.get(name) ?? []), layer]);
  }
  const onlyReader = (layer: Layer): Layer | null => {
    const [reader, ...others] = readers.get(layer.name) ?? [];
    return reader && others.length === 0 ? reader : null;
  };
  const foldingOf = (layer: Layer): Folding => {
    const before = byName.get(layer.inbound[0] ?? '');
    const after = isLinear(layer) ? onlyReader(layer) : null;
    // Zeros around a convolution that pads by itself would be zeros around zeros: not the same thing.
    const bare = (layer.config.padding ?? 'valid') === 'valid';
    return {
      padding: bare && before?.kind === 'ZeroPadding2D' && onlyReader(before) ? before : null,
      norm: after?.kind === 'BatchNormalization' ? after : null,
    };
  };
  return new Map(layers.filter(isConvolution).map((layer) => [layer.name, foldingOf(layer)]));
}

/** Height, width and channels of the input, which must be fixed. */
function inputShape(layer: Layer): readonly [number, number, number] {
  const shape = layer.config.batch_input_shape ?? layer.config.batch_shape;
  if (Array.isArray(shape) && shape.length === 4 && shape.slice(1).every((size) => Number(size) > 0)) {
    return [Number(shape[1]), Number(shape[2]), Number(shape[3])];
  }
  throw new UnsupportedLayerError(
    layer.name,
    layer.kind,
    `input shape ${JSON.stringify(shape)} is not N x H x W x C`,
  );
}

function convertLayer(
  context: ConversionContext,
  layer: Layer,
  inputs: readonly Value[],
  folding: Folding | undefined,
): Value {
  if (folding) return convertConvolution(context, layer, inputs, folding);
  const convert = Object.hasOwn(layerConverters, layer.kind) ? layerConverters[layer.kind] : undefined;
  if (!convert) throw new UnsupportedLayerError(layer.name, layer.kind);
  return convert(context, layer, inputs);
}

/** Converts layer after layer; the result maps every layer to the tensor that carries its output. */
function convertLayers(context: ConversionContext, topology: Topology): Map<string, Value> {
  const layers = inOrder(topology);
  const folds = foldings(layers);
  const folded = new Set([...folds.values()].flatMap(({ padding, norm }) => [padding?.name, norm?.name]));
  const values = new Map<string, Value>();
  for (const layer of layers) {
    const inputs = layer.inbound.map((name) => values.get(name) as Value);
    if (layer.kind === 'InputLayer') {
      const tensor = context.add('Transpose', [INPUT_NAME], layer.name, { perm: [0, 3, 1, 2] });
      values.set(layer.name, { tensor, shape: inputShape(layer) });
    } else if (folded.has(layer.name)) {
      values.set(layer.name, inputs[0] as Value);
    } else {
      values.set(layer.name, convertLayer(context, layer, inputs, folds.get(layer.name)));
    }
  }
  return values;
}

const perSample = (shape: Shape): readonly number[] =>
  shape.length === 3 ? [shape[2], shape[0], shape[1]] : shape;

/**
 * A converted model, and where each layer's output can be found in it (pictures are NCHW there). A layer that was folded
 * into a neighbour shares the neighbour's tensor.
 */
export interface ConvertedModel {
  readonly model: Model;
  readonly tensors: ReadonlyMap<string, string>;
}

/**
 * Converts a TensorFlow.js layers model into ONNX: float input named `input`, N x H x W x C as in TensorFlow, one
 * transposition at the entry, everything after it N x C x H x W; one output, named after the last layer.
 *
 * @param shards the weight shards of the manifest, joined.
 * @throws UnsupportedLayerError naming the layer it cannot convert; GraphError when the parts do not fit together.
 */
export function convertLayersModel(json: LayersModelJson, shards: Uint8Array): ConvertedModel {
  const topology = readTopology(json);
  const context = new ConversionContext(readWeights(json.weightsManifest, shards));
  const values = convertLayers(context, topology);
  const input = topology.layers.find((layer) => layer.name === topology.input) as Layer;
  const output = values.get(topology.output) as Value;
  const model: Model = {
    irVersion: WRITTEN_IR_VERSION,
    opsets: { '': WRITTEN_OPSET },
    producer: 'graft',
    nodes: context.nodes,
    constants: context.constants,
    inputs: [{ name: INPUT_NAME, type: 'float32', dims: ['N', ...inputShape(input)] }],
    outputs: [{ name: output.tensor, type: 'float32', dims: ['N', ...perSample(output.shape)] }],
    metadata: {},
    functions: [],
  };
  return { model, tensors: new Map([...values].map(([name, value]) => [name, value.tensor])) };
}
