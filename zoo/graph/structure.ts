import { GraphError } from '../errors.js';
import type { GraphNode, Model } from './model.js';

/** Operators that read only the shape of their input: what they give is no function of the picture. */
const SHAPE_READERS: ReadonlySet<string> = new Set(['Shape', 'Size']);

/** Operators with trained weights; they do nearly all the work of a network. */
const WEIGHTED: ReadonlySet<string> = new Set(['Conv', 'ConvTranspose', 'Gemm', 'MatMul']);

/** Who makes and who reads each tensor, and which tensors depend on the picture. */
export interface Structure {
  readonly model: Model;
  /** Index of the node that makes a tensor. */
  readonly producer: ReadonlyMap<string, number>;
  /** Indices of the nodes that read a tensor. */
  readonly consumers: ReadonlyMap<string, readonly number[]>;
  /** Tensors that depend on the values of the input, not merely on its shape. */
  readonly data: ReadonlySet<string>;
}

function findData(model: Model): Set<string> {
  const data = new Set(model.inputs.map((input) => input.name));
  for (const { op, inputs, outputs } of model.nodes) {
    if (SHAPE_READERS.has(op) || !inputs.some((name) => data.has(name))) continue;
    for (const output of outputs) data.add(output);
  }
  return data;
}

/**
 * Indexes a model's graph.
 *
 * @throws GraphError for graphs with sub-graphs (If, Loop), whose hidden reads would be missed.
 */
export function structureOf(model: Model): Structure {
  const producer = new Map<string, number>();
  const consumers = new Map<string, number[]>();
  model.nodes.forEach((item, index) => {
    if (Object.values(item.attributes).some((attribute) => attribute.kind === 'graph')) {
      throw new GraphError(`The model has control flow ("${item.op}"); export it without.`);
    }
    for (const output of item.outputs) producer.set(output, index);
    for (const input of new Set(item.inputs)) consumers.set(input, [...(consumers.get(input) ?? []), index]);
  });
  return { model, producer, consumers, data: findData(model) };
}

/** Indices of all nodes that the given tensors are computed from. */
export function ancestors({ model, producer }: Structure, tensors: readonly string[]): Set<number> {
  const found = new Set<number>();
  const open = [...tensors];
  for (let tensor = open.pop(); tensor !== undefined; tensor = open.pop()) {
    const index = producer.get(tensor);
    if (index === undefined || found.has(index)) continue;
    found.add(index);
    open.push(...(model.nodes[index]?.inputs ?? []));
  }
  return found;
}

/** Whether a node multiplies the picture's data with trained weights. */
export function isWeighted({ data }: Structure, item: GraphNode): boolean {
  const [first = '', second = ''] = item.inputs;
  return WEIGHTED.has(item.op) && data.has(first) && !data.has(second);
}

/** Whether a node joins several branches of data into one. */
export function isJoin({ data }: Structure, item: GraphNode): boolean {
  return /^(Add|Sum|Concat)$/.test(item.op) && item.inputs.filter((name) => data.has(name)).length > 1;
}

/**
 * Orders nodes so that each comes after those it reads from. ONNX demands that of files; not every file obeys, and
 * everything here relies on it.
 *
 * @throws GraphError for a cycle or a tensor nobody makes.
 */
export function sortNodes(model: Model): Model {
  const known = new Set(['', ...model.constants.keys(), ...model.inputs.map((input) => input.name)]);
  let waiting = model.nodes;
  const sorted: GraphNode[] = [];
  while (waiting.length > 0) {
    const blocked: GraphNode[] = [];
    for (const item of waiting) {
      if (!item.inputs.every((name) => known.has(name))) {
        blocked.push(item);
        continue;
      }
      sorted.push(item);
      for (const output of item.outputs) known.add(output);
    }
    if (blocked.length === waiting.length) {
      throw new GraphError(`Node "${blocked[0]?.name ?? ''}" reads a tensor that is never made.`);
    }
    waiting = blocked;
  }
  return { ...model, nodes: sorted };
}
