import { UnsupportedLayerError } from '../../errors.js';
import { applyActivation, cappedRelu } from './activations.js';
import type { ConversionContext, Shape, Value } from './context.js';
import { paddingOf, pair, pictureShape, requireChannelsLast, slidingWindow } from './context.js';
import { affineOf, convertSeparable } from './convolution.js';
import type { Layer } from './layers-model.js';

/** Writes the ONNX nodes of one layer; `inputs` are the values of its inbound layers, in order. */
export type LayerConverter = (context: ConversionContext, layer: Layer, inputs: readonly Value[]) => Value;

type UnaryConverter = (context: ConversionContext, layer: Layer, input: Value) => Value;

const unary =
  (convert: UnaryConverter): LayerConverter =>
  (context, layer, inputs) => {
    const [input] = inputs;
    if (!input || inputs.length > 1)
      throw new UnsupportedLayerError(layer.name, layer.kind, 'one input expected');
    return convert(context, layer, input);
  };

const identity = unary((_context, _layer, input) => input);

const channelsOf = (shape: Shape): number => shape[shape.length - 1] ?? 0;

/** A batch normalisation that could not be folded: one multiplication and one addition a channel. */
const batchNormalization = unary((context, layer, input) => {
  const axis = Number(Array.isArray(layer.config.axis) ? layer.config.axis[0] : (layer.config.axis ?? -1));
  if (axis !== -1 && axis !== input.shape.length) {
    throw new UnsupportedLayerError(layer.name, layer.kind, `axis ${axis} is not the channel axis`);
  }
  const { scale, shift } = affineOf(context, layer);
  const dims = [1, scale.length, ...(input.shape.length === 3 ? [1, 1] : [])];
  const factor = context.floats(`${layer.name}/scale`, dims, Float32Array.from(scale));
  const offset = context.floats(`${layer.name}/shift`, dims, Float32Array.from(shift));
  const scaled = context.add('Mul', [input.tensor, factor], `${layer.name}/scaled`);
  return { tensor: context.add('Add', [scaled, offset], layer.name), shape: input.shape };
});

const relu = unary((context, layer, input) => {
  const { max_value: max, negative_slope: slope = 0, threshold = 0 } = layer.config;
  if (threshold !== 0)
    throw new UnsupportedLayerError(layer.name, layer.kind, 'a threshold is not supported');
  const done = (tensor: string): Value => ({ tensor, shape: input.shape });
  if (typeof max === 'number' && slope === 0) return done(cappedRelu(max)(context, input.tensor, layer.name));
  if (typeof max === 'number') throw new UnsupportedLayerError(layer.name, layer.kind, 'a capped leaky ReLU');
  if (slope === 0) return done(context.add('Relu', [input.tensor], layer.name));
  return done(context.add('LeakyRelu', [input.tensor], layer.name, { alpha: { float: Number(slope) } }));
});

const leakyRelu = unary((context, layer, input) => {
  const alpha = { float: Number(layer.config.alpha ?? layer.config.negative_slope ?? 0.3) };
  return { tensor: context.add('LeakyRelu', [input.tensor], layer.name, { alpha }), shape: input.shape };
});

/** Padding that could not be made part of a convolution. */
const zeroPadding = unary((context, layer, input) => {
  const [height, width, channels] = pictureShape(layer, input);
  const [[top, bottom], [left, right]] = paddingOf(layer);
  const pads = context.ints(`${layer.name}/pads`, [0, 0, top, left, 0, 0, bottom, right]);
  return {
    tensor: context.add('Pad', [input.tensor, pads], layer.name),
    shape: [height + top + bottom, width + left + right, channels],
  };
});

/** TensorFlow leaves padded cells out of an average; ONNX's count_include_pad = 0 does the same. */
const pooling = (op: 'MaxPool' | 'AveragePool'): LayerConverter =>
  unary((context, layer, input) => {
    requireChannelsLast(layer);
    const size = pictureShape(layer, input);
    const window = slidingWindow(layer, size, pair(layer, 'pool_size'));
    const attributes = { kernel_shape: window.kernel, strides: window.strides, pads: window.pads };
    const tensor = context.add(op, [input.tensor], layer.name, attributes);
    return { tensor, shape: [...window.output, size[2]] };
  });

const globalPooling = (op: 'GlobalAveragePool' | 'GlobalMaxPool'): LayerConverter =>
  unary((context, layer, input) => {
    requireChannelsLast(layer);
    const channels = pictureShape(layer, input)[2];
    if (layer.config.keepdims === true) {
      return { tensor: context.add(op, [input.tensor], layer.name), shape: [1, 1, channels] };
    }
    const pooled = context.add(op, [input.tensor], `${layer.name}/pooled`);
    return { tensor: context.add('Flatten', [pooled], layer.name, { axis: 1 }), shape: [channels] };
  });

/** TensorFlow flattens height, width, channels in that order, so pictures are turned back before. */
const flatten = unary((context, layer, input) => {
  if (input.shape.length === 1) return input;
  const [height, width, channels] = input.shape;
  const single = height * width === 1;
  const turned = single ? input.tensor : toChannelsLast(context, layer, input.tensor);
  return {
    tensor: context.add('Flatten', [turned], layer.name, { axis: 1 }),
    shape: [height * width * channels],
  };
});

