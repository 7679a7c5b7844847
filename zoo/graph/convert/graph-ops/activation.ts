import type { ConstValue, DataValue, GraphContext, GraphValue } from '../graph-context.js';
import { constInput, dataInput } from '../graph-context.js';
import type { GraphOp } from '../graph-model.js';

/** Writes the nodes of one operator; `inputs` are the values it reads, in order. */
export type OpConverter = (context: GraphContext, op: GraphOp, inputs: readonly GraphValue[]) => GraphValue;

type Emit = (context: GraphContext, op: GraphOp, input: DataValue) => string;

const simple =
  (kind: string): Emit =>
  (context, op, { tensor }) =>
    context.emit(op, kind, [tensor]);

/** A Clip with constant bounds is what runtimes fuse into the convolution before it. */
const relu6: Emit = (context, op, { tensor }) =>
  context.emit(op, 'Clip', [tensor, context.floats(':zero', [], [0]), context.floats(':six', [], [6])]);

const leakyRelu: Emit = (context, op, { tensor }) => {
  const alpha = op.number('alpha', op.number('leakyrelu_alpha', 0.2));
  return context.emit(op, 'LeakyRelu', [tensor], { alpha: { float: alpha } });
};

/** Over channels, which are axis 1 of pictures and the last axis of everything else. */
const softmax: Emit = (context, op, { tensor, shape }) =>
  context.emit(op, 'Softmax', [tensor], { axis: shape.length === 4 ? 1 : shape.length - 1 });

const emitters: Readonly<Record<string, Emit>> = {
  Elu: simple('Elu'),
  LeakyRelu: leakyRelu,
  Relu: simple('Relu'),
  Relu6: relu6,
  Selu: simple('Selu'),
  Sigmoid: simple('Sigmoid'),
  Softmax: softmax,
  Softplus: simple('Softplus'),
  Tanh: simple('Tanh'),
};

/** One slope a channel, or one an element. */
function prelu(context: GraphContext, op: GraphOp, input: DataValue, slope: ConstValue): string {
  return context.emit(op, 'PRelu', [input.tensor, context.operand(slope, input.shape.length)]);
}

/** Activations as operators of their own. */
export const activations: Readonly<Record<string, OpConverter>> = {
  ...Object.fromEntries(
    Object.entries(emitters).map(([kind, emit]): [string, OpConverter] => [
      kind,
      (context, op, inputs) => {
        const input = dataInput(op, inputs);
        return { ...input, tensor: emit(context, op, input) };
      },
    ]),
  ),
  Prelu: (context, op, inputs) => {
    const input = dataInput(op, inputs);
    return { ...input, tensor: prelu(context, op, input, constInput(op, inputs, 1)) };
  },
};

/** What a fused operator does after its product: a bias, an activation, both or nothing. */
export interface Fusion {
  readonly bias: ConstValue | null;
  readonly activation: string | null;
}

/** @throws UnsupportedLayerError for anything else than a bias and an activation. */
export function fusionOf(op: GraphOp, inputs: readonly GraphValue[]): Fusion {
  const fused = op.texts('fused_ops').filter((name) => name !== 'NoOp');
  const [first, second, third] = fused;
  const hasBias = first === 'BiasAdd';
  const activation = (hasBias ? second : first) ?? null;
  const extra = hasBias ? third : second;
  const known = activation === null || activation === 'Prelu' || Object.hasOwn(emitters, activation);
  if (extra !== undefined || !known) throw op.unsupported(`fused with ${fused.join(', ')}`);
  return { bias: hasBias ? constInput(op, inputs, 2) : null, activation };
}

/** The name of the product itself: the operator's own, unless its activation takes that. */
export const productPart = ({ activation }: Fusion): string => (activation === null ? '' : 'linear');

/** Applies the activation of a fused operator to its product. */
export function applyFused(
  context: GraphContext,
  op: GraphOp,
  product: DataValue,
  { activation }: Fusion,
  inputs: readonly GraphValue[],
): DataValue {
  if (activation === null) return product;
  if (activation === 'Prelu') {
    return { ...product, tensor: prelu(context, op, product, constInput(op, inputs, 3)) };
  }
  const emit = emitters[activation];
  if (!emit) throw op.unsupported(`activation "${activation}" is not known`);
  return { ...product, tensor: emit(context, op, product) };
}
