import type { node } from '../model.js';
import { elementCount } from '../model.js';
import { ConversionContext } from './context.js';
import type { GraphOp } from './graph-model.js';
import type { Weight } from './weights.js';

/** Stands for the number of pictures in a shape, as it does in TensorFlow's own shapes. */
export const BATCH = -1;

/** A tensor that depends on the picture. */
export interface DataValue {
  readonly kind: 'data';
  /** Tensor that carries it. Values of four axes are pictures: kept as NCHW, whatever TensorFlow calls them. */
  readonly tensor: string;
  /** Shape as TensorFlow sees it (pictures N, height, width, channels); the first is always the batch. */
  readonly shape: readonly number[];
}

/** A tensor whose elements are known: a weight, or a shape computed from shapes. */
export interface ConstValue extends Weight {
  readonly kind: 'const';
  readonly name: string;
}

export type GraphValue = DataValue | ConstValue;

/** Re-lays a constant of TensorFlow's layout so that it meets NCHW pictures: axes are filled up on the left, as broadcasting does. */
function toChannelsFirst({ shape, values }: Weight): Weight {
  if (shape.length === 0) return { shape, values };
  const [n = 1, h = 1, w = 1, c = 1] = [1, 1, 1, 1, ...shape].slice(-4);
  const out = new Float32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const [channel, column] = [at % c, Math.floor(at / c) % w];
    const [row, picture] = [Math.floor(at / (c * w)) % h, Math.floor(at / (c * w * h))];
    out[((picture * c + channel) * h + row) * w + column] = values[at] ?? 0;
  }
  return { shape: [n, c, h, w], values: out };
}

/** Logical axis of a picture (N, H, W, C) to the axis it has in the file (N, C, H, W). */
const STORED_AXIS = [0, 2, 3, 1];

/** Position in the file of an axis that TensorFlow counts, negative ones from the end. */
export function storedAxis(shape: readonly number[], axis: number): number {
  const positive = axis < 0 ? axis + shape.length : axis;
  return shape.length === 4 ? (STORED_AXIS[positive] ?? positive) : positive;
}

const TO_NHWC = [0, 2, 3, 1];
const TO_NCHW = [0, 3, 1, 2];

/** Name of something that belongs to an operator. Names of TensorFlow nodes hold no colon, so this is none of theirs. */
export const partName = (op: GraphOp, part: string): string => `${op.name}:${part}`;

/** Adds nodes for graph operators; knows how pictures are laid out. */
export class GraphContext extends ConversionContext {
  constructor() {
    super(new Map());
  }

  /** A node named after `op`, or after a part of it. */
  emit(
    op: GraphOp,
    kind: string,
    inputs: readonly string[],
    attributes: Parameters<typeof node>[3] = {},
    part = '',
  ): string {
    return this.add(kind, inputs, part === '' ? op.name : partName(op, part), attributes);
  }

  /** A constant as operand of an operator on values of `rank` axes. */
  operand(value: GraphValue, rank: number): string {
    if (value.kind === 'data') return value.tensor;
    if (rank !== 4) return this.floats(`${value.name}:const`, value.shape, value.values);
    const { shape, values } = toChannelsFirst(value);
    return this.floats(`${value.name}:nchw`, shape, values);
  }

  /** A value with its axes in the order TensorFlow has them. */
  private inLogicalOrder(op: GraphOp, { tensor, shape }: DataValue): string {
    return shape.length === 4 ? this.emit(op, 'Transpose', [tensor], { perm: TO_NHWC }, 'nhwc') : tensor;
  }

  /** Gives a value another shape (of the same elements a picture). A picture of one pixel need not be re-laid for that. */
  reshape(op: GraphOp, value: DataValue, shape: readonly number[]): DataValue {
    const pixel = ({ length, 1: height, 2: width }: readonly number[]): boolean =>
      length !== 4 || (height === 1 && width === 1);
    const free = pixel(value.shape) && pixel(shape);
    const from = free ? value.tensor : this.inLogicalOrder(op, value);
    const stored = free && shape.length === 4 ? [shape[0], shape[3], shape[1], shape[2]] : shape;
    const turned = !free && shape.length === 4;
    const sizes = this.ints(
      partName(op, 'shape'),
      stored.map((size, axis) => (axis === 0 ? BATCH : (size ?? 1))),
    );
    const reshaped = this.emit(op, 'Reshape', [from, sizes], {}, turned ? 'reshaped' : '');
    const tensor = turned ? this.emit(op, 'Transpose', [reshaped], { perm: TO_NCHW }) : reshaped;
    return { kind: 'data', tensor, shape };
  }
}

/** Elements a picture. */
export const perPicture = (shape: readonly number[]): number => elementCount(shape.slice(1));

/** An input that depends on the picture. @throws UnsupportedLayerError where a constant is given */
export function dataInput(op: GraphOp, values: readonly GraphValue[], at = 0): DataValue {
  const value = values[at];
  if (value?.kind === 'data') return value;
  throw op.unsupported(`input ${at} should depend on the picture`);
}

/** An input whose elements are known. @throws UnsupportedLayerError where it depends on the picture */
export function constInput(op: GraphOp, values: readonly GraphValue[], at: number): ConstValue {
  const value = values[at];
  if (value?.kind === 'const') return value;
  throw op.unsupported(`input ${at} should be a constant`);
}

/** A picture: a value of four axes. */
export function pictureInput(
  op: GraphOp,
  values: readonly GraphValue[],
): DataValue & { size: [number, number, number] } {
  const value = dataInput(op, values);
  const [, height, width, channels] = value.shape;
  if (value.shape.length !== 4 || !height || !width || !channels)
    throw op.unsupported(`a picture is expected, not a value of shape [${value.shape.join(', ')}]`);
  return { ...value, size: [height, width, channels] };
}