const toChannelsLast = (context: ConversionContext, layer: Layer, tensor: string): string =>
  context.add('Transpose', [tensor], `${layer.name}/nhwc`, { perm: [0, 2, 3, 1] });

/** Reshape to a vector or a picture; other targets have no meaning in a picture network. */
const reshape = unary((context, layer, input) => {
  const target = resolveTarget(layer, input.shape);
  const flat = input.shape.length === 3 ? toChannelsLast(context, layer, input.tensor) : input.tensor;
  const sizes = context.ints(`${layer.name}/shape`, [0, ...target]);
  if (target.length === 1)
    return { tensor: context.add('Reshape', [flat, sizes], layer.name), shape: target };
  const picture = context.add('Reshape', [flat, sizes], `${layer.name}/picture`);
  return {
    tensor: context.add('Transpose', [picture], layer.name, { perm: [0, 3, 1, 2] }),
    shape: target,
  };
});

function resolveTarget(layer: Layer, from: Shape): Shape {
  const wanted = layer.config.target_shape;
  const total = from.reduce((product: number, size) => product * size, 1);
  if (Array.isArray(wanted) && (wanted.length === 1 || wanted.length === 3)) {
    const sizes = wanted.map(Number);
    const known = sizes.filter((size) => size > 0).reduce((product, size) => product * size, 1);
    return sizes.map((size) => (size > 0 ? size : total / known)) as unknown as Shape;
  }
  throw new UnsupportedLayerError(layer.name, layer.kind, `target shape ${JSON.stringify(wanted)}`);
}

const dense = unary((context, layer, input) => {
  const { shape, values } = context.weight(layer, 'kernel');
  if (input.shape.length !== 1) {
    throw new UnsupportedLayerError(layer.name, layer.kind, 'a dense layer over a picture is not supported');
  }
  const outputs = shape[1] ?? 1;
  const linear = `${layer.name}/linear`;
  const inputs = [input.tensor, context.floats(`${layer.name}/kernel`, shape, values)];
  const bias = context.findWeight(layer, 'bias');
  if (bias) inputs.push(context.floats(`${layer.name}/bias`, [outputs], bias.values));
  const tensor = applyActivation(context, layer, context.add('Gemm', inputs, linear), layer.name);
  return { tensor, shape: [outputs] };
});

const activation = unary((context, layer, input) => ({
  tensor: applyActivation(context, layer, input.tensor, layer.name),
  shape: input.shape,
}));

const softmax = unary((context, layer, input) => ({
  tensor: context.add('Softmax', [input.tensor], layer.name, { axis: 1 }),
  shape: input.shape,
}));

/** Element-wise joins of any number of inputs, two at a time. */
const elementwise =
  (op: 'Add' | 'Mul' | 'Sub' | 'Max'): LayerConverter =>
  (context, layer, inputs) => {
    const [first, ...rest] = inputs;
    if (!first || rest.length === 0)
      throw new UnsupportedLayerError(layer.name, layer.kind, 'two inputs expected');
    const joined = rest.reduce((left, right, i) => {
      const name = i === rest.length - 1 ? layer.name : `${layer.name}/${i}`;
      return context.add(op, [left, right.tensor], name);
    }, first.tensor);
    return { tensor: joined, shape: first.shape };
  };

/** Joins along the channels: Keras' last axis, ONNX's axis 1. */
const concatenate: LayerConverter = (context, layer, inputs) => {
  const first = inputs[0]?.shape;
  const axis = Number(layer.config.axis ?? -1);
  if (!first || (axis !== -1 && axis !== first.length)) {
    throw new UnsupportedLayerError(layer.name, layer.kind, `axis ${axis} is not the channel axis`);
  }
  const channels = inputs.reduce((sum, input) => sum + channelsOf(input.shape), 0);
  const names = inputs.map((input) => input.tensor);
  const shape: Shape = first.length === 3 ? [first[0], first[1], channels] : [channels];
  return { tensor: context.add('Concat', names, layer.name, { axis: 1 }), shape };
};

/** Every layer that can be converted, apart from the convolutions that take a batch normalisation with them. */
export const layerConverters: Readonly<Record<string, LayerConverter>> = {
  Activation: activation,
  Add: elementwise('Add'),
  AveragePooling2D: pooling('AveragePool'),
  BatchNormalization: batchNormalization,
  Concatenate: concatenate,
  Dense: dense,
  Dropout: identity,
  Flatten: flatten,
  GaussianDropout: identity,
  GaussianNoise: identity,
  GlobalAveragePooling2D: globalPooling('GlobalAveragePool'),
  GlobalMaxPooling2D: globalPooling('GlobalMaxPool'),
  LeakyReLU: leakyRelu,
  MaxPooling2D: pooling('MaxPool'),
  Maximum: elementwise('Max'),
  Multiply: elementwise('Mul'),
  ReLU: relu,
  Reshape: reshape,
  SeparableConv2D: convertSeparable,
  Softmax: softmax,
  SpatialDropout2D: identity,
  Subtract: elementwise('Sub'),
  ZeroPadding2D: zeroPadding,
};
