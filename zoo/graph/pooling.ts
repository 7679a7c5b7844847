import type { GraphNode, Model, Tensor } from './model.js';
import { floats, floatValues, ints, node } from './model.js';
import type { Addition } from './surgery.js';
import type { Tap } from './taps.js';

/**
 * How a tensor holds its channels, and so how it is pooled into one vector a picture: over space or over tokens
 * [N, tokens, channels]; `class-token` takes the first token alone.
 */
export type TensorLayout = 'nchw' | 'nhwc' | 'tokens' | 'class-token' | 'vector';

/** By the mean, or by the generalised mean, which lies between the mean and the greatest value. */
export type Pooling = 'mean' | 'gem';

/** What is to be pooled. */
export interface Pooled {
  readonly tensor: string;
  readonly layout: TensorLayout;
  /** The mean where left out. */
  readonly pooling?: Pooling;
  /** Of the places of an `nchw` tensor only those of every so many rows and columns are read by the generalised mean; all where left out. */
  readonly stride?: number;
}

/** Planes of so many channels. */
export type Planes = Pooled & { readonly channels: number };

const FIRST_OPSET_WITH_AXES_INPUT = 18;

/** ReduceMean took its axes as an attribute until opset 17 and takes them as an input since. */
function reduceMean(opset: number, input: string, output: string, axes: readonly number[]): Addition {
  if (opset < FIRST_OPSET_WITH_AXES_INPUT) {
    return { nodes: [node('ReduceMean', [input], output, { axes, keepdims: 0 })], constants: [] };
  }
  const constant = ints(`${output}/axes`, axes);
  return {
    nodes: [node('ReduceMean', [input, constant.name], output, { keepdims: 0 })],
    constants: [constant],
  };
}

/** The first token, where transformers collect what they know of the whole picture. */
function firstToken(input: string, output: string): Addition {
  const first: Tensor = { ...ints(`${output}/first`, [0]), dims: [] };
  return { nodes: [node('Gather', [input, first.name], output, { axis: 1 })], constants: [first] };
}

/** The mean over the places of anything but planes. */
function meanPool(opset: number, input: string, output: string, layout: TensorLayout): Addition {
  if (layout === 'tokens') return reduceMean(opset, input, output, [1]);
  if (layout === 'class-token') return firstToken(input, output);
  if (layout === 'nhwc') return reduceMean(opset, input, output, [1, 2]);
  return { nodes: [node('Flatten', [input], output, { axis: 1 })], constants: [] };
}

/** Exponent of the generalised mean: what its authors found to be good without training. */
const EXPONENT = 3;

const partOf = (output: string, part: string): string => `${output}/${part}`;

const POSITIVE = new Set(['Relu', 'Sigmoid', 'Softmax']);

/** Whether an operator gives nothing below 0; ReLU6 is a Clip. */
function givesPositive(model: Model, { op, inputs, attributes }: GraphNode): boolean {
  if (op !== 'Clip') return POSITIVE.has(op);
  const least = attributes.min;
  if (least?.kind === 'float') return least.value >= 0;
  const constant = model.constants.get(inputs[1] ?? '');
  return constant?.type === 'float32' && (floatValues(constant)[0] ?? -1) >= 0;
}

/** Cubes of what is above 0, written as products: a power of every activation is slow. */
function cubesOf(model: Model, input: string, output: string): GraphNode[] {
  const maker = model.nodes.find(({ outputs }) => outputs.includes(input));
  const isPositive = maker !== undefined && givesPositive(model, maker);
  const positive = isPositive ? input : partOf(output, 'positive');
  const squared = partOf(output, 'squared');
  return [
    ...(isPositive ? [] : [node('Relu', [input], positive)]),
    node('Mul', [positive, positive], squared),
    node('Mul', [squared, positive], partOf(output, 'cubed')),
  ];
}

/** The power that makes a mean of cubes a generalised mean. */
const rootOf = (output: string): Tensor => floats(partOf(output, 'root'), [], [1 / EXPONENT]);

/** Powers for planes side by side, one for each channel: those that were pooled by the mean stay as they are. */
function powersOf(planes: readonly Planes[], output: string): Tensor {
  const powers = planes.flatMap(({ pooling, channels }) =>
    new Array<number>(channels).fill(pooling === 'gem' ? 1 / EXPONENT : 1),
  );
  return floats(partOf(output, 'root'), [powers.length, 1, 1], powers);
}

/** Pooled planes as vectors, taken to a power before that where there is one. */
function flattened(
  nodes: readonly GraphNode[],
  means: string,
  output: string,
  root: Tensor | null,
): Addition {
  const flatten = (input: string) => node('Flatten', [input], output, { axis: 1 });
  if (root === null) return { nodes: [...nodes, flatten(means)], constants: [] };
  const rooted = partOf(output, 'rooted');
  return {
    nodes: [...nodes, node('Pow', [means, root.name], rooted), flatten(rooted)],
    constants: [root],
  };
}

