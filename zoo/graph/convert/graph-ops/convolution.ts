import { axisWindow } from '../context.js';
import { toOihw } from '../convolution.js';
import type { DataValue, GraphContext, GraphValue } from '../graph-context.js';
import { BATCH, constInput, dataInput, partName, pictureInput } from '../graph-context.js';
import type { GraphOp } from '../graph-model.js';
import type { OpConverter } from './activation.js';
import { applyFused, fusionOf, productPart } from './activation.js';

type Pair = readonly [number, number];

/** Rows and columns of an attribute that lists one number an axis of N, H, W, C. */
function spatial(op: GraphOp, key: string, fallback: number): Pair {
  const [, rows = fallback, columns = fallback] = op.numbers(key);
  return [rows, columns];
}

interface Sliding {
  readonly strides: Pair;
  readonly dilations: Pair;
  /** Top, left, bottom, right. */
  readonly pads: readonly [number, number, number, number];
  readonly output: Pair;
}

function requireChannelsLast(op: GraphOp): void {
  if (op.text('data_format', 'NHWC') !== 'NHWC') throw op.unsupported('only channels-last data is supported');
}

/** The window of a convolution or pooling; padding exactly as TensorFlow adds it at this size. */
function slide(op: GraphOp, [height, width]: Pair, kernel: Pair): Sliding {
  requireChannelsLast(op);
  const strides = spatial(op, 'strides', 1);
  const dilations = spatial(op, 'dilations', 1);
  const padding = op.text('padding', 'VALID').toLowerCase();
  const given = op.numbers('explicit_paddings');
  const [top, bottom, left, right] = padding === 'explicit' ? given.slice(2, 6) : [0, 0, 0, 0];
  const [above = 0, below = 0, before = 0, after = 0] = [top, bottom, left, right];
  const rule = padding === 'same' ? 'same' : 'valid';
  const y = axisWindow(height + above + below, kernel[0], strides[0], dilations[0], rule);
  const x = axisWindow(width + before + after, kernel[1], strides[1], dilations[1], rule);
  return {
    strides,
    dilations,
    pads: [above + y.before, before + x.before, below + y.after, after + x.after],
    output: [y.output, x.output],
  };
}

interface Kernel {
  /** Outputs, inputs a group, height, width. */
  readonly dims: readonly [number, number, number, number];
  readonly values: Float32Array;
  readonly groups: number;
}

/** [height, width, inputs / groups, outputs] */
function convKernel(op: GraphOp, inputs: readonly GraphValue[], channels: number): Kernel {
  const weight = constInput(op, inputs, 1);
  const [height = 1, width = 1, from = 1, to = 1] = weight.shape;
  return { dims: [to, from, height, width], values: toOihw(weight), groups: channels / from };
}

/** [height, width, channels, multiplier]: a grouped convolution of channels * multiplier outputs. */
function depthwiseKernel(op: GraphOp, inputs: readonly GraphValue[]): Kernel {
  const { shape, values } = constInput(op, inputs, 1);
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
  const outputs = channels * multiplier;
  const flat = { shape: [height, width, 1, outputs], values };
  return { dims: [outputs, 1, height, width], values: toOihw(flat), groups: channels };
}

const convolution =
  (read: (op: GraphOp, inputs: readonly GraphValue[], channels: number) => Kernel): OpConverter =>
  (context, op, inputs) => {
    const input = pictureInput(op, inputs);
    const [rows, columns, channels] = input.size;
    const kernel = read(op, inputs, channels);
    const { dims, groups } = kernel;
    const { output, ...window } = slide(op, [rows, columns], [dims[2], dims[3]]);
    const fusion = fusionOf(op, inputs);
    const operands = [input.tensor, context.floats(partName(op, 'kernel'), dims, kernel.values)];
    if (fusion.bias) operands.push(context.floats(partName(op, 'bias'), [dims[0]], fusion.bias.values));
    const attributes = { kernel_shape: [dims[2], dims[3]], group: groups, ...window };
    const tensor = context.emit(op, 'Conv', operands, attributes, productPart(fusion));
    const product: DataValue = { kind: 'data', tensor, shape: [BATCH, ...output, dims[0]] };
    return applyFused(context, op, product, fusion, inputs);
  };

/** TensorFlow leaves padded cells out of an average; so does ONNX unless it is told otherwise. */
const pooling =
  (kind: 'MaxPool' | 'AveragePool'): OpConverter =>
  (context, op, inputs) => {
    const { tensor, size } = pictureInput(op, inputs);
    const kernel = spatial(op, 'ksize', 1);
    const { strides, pads, output } = slide(op, [size[0], size[1]], kernel);
    const pooled = context.emit(op, kind, [tensor], { kernel_shape: kernel, strides, pads });
    return { kind: 'data', tensor: pooled, shape: [BATCH, ...output, size[2]] };
  };

/** Runtimes fold it into the convolution before it. */
const batchNorm: OpConverter = (context, op, inputs) => {
  requireChannelsLast(op);
  if (op.flag('is_training')) throw op.unsupported('it is in training mode');
  const input = dataInput(op, inputs);
  const parts = [1, 2, 3, 4].map((at) => {
    const { name, shape, values } = constInput(op, inputs, at);
    return context.floats(partName(op, name), shape, values);
  });
  const epsilon = { float: op.number('epsilon', 1e-4) };
  return { ...input, tensor: context.emit(op, 'BatchNormalization', [input.tensor, ...parts], { epsilon }) };
};

function denseProduct(context: GraphContext, op: GraphOp, inputs: readonly GraphValue[]): GraphValue {
  const input = dataInput(op, inputs);
  const weight = constInput(op, inputs, 1);
  const turned = op.flag('transpose_b');
  const outputs = weight.shape[turned ? 0 : 1] ?? 1;
  if (input.shape.length !== 2 || op.flag('transpose_a'))
    throw op.unsupported(`a product with a value of shape [${input.shape.join(', ')}]`);
  const fusion = fusionOf(op, inputs);
  const operands = [input.tensor, context.floats(partName(op, 'kernel'), weight.shape, weight.values)];
  if (fusion.bias) operands.push(context.floats(partName(op, 'bias'), [outputs], fusion.bias.values));
  const attributes: Record<string, number> = turned ? { transB: 1 } : {};
  const tensor = context.emit(op, 'Gemm', operands, attributes, productPart(fusion));
  return applyFused(context, op, { kind: 'data', tensor, shape: [BATCH, outputs] }, fusion, inputs);
}

/** Operators with weights and windows. */
export const convolutions: Readonly<Record<string, OpConverter>> = {
  _FusedConv2D: convolution(convKernel),
  _FusedMatMul: denseProduct,
  AvgPool: pooling('AveragePool'),
  Conv2D: convolution(convKernel),
  DepthwiseConv2d: convolution(depthwiseKernel),
  DepthwiseConv2dNative: convolution(depthwiseKernel),
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  FusedDepthwiseConv2dNative: convolution(depthwiseKernel),
  MatMul: denseProduct,
  MaxPool: pooling('MaxPool'),
};
