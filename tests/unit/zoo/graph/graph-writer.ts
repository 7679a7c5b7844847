import type { GraphModelJson } from '../../../../zoo/graph/convert/graph-model.js';
import type { WeightSpec } from '../../../../zoo/graph/convert/weights.js';
import { createRng } from '../../../../zoo/index.js';

type Attribute =
  | number
  | boolean
  | string
  | readonly number[]
  | readonly string[]
  | { type: string }
  | { f: number }
  | { shape: object };

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** Attributes as TensorFlow's protobuf is written in JSON. */
function toJson(value: Attribute): object {
  if (typeof value === 'number') return { i: String(value) };
  if (typeof value === 'boolean') return { b: value };
  if (typeof value === 'string') return { s: base64(value) };
  if (!Array.isArray(value)) return value;
  const list = value as readonly (number | string)[];
  return typeof list[0] === 'string'
    ? { list: { s: list.map((text) => base64(String(text))) } }
    : { list: { i: list.map(String) } };
}

/** Writes small TensorFlow.js graph models, node by node, with random weights. */
export class GraphWriter {
  private readonly nodes: { name: string; op: string; input: string[]; attr: object }[] = [];
  private readonly weights: WeightSpec[] = [];
  private readonly bytes: Uint8Array[] = [];
  private readonly rng = createRng('graph-writer');

  /** @param dims what the graph says of its input; -1 stands for any */
  constructor(dims: readonly number[] = []) {
    const shape = { dim: dims.map((size) => ({ size: String(size) })) };
    this.node('Placeholder', 'x', [], {
      dtype: { type: 'DT_FLOAT' },
      ...(dims.length > 0 ? { shape: { shape } } : {}),
    });
  }

  node(
    op: string,
    name: string,
    input: readonly string[],
    attributes: Record<string, Attribute> = {},
  ): string {
    const entries = Object.entries({ T: { type: 'DT_FLOAT' }, ...attributes });
    const attr = Object.fromEntries(entries.map(([key, value]) => [key, toJson(value)]));
    this.nodes.push({ name, op, input: [...input], attr });
    return name;
  }

  private constant(spec: WeightSpec, bytes: Uint8Array): string {
    this.weights.push(spec);
    this.bytes.push(bytes);
    const type = { type: spec.dtype === 'int32' ? 'DT_INT32' : 'DT_FLOAT' };
    this.nodes.push({ name: spec.name, op: 'Const', input: [], attr: { dtype: type } });
    return spec.name;
  }

  /** Random weights, above `low`. */
  floats(name: string, shape: readonly number[], low = -0.5): string {
    const count = shape.reduce((a, b) => a * b, 1);
    const values = Float32Array.from({ length: count }, () => low + this.rng.next());
    return this.constant({ name, shape, dtype: 'float32' }, new Uint8Array(values.buffer));
  }

  /** One float of a given value. */
  scalar(name: string, value: number): string {
    return this.constant(
      { name, shape: [], dtype: 'float32' },
      new Uint8Array(Float32Array.of(value).buffer),
    );
  }

  ints(name: string, values: readonly number[], shape: readonly number[] = [values.length]): string {
    return this.constant({ name, shape, dtype: 'int32' }, new Uint8Array(Int32Array.from(values).buffer));
  }

  /** Random stored numbers, restored by scale and minimum. */
  quantised(name: string, shape: readonly number[], dtype: 'uint8' | 'uint16' | 'float16'): string {
    const count = shape.reduce((a, b) => a * b, 1);
    const stored =
      dtype === 'uint8'
        ? Uint8Array.from({ length: count }, () => this.rng.int(256))
        : // Halves of either sign, large and tiny, but no infinities.
          Uint16Array.from({ length: count }, () => (this.rng.int(2) << 15) | this.rng.int(0x4000));
    const scaling = dtype === 'float16' ? {} : { scale: dtype === 'uint8' ? 1 / 256 : 1 / 65536, min: -0.5 };
    const spec = { name, shape, dtype: 'float32', quantization: { dtype, ...scaling } };
    return this.constant(spec, new Uint8Array(stored.buffer));
  }

  model(): { json: GraphModelJson; shards: Uint8Array } {
    const weightsManifest = [{ paths: ['weights'], weights: this.weights }];
    const modelTopology = { node: this.nodes, library: {}, versions: {} };
    return { json: { modelTopology, weightsManifest } as GraphModelJson, shards: Buffer.concat(this.bytes) };
  }
}
