import type { DataValue, GraphContext, GraphValue } from './graph-context.js';
import type { GraphOp } from './graph-model.js';

/** What the search for a pattern needs to know of the nodes converted so far. */
export interface Surroundings {
  op(name: string): GraphOp | undefined;
  value(name: string): GraphValue | undefined;
}

const SIXTH = 1 / 6;
const CLOSE = 1e-6;

/** The scalar that a node is, if it is one. */
function scalar(around: Surroundings, name: string): number | null {
  const value = around.value(name);
  return value?.kind === 'const' && value.values.length === 1 ? (value.values[0] ?? null) : null;
}

const isClose = (value: number | null, wanted: number): boolean =>
  value !== null && Math.abs(value - wanted) < CLOSE;

/** For a node `kind(x, constant)` in either order: the name of x. */
function withConstant(around: Surroundings, name: string, kinds: RegExp, constant: number): string | null {
  const op = around.op(name);
  if (!op || !kinds.test(op.op)) return null;
  const [a = '', b = ''] = op.inputs;
  if (isClose(scalar(around, b), constant)) return a;
  return isClose(scalar(around, a), constant) ? b : null;
}

/** The x of `relu6(x + 3)`. */
function gateInput(around: Surroundings, name: string): string | null {
  const op = around.op(name);
  return op?.op === 'Relu6' ? withConstant(around, op.inputs[0] ?? '', /^Add(V2)?$/, 3) : null;
}

function emitGate(context: GraphContext, op: GraphOp, x: DataValue, part: string): string {
  // max(0, min(1, x / 6 + 1 / 2)) is relu6(x + 3) / 6.
  const attributes = { alpha: { float: SIXTH }, beta: { float: 0.5 } };
  return context.emit(op, 'HardSigmoid', [x.tensor], attributes, part);
}

function swish(context: GraphContext, op: GraphOp, around: Surroundings): DataValue | null {
  for (const [scaled = '', gate = ''] of [op.inputs, op.inputs.toReversed()]) {
    const x = withConstant(around, scaled, /^Mul$/, SIXTH);
    const value = around.value(x ?? '');
    if (x === null || gateInput(around, gate) !== x || value?.kind !== 'data') continue;
    return {
      ...value,
      tensor: context.emit(op, 'Mul', [value.tensor, emitGate(context, op, value, 'gate')]),
    };
  }
  return null;
}

/**
 * Hard swish and hard sigmoid (Searching for MobileNetV3, arXiv 1905.02244) as TensorFlow's optimiser leaves them, three or
 * four operators: `(x / 6) * relu6(x + 3)` and `relu6(x + 3) / 6`. Written as one HardSigmoid they need fewer passes over
 * memory. Null where `op` is neither.
 */
export function hardActivation(context: GraphContext, op: GraphOp, around: Surroundings): DataValue | null {
  if (op.op !== 'Mul') return null;
  const gate = gateInput(around, withConstant(around, op.name, /^Mul$/, SIXTH) ?? '');
  const value = around.value(gate ?? '');
  if (value?.kind === 'data') return { ...value, tensor: emitGate(context, op, value, '') };
  return swish(context, op, around);
}
