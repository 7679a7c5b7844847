import type { ConstValue, GraphContext, GraphValue } from '../graph-context.js';
import { constInput, dataInput, partName, storedAxis } from '../graph-context.js';
import type { GraphOp } from '../graph-model.js';

/** What a strided slice takes of one axis. */
interface Cut {
  readonly begin: number;
  readonly end: number;
  readonly stride: number;
  /** Number of elements taken. */
  readonly count: number;
  /** The axis goes away. */
  readonly drop: boolean;
}

const hasBit = (mask: number, bit: number): boolean => (mask & (1 << bit)) !== 0;

/** The cut of every axis of `shape` (https://www.tensorflow.org/api_docs/python/tf/strided_slice). */
function cutsOf(op: GraphOp, inputs: readonly GraphValue[], shape: readonly number[]): Cut[] {
  if (op.number('ellipsis_mask', 0) !== 0 || op.number('new_axis_mask', 0) !== 0)
    throw op.unsupported('with an ellipsis or a new axis');
  const [begins, ends, strides] = [1, 2, 3].map((at) => constInput(op, inputs, at).values);
  const mask = (key: string, axis: number): boolean =>
    axis >= (begins?.length ?? 0) || hasBit(op.number(`${key}_mask`, 0), axis);
  return shape.map((size, axis) => {
    const stride = strides?.[axis] ?? 1;
    if (stride < 1) throw op.unsupported(`a stride of ${stride}`);
    const drop = hasBit(op.number('shrink_axis_mask', 0), axis);
    const place = (value: number): number => Math.min(Math.max(value < 0 ? value + size : value, 0), size);
    const begin = mask('begin', axis) && !drop ? 0 : place(begins?.[axis] ?? 0);
    const last = mask('end', axis) ? size : place(ends?.[axis] ?? size);
    const end = drop ? begin + 1 : last;
    return { begin, end, stride, count: Math.max(0, Math.ceil((end - begin) / stride)), drop };
  });
}

/** A slice of a list whose elements are known. */
export function constantSlice(op: GraphOp, inputs: readonly GraphValue[]): ConstValue {
  const { shape, values } = constInput(op, inputs, 0);
  const [cut, ...others] = cutsOf(op, inputs, shape);
  if (!cut || others.length > 0) throw op.unsupported('of a constant that is no list');
  const taken = values.slice(cut.begin, cut.end).filter((_, at) => at % cut.stride === 0);
  return { kind: 'const', name: op.name, shape: cut.drop ? [] : [taken.length], values: taken };
}

/** A slice of a value that depends on the picture; all pictures are kept. */
export function dataSlice(context: GraphContext, op: GraphOp, inputs: readonly GraphValue[]): GraphValue {
  const data = dataInput(op, inputs);
  const wholeBatch = hasBit(op.number('begin_mask', 0), 0) && hasBit(op.number('end_mask', 0), 0);
  if (!wholeBatch || hasBit(op.number('shrink_axis_mask', 0), 0))
    throw op.unsupported('it takes single pictures of a batch');
  const cuts = cutsOf(op, inputs, data.shape).slice(1);
  const list = (name: string, pick: (cut: Cut) => number): string =>
    context.ints(partName(op, name), cuts.map(pick));
  const axes = context.ints(
    partName(op, 'axes'),
    cuts.map((_, at) => storedAxis(data.shape, at + 1)),
  );
  const operands = [
    list('begin', (c) => c.begin),
    list('end', (c) => c.end),
    axes,
    list('stride', (c) => c.stride),
  ];
  const dropping = cuts.some((cut) => cut.drop);
  const tensor = context.emit(op, 'Slice', [data.tensor, ...operands], {}, dropping ? 'kept' : '');
  const shape = [data.shape[0] ?? 1, ...cuts.map((cut) => cut.count)];
  if (!dropping) return { kind: 'data', tensor, shape };
  return context.reshape(
    op,
    { kind: 'data', tensor, shape },
    shape.filter((_, axis) => !cuts[axis - 1]?.drop),
  );
}
