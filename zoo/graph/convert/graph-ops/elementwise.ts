import type { GraphContext, GraphValue } from '../graph-context.js';
import { constInput, dataInput, partName, storedAxis } from '../graph-context.js';
import type { GraphOp } from '../graph-model.js';
import type { OpConverter } from './activation.js';

/** Shape two values are broadcast to, as NumPy does; the batch meets only itself and 1. */
function broadcast(op: GraphOp, a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length);
  const padded = (shape: readonly number[]): number[] => [
    ...Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  const [left, right] = [padded(a), padded(b)];
  return left.map((size, axis) => {
    const other = right[axis] ?? 1;
    if (size !== other && size !== 1 && other !== 1)
      throw op.unsupported(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not fit together`);
    return size === 1 ? other : size;
  });
}

const binary =
  (kind: string): OpConverter =>
  (context, op, inputs) => {
    const [a, b] = inputs;
    if (!a || !b || (a.kind === 'const' && b.kind === 'const')) throw op.unsupported('of two constants');
    const shape = broadcast(op, a.shape, b.shape);
    for (const value of [a, b]) {
      if (value.kind === 'data' && value.shape.length !== shape.length)
        throw op.unsupported('a picture and a vector meet without a reshape');
    }
    const operands = [a, b].map((value) => context.operand(value, shape.length));
    return { kind: 'data', tensor: context.emit(op, kind, operands), shape };
  };

/** One bias a channel, on axis 1 of pictures and the last of everything else. */
const biasAdd: OpConverter = (context, op, inputs) => {
  if (op.text('data_format', 'NHWC') !== 'NHWC') throw op.unsupported('only channels-last data is supported');
  return binary('Add')(context, op, inputs);
};

const unary =
  (kind: string): OpConverter =>
  (context, op, inputs) => {
    const input = dataInput(op, inputs);
    return { ...input, tensor: context.emit(op, kind, [input.tensor]) };
  };

const square: OpConverter = (context, op, inputs) => {
  const input = dataInput(op, inputs);
  return { ...input, tensor: context.emit(op, 'Mul', [input.tensor, input.tensor]) };
};

const rsqrt: OpConverter = (context, op, inputs) => {
  const input = dataInput(op, inputs);
  const root = context.emit(op, 'Sqrt', [input.tensor], {}, 'root');
  return { ...input, tensor: context.emit(op, 'Reciprocal', [root]) };
};

function axesOf(op: GraphOp, inputs: readonly GraphValue[], rank: number): number[] {
  const axes = [...constInput(op, inputs, 1).values].map((axis) => (axis < 0 ? axis + rank : axis));
  if (axes.includes(0)) throw op.unsupported('it reduces over the pictures of a batch');
  return axes;
}

/** The mean of a picture over space is what runtimes know as global pooling. */
function reduceTo(context: GraphContext, op: GraphOp, kind: string, tensor: string, axes: number[]): string {
  if (kind === 'ReduceMean' && axes.join() === '2,3')
    return context.emit(op, 'GlobalAveragePool', [tensor], {}, 'kept');
  const sorted = [...axes].sort((a, b) => a - b);
  if (kind === 'ReduceSum') {
    const constant = context.ints(partName(op, 'axes'), sorted);
    return context.emit(op, kind, [tensor, constant], { keepdims: 1 }, 'kept');
  }
  return context.emit(op, kind, [tensor], { axes: sorted, keepdims: 1 }, 'kept');
}

const reduction =
  (kind: 'ReduceMean' | 'ReduceMax' | 'ReduceSum' | 'ReduceMin'): OpConverter =>
  (context, op, inputs) => {
    const input = dataInput(op, inputs);
    const axes = axesOf(op, inputs, input.shape.length);
    const stored = axes.map((axis) => storedAxis(input.shape, axis)).sort((a, b) => a - b);
    const tensor = reduceTo(context, op, kind, input.tensor, stored);
    const kept = input.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    const value = { kind: 'data' as const, tensor, shape: kept };
    if (op.flag('keep_dims')) return { ...value, tensor: context.emit(op, 'Identity', [tensor]) };
    return context.reshape(
      op,
      value,
      input.shape.filter((_, axis) => !axes.includes(axis)),
    );
  };

/** Operators that work element by element, and those that reduce. */
export const elementwise: Readonly<Record<string, OpConverter>> = {
  Abs: unary('Abs'),
  Add: binary('Add'),
  AddV2: binary('Add'),
  BiasAdd: biasAdd,
  Exp: unary('Exp'),
  Max: reduction('ReduceMax'),
  Maximum: binary('Max'),
  Mean: reduction('ReduceMean'),
  Min: reduction('ReduceMin'),
  Minimum: binary('Min'),
  Mul: binary('Mul'),
  Neg: unary('Neg'),
  Pow: binary('Pow'),
  RealDiv: binary('Div'),
  Rsqrt: rsqrt,
  Sqrt: unary('Sqrt'),
  Square: square,
  Sub: binary('Sub'),
  Sum: reduction('ReduceSum'),
};
