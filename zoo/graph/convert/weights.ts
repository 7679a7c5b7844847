import { GraphError } from '../../errors.js';

/** One entry of the weights manifest; quantised values are `stored * scale + min`, float16 ones are merely widened. */
export interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string; readonly min?: number; readonly scale?: number };
}

/** The weights part of a `model.json` of TensorFlow.js. */
export type WeightsManifest = readonly {
  readonly paths: readonly string[];
  readonly weights: readonly WeightSpec[];
}[];

/** A weight of the model, in the layout TensorFlow stores it. */
export interface Weight {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** IEEE 754 half precision to a number: sign, 5 bits of exponent, 10 of fraction. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

interface StoredType {
  readonly bytes: number;
  read(buffer: ArrayBuffer): Float32Array;
}

const storedTypes: Readonly<Record<string, StoredType>> = {
  bool: { bytes: 1, read: (buffer) => Float32Array.from(new Uint8Array(buffer)) },
  uint8: { bytes: 1, read: (buffer) => Float32Array.from(new Uint8Array(buffer)) },
  uint16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer)) },
  float16: { bytes: 2, read: (buffer) => Float32Array.from(new Uint16Array(buffer), halfToNumber) },
  float32: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  int32: { bytes: 4, read: (buffer) => Float32Array.from(new Int32Array(buffer)) },
};

function storedType(spec: WeightSpec): StoredType {
  const dtype = spec.quantization?.dtype ?? spec.dtype;
  const type = Object.hasOwn(storedTypes, dtype) ? storedTypes[dtype] : undefined;
  if (!type) throw new GraphError(`Weight "${spec.name}" is stored as ${dtype}, which is not supported.`);
  return type;
}

function readWeight(spec: WeightSpec, bytes: Uint8Array): Float32Array {
  const values = storedType(spec).read(new Uint8Array(bytes).buffer);
  const { scale, min = 0 } = spec.quantization ?? {};
  if (scale === undefined) return values;
  const restored = values.map((value) => value * scale + min);
  return spec.dtype === 'int32' ? restored.map(Math.round) : restored;
}

const byteLength = (spec: WeightSpec): number =>
  spec.shape.reduce((product, size) => product * size, 1) * storedType(spec).bytes;

/**
 * Reads all weights from the joined shards of a manifest; quantised ones as TensorFlow.js does.
 *
 * @throws GraphError when the bytes do not fit the manifest.
 */
export function readWeights(manifest: WeightsManifest, shards: Uint8Array): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  let at = 0;
  for (const spec of manifest.flatMap((group) => group.weights)) {
    const end = at + byteLength(spec);
    if (end > shards.length)
      throw new GraphError(`The weights are ${shards.length} bytes; "${spec.name}" ends at ${end}.`);
    weights.set(spec.name, { shape: spec.shape, values: readWeight(spec, shards.subarray(at, end)) });
    at = end;
  }
  if (at !== shards.length)
    throw new GraphError(`The weights are ${shards.length} bytes; the manifest says ${at}.`);
  return weights;
}
