import { GraphError } from '../../errors.js';
import type { Model } from '../model.js';
import { WRITTEN_IR_VERSION, WRITTEN_OPSET } from '../model.js';
import { extract } from '../surgery.js';
import type { ConvertedModel } from './convert-layers-model.js';
import { INPUT_NAME } from './convert-layers-model.js';
import type { DataValue, GraphValue } from './graph-context.js';
import { BATCH, GraphContext } from './graph-context.js';
import type { GraphModelJson, GraphOp } from './graph-model.js';
import { opsInOrder, readGraph } from './graph-model.js';
import { activations } from './graph-ops/activation.js';
import { convolutions } from './graph-ops/convolution.js';
import { elementwise } from './graph-ops/elementwise.js';
import { shapes } from './graph-ops/shape.js';
import { hardActivation } from './hard-swish.js';
import type { Weight } from './weights.js';
import { readWeights } from './weights.js';

const converters = { ...activations, ...convolutions, ...elementwise, ...shapes };

/** Which part of a graph is converted, and for pictures of which size. */
export interface GraphModelOptions {
  readonly height: number;
  readonly width: number;
  /** Node whose value is the picture: the placeholder where left out; a later one cuts the graph's own resizing away. */
  readonly input?: string;
  /** Nodes to end at, such as the last of a trunk, before detection heads; the graph's own outputs where left out. */
  readonly outputs?: readonly string[];
}

const CHANNELS = 3;

/** The node that stands for the picture: the one placeholder that the rest is computed from. */
function findInput(ops: readonly GraphOp[]): string {
  const [first, ...others] = ops.filter(({ op }) => op === 'Placeholder');
  if (first && others.length === 0) return first.name;
  throw new GraphError(`The graph has ${first ? others.length + 1 : 0} inputs; exactly one is needed.`);
}

function convertOp(
  context: GraphContext,
  op: GraphOp,
  values: ReadonlyMap<string, GraphValue>,
  ops: ReadonlyMap<string, GraphOp>,
): GraphValue {
  const known = { op: (name: string) => ops.get(name), value: (name: string) => values.get(name) };
  const special = hardActivation(context, op, known);
  if (special) return special;
  const convert = Object.hasOwn(converters, op.op) ? converters[op.op] : undefined;
  if (!convert) throw op.unsupported();
  return convert(
    context,
    op,
    op.inputs.map((name) => values.get(name) as GraphValue),
  );
}

function weightOf(op: GraphOp, weights: ReadonlyMap<string, Weight>): GraphValue {
  const weight = weights.get(op.name);
  if (!weight) throw new GraphError(`The weights lack "${op.name}".`);
  return { kind: 'const', name: op.name, ...weight };
}

function convertOps(
  context: GraphContext,
  order: readonly GraphOp[],
  input: DataValue & { readonly node: string },
  weights: ReadonlyMap<string, Weight>,
): Map<string, GraphValue> {
  const ops = new Map(order.map((op) => [op.name, op]));
  const values = new Map<string, GraphValue>([[input.node, input]]);
  for (const op of order) {
    if (op.name === input.node) continue;
    values.set(op.name, op.op === 'Const' ? weightOf(op, weights) : convertOp(context, op, values, ops));
  }
  return values;
}

/**
 * Converts a TensorFlow.js graph model, or the part of it between two nodes, into ONNX: float input named `input`,
 * N x H x W x C as in TensorFlow, one transposition at the entry, pictures N x C x H x W after it; the outputs are those asked
 * for. Operators that were fused (`_FusedConv2D` with bias and activation) and weights that were quantised come apart; padding
 * is what TensorFlow adds at this size.
 *
 * @param shards the weight shards of the manifest, joined.
 * @throws UnsupportedLayerError naming the node and the operator it cannot convert; GraphError when the parts do not fit.
 */
export function convertGraphModel(
  json: GraphModelJson,
  shards: Uint8Array,
  options: GraphModelOptions,
): ConvertedModel {
  const graph = readGraph(json);
  const outputs = options.outputs ?? graph.outputs;
  const ends = new Set(options.input === undefined ? [] : [options.input]);
  const order = opsInOrder(graph, outputs, ends);
  const node = options.input ?? findInput(order);
  const context = new GraphContext();
  const { height, width } = options;
  const tensor = context.add('Transpose', [INPUT_NAME], `${node}:nchw`, { perm: [0, 3, 1, 2] });
  const input: DataValue = { kind: 'data', tensor, shape: [BATCH, height, width, CHANNELS] };
  const values = convertOps(context, order, { ...input, node }, readWeights(json.weightsManifest, shards));
  const tensors = new Map(
    [...values].flatMap(([name, value]) => (value.kind === 'data' ? [[name, value.tensor] as const] : [])),
  );
  const ended = outputs.map((name) => tensors.get(name) ?? '');
  return { model: modelOf(context, [height, width], ended), tensors };
}

function modelOf(
  context: GraphContext,
  [height, width]: [number, number],
  outputs: readonly string[],
): Model {
  const whole: Model = {
    irVersion: WRITTEN_IR_VERSION,
    opsets: { '': WRITTEN_OPSET },
    producer: 'graft',
    nodes: context.nodes,
    constants: context.constants,
    inputs: [{ name: INPUT_NAME, type: 'float32', dims: ['N', height, width, CHANNELS] }],
    outputs: [],
    metadata: {},
    functions: [],
  };
  // Parts of what became one operator are left over.
  return extract(whole, [...new Set(outputs)]);
}
