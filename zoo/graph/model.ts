import type { elementTypes } from './schema.js';

/** Element type of a tensor, by the name it has in onnxruntime. */
export type ElementType = (typeof elementTypes)[keyof typeof elementTypes];

/** A constant: `raw` holds the elements, little-endian, row-major. */
export interface Tensor {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly raw: Uint8Array;
}

/** An attribute of a node; sub-graphs (If, Loop) are carried along unread. */
export type Attribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'tensor'; readonly value: Tensor }
  | { readonly kind: 'graph'; readonly value: Uint8Array }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] };

/** One operator. An empty input name means "left out", as in ONNX. */
export interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A graph input or output; a dimension is a size, or a name such as 'N' where it is free. */
export interface ValueInfo {
  readonly name: string;
  /** Null leaves type and shape for the runtime to infer (outputs only). */
  readonly type: ElementType | null;
  readonly dims: readonly (number | string)[];
}

/** A model: nodes in topological order, constants by name. */
export interface Model {
  readonly irVersion: number;
  /** Operator set versions by domain; '' is the standard one. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly producer: string;
  readonly nodes: readonly GraphNode[];
  readonly constants: ReadonlyMap<string, Tensor>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Model-local functions, carried along unread. */
  readonly functions: readonly Uint8Array[];
}

/** The operator set every graph written here declares: the oldest with all we need, so any runtime of years takes it. */
export const WRITTEN_OPSET = 13;
export const WRITTEN_IR_VERSION = 8;

const bytesOf = (array: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** A float32 constant. */
export function floats(name: string, dims: readonly number[], values: ArrayLike<number>): Tensor {
  const data = values instanceof Float32Array ? values : Float32Array.from(values);
  return { name, type: 'float32', dims, raw: bytesOf(data) };
}

/** An int64 constant: ONNX wants these for shapes, axes and indices. */
export function ints(name: string, values: readonly number[]): Tensor {
  return {
    name,
    type: 'int64',
    dims: [values.length],
    raw: bytesOf(BigInt64Array.from(values, (value) => BigInt(value))),
  };
}

/** A node of the standard operator set; numbers become int attributes, `{ float }` a float one. */
export function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, number | readonly number[] | string | { float: number }>> = {},
): GraphNode {
  const entries = Object.entries(attributes).map(([name, value]) => [name, toAttribute(value)] as const);
  return { name: output, op, domain: '', inputs, outputs: [output], attributes: Object.fromEntries(entries) };
}

function toAttribute(value: number | readonly number[] | string | { float: number }): Attribute {
  if (typeof value === 'number') return { kind: 'int', value };
  if (typeof value === 'string') return { kind: 'string', value };
  if ('float' in value) return { kind: 'float', value: value.float };
  return { kind: 'ints', value };
}

/** The elements of a float32 constant, in an array of its own. */
export function floatValues(tensor: Tensor): Float32Array {
  return new Float32Array(new Uint8Array(tensor.raw).buffer);
}

/** Number of elements of a shape. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}
