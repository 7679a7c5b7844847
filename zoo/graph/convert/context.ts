import { GraphError, UnsupportedLayerError } from '../../errors.js';
import type { GraphNode, Tensor } from '../model.js';
import { floats, ints, node } from '../model.js';
import type { Layer } from './layers-model.js';
import type { Weight } from './weights.js';

/** Shape of one sample of a layer's output: height, width, channels for pictures, or just a length for vectors. */
export type Shape = readonly [height: number, width: number, channels: number] | readonly [length: number];

/** What a layer's output became: the tensor that carries it (pictures as NCHW) and its shape. */
export interface Value {
  readonly tensor: string;
  readonly shape: Shape;
}

/** Collects nodes and constants while a model is converted, layer by layer. */
export class ConversionContext {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Tensor>();

  constructor(private readonly weights: ReadonlyMap<string, Weight>) {}

  /** Adds one node of the standard operator set and gives its output back. */
  add(...args: Parameters<typeof node>): string {
    this.nodes.push(node(...args));
    return args[2];
  }

  /** Adds a float constant and gives its name back. */
  floats(name: string, dims: readonly number[], values: ArrayLike<number>): string {
    this.constants.set(name, floats(name, dims, values));
    return name;
  }

  /** Adds an int64 constant and gives its name back. */
  ints(name: string, values: readonly number[]): string {
    this.constants.set(name, ints(name, values));
    return name;
  }

  /** A weight of a layer, such as 'kernel'; null when the layer has none of that name. */
  findWeight(layer: Layer, name: string): Weight | null {
    return this.weights.get(`${layer.name}/${name}`) ?? null;
  }

  /** A weight that must be there. */
  weight(layer: Layer, name: string): Weight {
    const found = this.findWeight(layer, name);
    if (!found) throw new GraphError(`The weights of layer "${layer.name}" lack "${name}".`);
    return found;
  }
}

/** The picture shape of a value, or an error that names the layer that wants one. */
export function pictureShape(layer: Layer, value: Value): readonly [number, number, number] {
  if (value.shape.length === 3) return value.shape;
  throw new UnsupportedLayerError(layer.name, layer.kind, 'it reads a vector where a picture is expected');
}

/** A setting that is a word, such as the name of an activation. */
export function setting(layer: Layer, key: string, fallback: string): string {
  const value = layer.config[key] ?? fallback;
  if (typeof value === 'string') return value;
  throw new UnsupportedLayerError(layer.name, layer.kind, `setting "${key}" is ${JSON.stringify(value)}`);
}

/** A setting that is one number or a pair, such as a stride. */
export function pair(layer: Layer, key: string, fallback?: number): readonly [number, number] {
  const value = layer.config[key] ?? fallback;
  if (typeof value === 'number') return [value, value];
  if (Array.isArray(value) && value.length === 2) return [Number(value[0]), Number(value[1])];
  throw new UnsupportedLayerError(layer.name, layer.kind, `setting "${key}" is ${JSON.stringify(value)}`);
}

/** Refuses layers told to work on channels-first data: TensorFlow.js models for pictures are channels-last. */
export function requireChannelsLast(layer: Layer): void {
  if ((layer.config.data_format ?? 'channels_last') !== 'channels_last') {
    throw new UnsupportedLayerError(layer.name, layer.kind, 'channels_first data is not supported');
  }
}

/** A window that slides over a picture: kernel, stride, dilation and the padding TensorFlow would add. */
export interface Window {
  readonly kernel: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  /** In ONNX's order: top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly output: readonly [height: number, width: number];
}

/**
 * Padding as TensorFlow computes it: 'same' gives ceil(size / stride) outputs and puts the odd pixel after; 'valid' gives
 * none (https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2).
 */
export function axisWindow(size: number, kernel: number, stride: number, dilation: number, padding: string) {
  const reach = (kernel - 1) * dilation + 1;
  if (padding === 'valid') return { before: 0, after: 0, output: Math.floor((size - reach) / stride) + 1 };
  const output = Math.ceil(size / stride);
  const total = Math.max((output - 1) * stride + reach - size, 0);
  return { before: total >> 1, after: total - (total >> 1), output };
}

/** Padding in pixels, as ((top, bottom), (left, right)). */
export type Padding = readonly [readonly [number, number], readonly [number, number]];

const NO_PADDING: Padding = [
  [0, 0],
  [0, 0],
];

/** The padding of a ZeroPadding2D layer: Keras takes a number, a pair, or a pair of pairs. */
export function paddingOf(layer: Layer): Padding {
  requireChannelsLast(layer);
  const { padding } = layer.config;
  if (Array.isArray(padding) && Array.isArray(padding[0])) return padding as unknown as Padding;
  const [rows, columns] = pair(layer, 'padding');
  return [
    [rows, rows],
    [columns, columns],
  ];
}

/**
 * The window of a convolution or pooling layer over a picture of the given size, which is padded by `extra` zeros first.
 */
export function slidingWindow(
  layer: Layer,
  size: readonly [number, number, number],
  kernel: readonly [number, number],
  extra: Padding = NO_PADDING,
): Window {
  const [[top, bottom], [left, right]] = extra;
  const padding = setting(layer, 'padding', 'valid');
  if (padding !== 'valid' && padding !== 'same') {
    throw new UnsupportedLayerError(layer.name, layer.kind, `padding "${padding}" is not supported`);
  }
  const strides = pair(layer, 'strides', layer.config.pool_size === undefined ? 1 : undefined);
  const dilations = pair(layer, 'dilation_rate', 1);
  const y = axisWindow(size[0] + top + bottom, kernel[0], strides[0], dilations[0], padding);
  const x = axisWindow(size[1] + left + right, kernel[1], strides[1], dilations[1], padding);
  return {
    kernel,
    strides,
    dilations,
    pads: [top + y.before, left + x.before, bottom + y.after, right + x.after],
    output: [y.output, x.output],
  };
}
