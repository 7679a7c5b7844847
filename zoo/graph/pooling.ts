import type { Model, Tensor } from './model.js';
import { ints, node } from './model.js';
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

/** Reductions took their axes as an attribute until opset 17 and take them as an input since. */
function reduce(op: string, opset: number, input: string, output: string, axes: readonly number[]): Addition {
  if (opset < FIRST_OPSET_WITH_AXES_INPUT) {
    return { nodes: [node(op, [input], output, { axes, keepdims: 0 })], constants: [] };
  }
  const constant = ints(`${output}/axes`, axes);
  return {
    nodes: [node(op, [input, constant.name], output, { keepdims: 0 })],
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
  if (layout === 'tokens') return reduce('ReduceMean', opset, input, output, [1]);
  if (layout === 'class-token') return firstToken(input, output);
  if (layout === 'nhwc') return reduce('ReduceMean', opset, input, output, [1, 2]);
  if (layout === 'vector') return { nodes: [node('Flatten', [input], output, { axis: 1 })], constants: [] };
  const pooled = `${output}/pooled`;
  return {
    nodes: [node('GlobalAveragePool', [input], pooled), node('Flatten', [pooled], output, { axis: 1 })],
    constants: [],
  };
}

/** Axes of the places. */
const PLACES: Partial<Record<TensorLayout, readonly number[]>> = { nchw: [2, 3], nhwc: [1, 2], tokens: [1] };

/**
 * The generalised mean with exponent 2, the root of the mean square, but for the division by the number of places, which standardising
 * takes away anyway: as a norm it is one reduction, where cubes would be written out in full first. Measured on the five embedded networks,
 * every tap: 1.38 times one pass with cubes, 1.22 with norms.
 */
function gemPool(opset: number, input: string, output: string, layout: TensorLayout): Addition {
  return reduce('ReduceL2', opset, input, output, PLACES[layout] ?? []);
}

/** Pools a tensor of `model` into `output`, [N, channels]. */
export function pool(model: Model, { tensor, layout, pooling }: Pooled, output: string): Addition {
  const make = pooling === 'gem' ? gemPool : meanPool;
  return make(model.opsets[''] ?? 0, tensor, output, layout);
}

const GEM = '-gem';
/** Share of a network's work before which there are no twins: early activations are large, so reading them twice would take as long as the network. */
const LEAST_DEPTH = 1 / 3;

/** Whether a tap is read by the generalised mean. */
export const isGem = (tap: string): boolean => tap.endsWith(GEM);

/**
 * Taps, each that has places and lies behind the first third of the work also read by their generalised mean with exponent 2 (Radenović, Tolias
 * and Chum, Fine-Tuning CNN Image Retrieval with No Human Annotation, TPAMI 2019), 'block-07-gem' beside 'block-07'. The deepest tap stays
 * the last.
 */
export function withGem(taps: readonly Tap[]): Tap[] {
  const twins = taps
    .filter(({ layout, depth }) => layout in PLACES && depth >= LEAST_DEPTH)
    .map((tap): Tap => {
      const kind = tap.kind === 'last' ? 'block' : tap.kind;
      return { ...tap, id: `${tap.id}${GEM}`, kind, pooling: 'gem' };
    });
  return [...twins, ...taps].map((tap, index) => ({ ...tap, index }));
}
