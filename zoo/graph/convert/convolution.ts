import { UnsupportedLayerError } from '../../errors.js';
import { applyActivation, isLinear } from './activations.js';
import type { ConversionContext, Value, Window } from './context.js';
import { paddingOf, pair, pictureShape, requireChannelsLast, slidingWindow } from './context.js';
import type { Layer } from './layers-model.js';
import type { Weight } from './weights.js';

/** Weights of a convolution on their way into ONNX: [outputs, inputs / groups, height, width] and one bias an output. */
interface Kernel {
  readonly dims: readonly [number, number, number, number];
  readonly values: Float32Array;
  readonly bias: Float32Array | null;
  readonly groups: number;
}

/** Re-lays [height, width, a, b] as [b, a, height, width] (b slowest). */
export function toOihw({ shape, values }: Weight): Float32Array {
  const [height = 1, width = 1, a = 1, b = 1] = shape;
  const out = new Float32Array(values.length);
  const area = height * width;
  for (let at = 0; at < values.length; at++) {
    const output = at % b;
    const input = Math.floor(at / b) % a;
    const pixel = Math.floor(at / (a * b));
    out[(output * a + input) * area + pixel] = values[at] ?? 0;
  }
  return out;
}

function readConvKernel(context: ConversionContext, layer: Layer): Kernel {
  const weight = context.weight(layer, 'kernel');
  const [height = 1, width = 1, inputs = 1, outputs = 1] = weight.shape;
  const bias = context.findWeight(layer, 'bias')?.values ?? null;
  return { dims: [outputs, inputs, height, width], values: toOihw(weight), bias, groups: 1 };
}

/** A depthwise kernel [height, width, channels, multiplier] is a grouped one of channels * multiplier outputs. */
function readDepthwiseKernel(context: ConversionContext, layer: Layer): Kernel {
  const { shape, values } = context.weight(layer, 'depthwise_kernel');
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
  const flat = { shape: [height, width, 1, channels * multiplier], values };
  const bias = context.findWeight(layer, 'bias')?.values ?? null;
  return { dims: [channels * multiplier, 1, height, width], values: toOihw(flat), bias, groups: channels };
}

/** Scale and shift of a batch normalisation at inference: y = x * scale + shift, one of each a channel. */
export function affineOf(
  context: ConversionContext,
  layer: Layer,
): { scale: Float64Array; shift: Float64Array } {
  const mean = context.weight(layer, 'moving_mean').values;
  const variance = context.weight(layer, 'moving_variance').values;
  const gamma = context.findWeight(layer, 'gamma')?.values;
  const beta = context.findWeight(layer, 'beta')?.values;
  const epsilon = Number(layer.config.epsilon ?? 1e-3);
  const scale = new Float64Array(mean.length);
  const shift = new Float64Array(mean.length);
  for (let c = 0; c < mean.length; c++) {
    scale[c] = (gamma?.[c] ?? 1) / Math.sqrt((variance[c] ?? 0) + epsilon);
    shift[c] = (beta?.[c] ?? 0) - (mean[c] ?? 0) * (scale[c] ?? 0);
  }
  return { scale, shift };
}

/** Folds a batch normalisation into the kernel before it, in double precision. */
function fold(context: ConversionContext, kernel: Kernel, norm: Layer): Kernel {
  const { scale, shift } = affineOf(context, norm);
  const perOutput = kernel.values.length / kernel.dims[0];
  const values = kernel.values.map((value, at) => value * (scale[Math.floor(at / perOutput)] ?? 1));
  const bias = Float32Array.from(shift, (value, c) => (kernel.bias?.[c] ?? 0) * (scale[c] ?? 1) + value);
  return { ...kernel, values, bias };
}

function emitConv(
  context: ConversionContext,
  name: string,
  input: string,
  kernel: Kernel,
  window: Window,
): string {
  const inputs = [input, context.floats(`${name}/kernel`, kernel.dims, kernel.values)];
  if (kernel.bias) inputs.push(context.floats(`${name}/bias`, [kernel.dims[0]], kernel.bias));
  return context.add('Conv', inputs, name, {
    kernel_shape: window.kernel,
    strides: window.strides,
    dilations: window.dilations,
    pads: window.pads,
    group: kernel.groups,
  });
}

/** Whether a layer is a convolution that neighbours can be folded into. */
export const isConvolution = (layer: Layer): boolean => Object.hasOwn(kernelReaders, layer.kind);

/** Layers that become part of a convolution. */
export interface Folding {
  /** Zeros around its input. */
  readonly padding: Layer | null;
  /** A batch normalisation right after it; the output then has that layer's name. */
  readonly norm: Layer | null;
}

const kernelReaders: Readonly<Record<string, (context: ConversionContext, layer: Layer) => Kernel>> = {
  Conv2D: readConvKernel,
  DepthwiseConv2D: readDepthwiseKernel,
};

/** Converts Conv2D and DepthwiseConv2D together with what is folded into them. */
export function convertConvolution(
  context: ConversionContext,
  layer: Layer,
  [input]: readonly Value[],
  { padding, norm }: Folding,
): Value {
  const read = kernelReaders[layer.kind];
  if (!read || !input) throw new UnsupportedLayerError(layer.name, layer.kind);
  requireChannelsLast(layer);
  const size = pictureShape(layer, input);
  const plain = read(context, layer);
  const kernel = norm ? fold(context, plain, norm) : plain;
  if (plain.groups === 1 && plain.dims[1] !== size[2]) {
    throw new UnsupportedLayerError(layer.name, layer.kind, 'grouped convolutions are not supported');
  }
  const window = slidingWindow(
    layer,
    size,
    [kernel.dims[2], kernel.dims[3]],
    padding ? paddingOf(padding) : undefined,
  );
  const name = norm?.name ?? layer.name;
  const linear = isLinear(layer) ? name : `${name}/linear`;
  const conv = emitConv(context, linear, input.tensor, kernel, window);
  const tensor = applyActivation(context, layer, conv, name);
  return { tensor, shape: [...window.output, kernel.dims[0]] };
}

/** A separable convolution is a depthwise one and a 1x1 one, with bias and activation after the second. */
export function convertSeparable(context: ConversionContext, layer: Layer, [input]: readonly Value[]): Value {
  if (!input) throw new UnsupportedLayerError(layer.name, layer.kind);
  requireChannelsLast(layer);
  const size = pictureShape(layer, input);
  const depthwise = { ...readDepthwiseKernel(context, layer), bias: null };
  const point = context.weight(layer, 'pointwise_kernel');
  const outputs = point.shape[3] ?? 1;
  const window = slidingWindow(layer, size, pair(layer, 'kernel_size'));
  const middle = emitConv(context, `${layer.name}/depthwise`, input.tensor, depthwise, window);
  const pointwise: Kernel = {
    dims: [outputs, depthwise.dims[0], 1, 1],
    values: toOihw(point),
    bias: context.findWeight(layer, 'bias')?.values ?? null,
    groups: 1,
  };
  const single: Window = {
    ...window,
    kernel: [1, 1],
    strides: [1, 1],
    dilations: [1, 1],
    pads: [0, 0, 0, 0],
  };
  const linear = isLinear(layer) ? layer.name : `${layer.name}/linear`;
  const conv = emitConv(context, linear, middle, pointwise, single);
  return { tensor: applyActivation(context, layer, conv, layer.name), shape: [...window.output, outputs] };
}
