import { UnsupportedLayerError } from '../../errors.js';
import type { ConversionContext } from './context.js';
import { setting } from './context.js';
import type { Layer } from './layers-model.js';

type Emit = (context: ConversionContext, input: string, output: string) => string;

const unary =
  (op: string): Emit =>
  (context, input, output) =>
    context.add(op, [input], output);

/** relu capped at `max`; a Clip with constant bounds is what runtimes fuse into the convolution before it. */
export const cappedRelu =
  (max: number): Emit =>
  (context, input, output) => {
    const bounds = [context.floats('zero', [], [0]), context.floats(`cap_${max}`, [], [max])];
    return context.add('Clip', [input, ...bounds], output);
  };

const activations: Readonly<Record<string, Emit>> = {
  relu: unary('Relu'),
  relu6: cappedRelu(6),
  sigmoid: unary('Sigmoid'),
  tanh: unary('Tanh'),
  elu: unary('Elu'),
  selu: unary('Selu'),
  softplus: unary('Softplus'),
  // Keras: max(0, min(1, 0.2 x + 0.5)), which are ONNX's defaults.
  hard_sigmoid: (context, input, output) =>
    context.add('HardSigmoid', [input], output, { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  // Over channels: they are axis 1 of vectors and of NCHW pictures alike.
  softmax: (context, input, output) => context.add('Softmax', [input], output, { axis: 1 }),
  swish: (context, input, output) =>
    context.add('Mul', [input, context.add('Sigmoid', [input], `${output}_gate`)], output),
};

/** Applies the activation a layer names; 'linear' adds nothing. The result is the tensor that carries the output. */
export function applyActivation(
  context: ConversionContext,
  layer: Layer,
  input: string,
  output: string,
): string {
  const name = setting(layer, 'activation', 'linear');
  if (name === 'linear') return input;
  const emit = activations[name];
  if (!emit) throw new UnsupportedLayerError(layer.name, layer.kind, `activation "${name}" is not known`);
  return emit(context, input, output);
}

/** Whether a layer's own activation does nothing. */
export const isLinear = (layer: Layer): boolean => (layer.config.activation ?? 'linear') === 'linear';
