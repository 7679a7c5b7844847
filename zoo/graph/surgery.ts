import { GraphError } from '../errors.js';
import type { GraphNode, Model, Tensor, ValueInfo } from './model.js';
import { ints, node } from './model.js';
import { ancestors, structureOf } from './structure.js';

/**
 * The part of a model that the given tensors need, with them as outputs. Everything else is dropped: later nodes, and
 * constants nobody reads any more.
 *
 * @throws GraphError for a tensor the model does not make.
 */
export function extract(model: Model, outputs: readonly (string | ValueInfo)[]): Model {
  const wanted = outputs.map((item) =>
    typeof item === 'string' ? { name: item, type: null, dims: [] } : item,
  );
  const structure = structureOf(model);
  const missing = wanted.find(({ name }) => !structure.producer.has(name));
  if (missing) throw new GraphError(`The model has no tensor "${missing.name}".`);
  const needed = ancestors(
    structure,
    wanted.map((item) => item.name),
  );
  const nodes = model.nodes.filter((_, index) => needed.has(index));
  return { ...model, nodes, constants: usedConstants(model, nodes), outputs: wanted };
}

function usedConstants(model: Model, nodes: readonly GraphNode[]): Map<string, Tensor> {
  const used = new Set(nodes.flatMap((item) => item.inputs));
  return new Map([...model.constants].filter(([name]) => used.has(name)));
}

/**
 * How a tensor holds its channels, and so how it is pooled into one vector a picture: by the mean over space or over tokens
 * [N, tokens, channels]; `class-token` takes the first token alone.
 */
export type TensorLayout = 'nchw' | 'nhwc' | 'tokens' | 'class-token' | 'vector';

/** Nodes and constants to be added to a graph. */
export interface Addition {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Tensor[];
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
 * Pools a tensor into `output`, [N, channels], as its layout says.
 *
 * NCHW pictures go through GlobalAveragePool, not ReduceMean: onnxruntime runs the former in the blocked layout that its
 * convolutions use (NCHWc), so that the tapped tensor need not be re-laid.
 */
export function meanPool(model: Model, input: string, output: string, layout: TensorLayout): Addition {
  const opset = model.opsets[''] ?? 0;
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

/** The model with an addition behind its nodes. */
export function append(model: Model, addition: Addition): Model {
  const constants = new Map(model.constants);
  for (const tensor of addition.constants) constants.set(tensor.name, tensor);
  return { ...model, nodes: [...model.nodes, ...addition.nodes], constants };
}

/** The model with an addition before its nodes, and `input` in place of its own. */
export function prepend(model: Model, addition: Addition, input: ValueInfo): Model {
  const constants = new Map(model.constants);
  for (const tensor of addition.constants) constants.set(tensor.name, tensor);
  return { ...model, nodes: [...addition.nodes, ...model.nodes], constants, inputs: [input] };
}
