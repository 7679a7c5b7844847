import { GraphError } from '../errors.js';
import { openSession, type TensorValue } from '../runtimes/onnx.js';
import type { GraphNode, Model, Tensor, ValueInfo } from './model.js';
import { elementCount } from './model.js';
import { writeModel } from './model-file.js';
import type { Structure } from './structure.js';
import { ancestors, isWeighted } from './structure.js';
import { extract } from './surgery.js';

/** Shape of every tensor for one picture, by name. */
export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Zeros: a black picture, or a text of the first token of the vocabulary. */
function blankInput({ type }: ValueInfo, dims: readonly number[]): TensorValue {
  const count = elementCount(dims);
  return type === 'int64'
    ? { type, dims, data: new BigInt64Array(count) }
    : { type: 'float32', dims, data: new Float32Array(count) };
}

/**
 * Shapes of all tensors that depend on the picture, found by running the network once on a blank one with every tensor as
 * an output. That holds for every operator the runtime knows, which shape rules written here would not.
 *
 * @param dims shape of the input for one picture.
 */
export async function measureShapes(structure: Structure, dims: readonly number[]): Promise<Shapes> {
  const { model, producer, data } = structure;
  const [input] = model.inputs;
  if (!input) throw new GraphError('The model has no input.');
  const tensors = [...producer.keys()].filter((name) => name !== '' && data.has(name));
  const session = await openSession(writeModel(extract(model, tensors)), { optimise: 'none' });
  try {
    const blank = blankInput(input, dims);
    return new Map([[input.name, dims], ...Object.entries(await session.shapes({ [input.name]: blank }))]);
  } finally {
    await session.close();
  }
}

/** Multiplications and additions of one node, each counted as one, for one picture. */
export function nodeFlops(structure: Structure, shapes: Shapes, item: GraphNode): number {
  const output = elementCount(shapes.get(item.outputs[0] ?? '') ?? [0]);
  // Attention multiplies data with data.
  if (!isWeighted(structure, item) && item.op !== 'MatMul') return output;
  return 2 * output * multipliesPerOutput(structure.model, shapes, item);
}

function multipliesPerOutput(model: Model, shapes: Shapes, item: GraphNode): number {
  const weight = model.constants.get(item.inputs[1] ?? '')?.dims;
  if (weight && item.op === 'Conv') return elementCount(weight.slice(1));
  if (weight && item.op === 'ConvTranspose') return elementCount(weight.slice(2)) * (weight[0] ?? 1);
  return shapes.get(item.inputs[0] ?? '')?.at(-1) ?? 1;
}

/** What a truncated network costs: everything a tensor is computed from. */
export interface TrunkCost {
  /** Floating-point operations a picture. */
  readonly flops: number;
  /** Trained numbers. */
  readonly params: number;
  /** Size of the ONNX file that holds just that. */
  readonly bytes: number;
}

/** Costs of the network truncated at a tensor. */
export function trunkCost(structure: Structure, shapes: Shapes, tensor: string): TrunkCost {
  const nodes = [...ancestors(structure, [tensor])].flatMap((index) => structure.model.nodes[index] ?? []);
  const constants = new Set(nodes.flatMap((item) => item.inputs));
  let params = 0;
  for (const name of constants) {
    const constant = structure.model.constants.get(name);
    if (constant?.type === 'float32' || constant?.type === 'float16') params += elementCount(constant.dims);
  }
  const flops = nodes.reduce((sum, item) => sum + nodeFlops(structure, shapes, item), 0);
  return { params, flops, bytes: fileBytes(extract(structure.model, [tensor])) };
}

/** What a model takes on disk: its graph written without the elements of its constants, and these. */
function fileBytes(model: Model): number {
  const hollow = [...model.constants].map(([name, constant]): [string, Tensor] => {
    return [name, { ...constant, raw: new Uint8Array() }];
  });
  let elements = 0;
  for (const { raw } of model.constants.values()) elements += raw.length;
  return elements + writeModel({ ...model, constants: new Map(hollow) }).length;
}
