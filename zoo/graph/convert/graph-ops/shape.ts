import type { ConstValue, DataValue, GraphValue } from '../graph-context.js';
import {
  BATCH,
  constInput,
  dataInput,
  partName,
  perPicture,
  pictureInput,
  storedAxis,
} from '../graph-context.js';
import type { GraphOp } from '../graph-model.js';
import type { OpConverter } from './activation.js';
import { constantSlice, dataSlice } from './slice.js';

const constant = (op: GraphOp, shape: readonly number[], values: Iterable<number>): ConstValue => ({
  kind: 'const',
  name: op.name,
  shape,
  values: Float32Array.from(values),
});

const identity: OpConverter = (_context, op, [input]) => {
  if (!input) throw op.unsupported('it reads nothing');
  return input;
};

/** Whole numbers are carried as floats here, so only casts that change values need a node; those are not supported. */
const cast: OpConverter = (context, op, inputs) => {
  const [input] = inputs;
  const to = op.type('DstT');
  if (input?.kind === 'const' || to === 'DT_FLOAT' || to === op.type('SrcT'))
    return identity(context, op, inputs);
  throw op.unsupported(`to ${to} of a value that depends on the picture`);
};

/** Sizes a reshape asks for: the batch stays, one other -1 is what is left. */
function resolveShape(op: GraphOp, from: readonly number[], wanted: readonly number[]): number[] {
  const [batch = 0, ...rest] = wanted;
  const count = perPicture(from);
  const known = rest.filter((size) => size !== BATCH).reduce((product, size) => product * size, 1);
  const sizes = rest.map((size) => (size === BATCH ? count / known : size));
  const fits = sizes.reduce((product, size) => product * size, 1) === count;
  if ((batch !== BATCH && batch !== 1) || !fits) {
    throw op.unsupported(
      `from [${from.join(', ')}] to [${wanted.join(', ')}], which mixes the pictures of a batch`,
    );
  }
  return [BATCH, ...sizes];
}

const reshape: OpConverter = (context, op, inputs) => {
  const [input] = inputs;
  const wanted = [...constInput(op, inputs, 1).values];
  if (input?.kind === 'const')
    return { ...input, shape: wanted.map((size) => (size < 0 ? input.values.length : size)) };
  const data = dataInput(op, inputs);
  return context.reshape(op, data, resolveShape(op, data.shape, wanted));
};

const squeeze: OpConverter = (context, op, inputs) => {
  const data = dataInput(op, inputs);
  const listed = op.numbers('squeeze_dims').map((axis) => (axis < 0 ? axis + data.shape.length : axis));
  if (listed.includes(0)) throw op.unsupported('it drops the axis of the batch');
  const dropped = (size: number, axis: number): boolean =>
    size === 1 && axis > 0 && (listed.length === 0 || listed.includes(axis));
  return context.reshape(
    op,
    data,
    data.shape.filter((size, axis) => !dropped(size, axis)),
  );
};

const expandDims: OpConverter = (context, op, inputs) => {
  const data = dataInput(op, inputs);
  const given = constInput(op, inputs, 1).values[0] ?? 0;
  const axis = given < 0 ? given + data.shape.length + 1 : given;
  if (axis === 0) throw op.unsupported('it adds an axis before the batch');
  return context.reshape(op, data, data.shape.toSpliced(axis, 0, 1));
};

const transpose: OpConverter = (context, op, inputs) => {
  const data = dataInput(op, inputs);
  const perm = [...constInput(op, inputs, 1).values];
  if (perm[0] !== 0) throw op.unsupported('it moves the axis of the batch');
  const shape = perm.map((axis) => data.shape[axis] ?? 1);
  // Where the result's stored axis comes from, in the stored order of the input.
  const stored = perm.map((_, axis) => perm.findIndex((__, to) => storedAxis(shape, to) === axis));
  const order = stored.map((to) => storedAxis(data.shape, perm[to] ?? 0));
  return { kind: 'data', tensor: context.emit(op, 'Transpose', [data.tensor], { perm: order }), shape };
};

const concat: OpConverter = (context, op, inputs) => {
  const axis = constInput(op, inputs, inputs.length - 1).values[0] ?? -1;
  const parts = inputs.slice(0, -1);
  if (parts.every((part) => part.kind === 'const')) return joinConstants(op, parts);
  const data = parts.map((_, at) => dataInput(op, parts, at));
  const [first] = data as [DataValue];
  const at = axis < 0 ? axis + first.shape.length : axis;
  if (at === 0) throw op.unsupported('it joins batches');
  const size = data.reduce((sum, { shape }) => sum + (shape[at] ?? 0), 0);
  const names = data.map(({ tensor }) => tensor);
  const tensor = context.emit(op, 'Concat', names, { axis: storedAxis(first.shape, at) });
  return { kind: 'data', tensor, shape: first.shape.with(at, size) };
};

