import { GraphError } from '../errors.js';
import type { GraphNode, Model, Tensor, ValueInfo } from './model.js';
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

/** Nodes and constants to be added to a graph. */
export interface Addition {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Tensor[];
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