/**
 * The mean of each plane. They go through GlobalAveragePool, not ReduceMean: onnxruntime runs the former in the blocked layout that its
 * convolutions use (NCHWc), so that the tapped tensor need not be re-laid. Products and a MaxPool of one place, which takes every so
 * many rows and columns, can stay in that layout too.
 */
function meanOfPlanes(model: Model, { tensor, pooling, stride = 1 }: Pooled, output: string): GraphNode[] {
  if (pooling !== 'gem') return [node('GlobalAveragePool', [tensor], output)];
  const some = stride > 1 ? partOf(output, 'some') : tensor;
  const window = { kernel_shape: [1, 1], strides: [stride, stride] };
  return [
    ...(stride > 1 ? [node('MaxPool', [tensor], some, window)] : []),
    ...cubesOf(model, stride > 1 ? some : tensor, output),
    node('GlobalAveragePool', [partOf(output, 'cubed')], output),
  ];
}

/**
 * Pools planes of `model` into `output`, [N, channels of all]: joined before they are flattened, which costs less than each by itself. What is
 * to be read in two ways should stand side by side: the runtime goes through them in their order, and a tensor that waits for its
 * second reading takes memory and has left the cache by then.
 */
export function poolTogether(model: Model, planes: readonly Planes[], output: string): Addition {
  const means = planes.map((one, i) => ({ name: partOf(output, `mean-${i}`), one }));
  const nodes = means.flatMap(({ name, one }) => meanOfPlanes(model, one, name));
  const names = means.map(({ name }) => name);
  const joined = partOf(output, 'joined');
  nodes.push(node('Concat', names, joined, { axis: 1 }));
  const hasRoots = planes.some(({ pooling }) => pooling === 'gem');
  return flattened(nodes, joined, output, hasRoots ? powersOf(planes, output) : null);
}

/** Pools one tensor that is planes. */
function poolPlanes(model: Model, one: Pooled, output: string): Addition {
  const mean = partOf(output, 'mean');
  const root = one.pooling === 'gem' ? rootOf(output) : null;
  return flattened(meanOfPlanes(model, one, mean), mean, output, root);
}

/** Pools anything but planes. */
function poolPlaces(model: Model, { tensor, layout, pooling }: Pooled, output: string): Addition {
  const opset = model.opsets[''] ?? 0;
  if (pooling !== 'gem') return meanPool(opset, tensor, output, layout);
  const mean = meanPool(opset, partOf(output, 'cubed'), partOf(output, 'mean'), layout);
  const root = rootOf(output);
  const power = node('Pow', [partOf(output, 'mean'), root.name], output);
  return {
    nodes: [...cubesOf(model, tensor, output), ...mean.nodes, power],
    constants: [...mean.constants, root],
  };
}

/** Pools a tensor of `model` into `output`, [N, channels]. */
export const pool = (model: Model, pooled: Pooled, output: string): Addition =>
  pooled.layout === 'nchw' ? poolPlanes(model, pooled, output) : poolPlaces(model, pooled, output);

const GEM = '-gem';
/** Planes of twice as many places a side are read at every second one, and so on: the mean over fewer would be a rougher one. */
const ENOUGH_PLACES = 12;
/** Larger planes, of the first layers, have no twin: what is in them is seldom of use, and reading them takes the most time. */
const LARGEST_STRIDE = 3;
const HAS_PLACES: readonly TensorLayout[] = ['nchw', 'nhwc', 'tokens'];

/** Id of a tap read by its generalised mean. */
export const twinOf = (tap: string): string => `${tap}${GEM}`;

/** Whether a tap is read by the generalised mean. */
export const isGem = (tap: string): boolean => tap.endsWith(GEM);

const strideOf = ({ side = 0 }: Tap): number => Math.max(1, Math.floor(side / ENOUGH_PLACES));

const hasTwin = (tap: Tap): boolean => HAS_PLACES.includes(tap.layout) && strideOf(tap) <= LARGEST_STRIDE;

/**
 * Taps, each that has places also read by their generalised mean with exponent 3 (Radenović, Tolias and Chum, Fine-Tuning CNN Image
 * Retrieval with No Human Annotation, TPAMI 2019), 'block-07-gem' beside 'block-07'. The deepest tap stays the last.
 */
export function withGem(taps: readonly Tap[]): Tap[] {
  const twins = taps.filter(hasTwin).map((tap): Tap => {
    const kind = tap.kind === 'last' ? 'block' : tap.kind;
    return { ...tap, id: twinOf(tap.id), kind, pooling: 'gem', stride: strideOf(tap) };
  });
  return [...twins, ...taps].map((tap, index) => ({ ...tap, index }));
}
