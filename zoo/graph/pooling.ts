import type { GraphNode, Model, Tensor } from './model.js';
import { floats, ints, node } from './model.js';
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
}

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

/**
 * NCHW pictures go through GlobalAveragePool, not ReduceMean: onnxruntime runs the former in the blocked layout that its
 * convolutions use (NCHWc), so that the tapped tensor need not be re-laid.
 */
function meanPool(opset: number, input: string, output: string, layout: TensorLayout): Addition {
  if (layout === 'tokens') return reduceMean(opset, input, output, [1]);
  if (layout === 'class-token') return firstToken(input, output);
  if (layout === 'nhwc') return reduceMean(opset, input, output, [1, 2]);
  if (layout === 'vector') return { nodes: [node('Flatten', [input], output, { axis: 1 })], constants: [] };
  const pooled = `${output}/pooled`;
  return {
    nodes: [node('GlobalAveragePool', [input], pooled), node('Flatten', [pooled], output, { axis: 1 })],
    constants: [],
  };
}

/** Exponent of the generalised mean: what its authors found to be good without training. */
const EXPONENT = 3;
/** What lies below counts as this: the generalised mean is one of positive numbers. */
const LEAST = 1e-6;

/** The cube root of the mean of cubes, written as products: a power of every activation is slow. */
function gemPool(opset: number, input: string, output: string, layout: TensorLayout): Addition {
  const name = (part: string): string => `${output}/${part}`;
  const mean = meanPool(opset, name('cubed'), name('mean'), layout);
  const nodes: GraphNode[] = [
    node('Max', [input, name('least')], name('positive')),
    node('Mul', [name('positive'), name('positive')], name('squared')),
    node('Mul', [name('squared'), name('positive')], name('cubed')),
    ...mean.nodes,
    node('Pow', [name('mean'), name('root')], output),
  ];
  const constants = [floats(name('least'), [], [LEAST]), floats(name('root'), [], [1 / EXPONENT])];
  return { nodes, constants: [...constants, ...mean.constants] };
}

/** Pools a tensor of `model` into `output`, [N, channels]. */
export function pool(model: Model, { tensor, layout, pooling }: Pooled, output: string): Addition {
  const make = pooling === 'gem' ? gemPool : meanPool;
  return make(model.opsets[''] ?? 0, tensor, output, layout);
}

const GEM = '-gem';
const HAS_PLACES: readonly TensorLayout[] = ['nchw', 'nhwc', 'tokens'];

/** Whether a tap is read by the generalised mean. */
export const isGem = (tap: string): boolean => tap.endsWith(GEM);

/**
 * Taps, each that has places also read by their generalised mean with exponent 3 (Radenović, Tolias and Chum, Fine-Tuning CNN Image
 * Retrieval with No Human Annotation, TPAMI 2019), 'block-07-gem' beside 'block-07'. The deepest tap stays the last.
 */
export function withGem(taps: readonly Tap[]): Tap[] {
  const twins = taps
    .filter(({ layout }) => HAS_PLACES.includes(layout))
    .map((tap): Tap => {
      const kind = tap.kind === 'last' ? 'block' : tap.kind;
      return { ...tap, id: `${tap.id}${GEM}`, kind, pooling: 'gem' };
    });
  return [...twins, ...taps].map((tap, index) => ({ ...tap, index }));
}