/** Lists of sizes, one after the other. */
function joinConstants(op: GraphOp, parts: readonly GraphValue[]): ConstValue {
  const values = parts.flatMap((_, at) => [...constInput(op, parts, at).values]);
  return constant(op, [values.length], values);
}

const shapeOf: OpConverter = (_context, op, inputs) => {
  const { shape } = dataInput(op, inputs);
  return constant(op, [shape.length], shape);
};

const PAD_MODES: Readonly<Record<string, string>> = { REFLECT: 'reflect' };

const pad: OpConverter = (context, op, inputs) => {
  const data = dataInput(op, inputs);
  const mode = op.op === 'MirrorPad' ? PAD_MODES[op.text('mode', 'REFLECT')] : 'constant';
  if (mode === undefined) throw op.unsupported(`mode "${op.text('mode', '')}"`);
  const amounts = constInput(op, inputs, 1).values;
  const rank = data.shape.length;
  const pads = Array<number>(rank * 2).fill(0);
  const shape = data.shape.map((size, axis) => {
    const [before = 0, after = 0] = [amounts[axis * 2], amounts[axis * 2 + 1]];
    pads[storedAxis(data.shape, axis)] = before;
    pads[storedAxis(data.shape, axis) + rank] = after;
    return axis === 0 ? size : size + before + after;
  });
  if (amounts[0] || amounts[1]) throw op.unsupported('it pads the batch');
  const operands = [data.tensor, context.ints(partName(op, 'pads'), pads)];
  if (op.op === 'PadV2')
    operands.push(context.floats(partName(op, 'value'), [], constInput(op, inputs, 2).values));
  return { kind: 'data', tensor: context.emit(op, 'Pad', operands, { mode }), shape };
};

/** How ONNX names the three ways to place pixels; TensorFlow's oldest, with neither flag, is the asymmetric one. */
function placement(op: GraphOp): string {
  if (op.flag('align_corners')) return 'align_corners';
  return op.flag('half_pixel_centers') ? 'half_pixel' : 'asymmetric';
}

const resize =
  (mode: 'linear' | 'nearest'): OpConverter =>
  (context, op, inputs) => {
    const { tensor, size } = pictureInput(op, inputs);
    const [height = 1, width = 1] = constInput(op, inputs, 1).values;
    const coordinates = placement(op);
    // The sizes hold the batch, too, which only the tensor itself knows.
    const all = context.emit(op, 'Shape', [tensor], {}, 'shape');
    const ends = [context.ints(':0', [0]), context.ints(':2', [2])];
    const head = context.emit(op, 'Slice', [all, ...ends], {}, 'head');
    const wanted = context.ints(partName(op, 'size'), [height, width]);
    const sizes = context.emit(op, 'Concat', [head, wanted], { axis: 0 }, 'sizes');
    const nearest = coordinates === 'asymmetric' ? 'floor' : 'round_prefer_ceil';
    const attributes = { mode, coordinate_transformation_mode: coordinates };
    const resized = context.emit(
      op,
      'Resize',
      [tensor, '', '', sizes],
      mode === 'nearest' ? { ...attributes, nearest_mode: nearest } : attributes,
    );
    return { kind: 'data', tensor: resized, shape: [BATCH, height, width, size[2]] };
  };

const stridedSlice: OpConverter = (context, op, inputs) => {
  const [input] = inputs;
  return input?.kind === 'const' ? constantSlice(op, inputs) : dataSlice(context, op, inputs);
};

/** Operators that move elements about, and those on shapes, whose results are known. */
export const shapes: Readonly<Record<string, OpConverter>> = {
  Cast: cast,
  ConcatV2: concat,
  ExpandDims: expandDims,
  Identity: identity,
  MirrorPad: pad,
  Pack: (_context, op, inputs) => joinConstants(op, inputs),
  Pad: pad,
  PadV2: pad,
  Reshape: reshape,
  ResizeBilinear: resize('linear'),
  ResizeNearestNeighbor: resize('nearest'),
  Shape: shapeOf,
  Squeeze: squeeze,
  StopGradient: identity,
  StridedSlice: stridedSlice,
  Transpose: transpose,
};
