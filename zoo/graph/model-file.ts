import { GraphError } from '../errors.js';
import type { Attribute, ElementType, GraphNode, Model, Tensor, ValueInfo } from './model.js';
import type {
  AttributeMessage,
  GraphMessage,
  ModelMessage,
  NodeMessage,
  TensorMessage,
  ValueInfoMessage,
} from './schema.js';
import { attributeTypes, elementTypes, ModelProto } from './schema.js';

const typeNumbers = Object.fromEntries(
  Object.entries(elementTypes).map(([number, name]) => [name, Number(number)]),
) as Record<ElementType, number>;

const utf8 = new TextDecoder();
const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text);

function elementType(number: number | undefined, what: string): ElementType {
  const name = elementTypes[number as keyof typeof elementTypes];
  if (!name) throw new GraphError(`${what} has element type ${number ?? 'none'}, which is not supported.`);
  return name;
}

const EXTERNAL = 1;

/** Older exporters keep small tensors in typed fields; everything becomes raw little-endian bytes here. */
function readTensor(message: TensorMessage): Tensor {
  const name = message.name ?? '';
  if (message.dataLocation === EXTERNAL) {
    throw new GraphError(`The weights of "${name}" lie in another file; export the model as one file.`);
  }
  const type = elementType(message.dataType, `Tensor "${name}"`);
  return { name, type, dims: message.dims ?? [], raw: message.rawData ?? typedBytes(message, type) };
}

function typedBytes(message: TensorMessage, type: ElementType): Uint8Array {
  const small = message.int32Data ?? [];
  const arrays: Record<ElementType, () => ArrayBufferView> = {
    float32: () => Float32Array.from(message.floatData ?? []),
    float64: () => Float64Array.from(message.doubleData ?? []),
    int64: () => BigInt64Array.from(message.int64Data ?? [], (value) => BigInt(value)),
    int32: () => Int32Array.from(small),
    float16: () => Uint16Array.from(small),
    uint8: () => Uint8Array.from(small),
    int8: () => Int8Array.from(small),
    bool: () => Uint8Array.from(small),
  };
  const array = arrays[type]();
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

function readAttribute(message: AttributeMessage): Attribute {
  switch (message.type) {
    case attributeTypes.float:
      return { kind: 'float', value: message.f ?? 0 };
    case attributeTypes.int:
      return { kind: 'int', value: message.i ?? 0 };
    case attributeTypes.string:
      return { kind: 'string', value: utf8.decode(message.s ?? new Uint8Array()) };
    case attributeTypes.tensor:
      return { kind: 'tensor', value: readTensor(message.t ?? {}) };
    case attributeTypes.graph:
      return { kind: 'graph', value: message.g ?? new Uint8Array() };
    case attributeTypes.floats:
      return { kind: 'floats', value: message.floats ?? [] };
    case attributeTypes.ints:
      return { kind: 'ints', value: message.ints ?? [] };
    case attributeTypes.strings:
      return { kind: 'strings', value: (message.strings ?? []).map((bytes) => utf8.decode(bytes)) };
    default:
      throw new GraphError(
        `Attribute "${message.name ?? ''}" is of type ${message.type ?? 'none'}, unknown.`,
      );
  }
}

function readNode(message: NodeMessage): GraphNode {
  const attributes = (message.attribute ?? []).map((item) => [item.name ?? '', readAttribute(item)] as const);
  return {
    name: message.name ?? '',
    op: message.opType ?? '',
    domain: message.domain === 'ai.onnx' ? '' : (message.domain ?? ''),
    inputs: message.input ?? [],
    outputs: message.output ?? [],
    attributes: Object.fromEntries(attributes),
  };
}

function readValueInfo(message: ValueInfoMessage): ValueInfo {
  const tensor = message.type?.tensorType;
  if (!tensor) return { name: message.name ?? '', type: null, dims: [] };
  const dims = (tensor.shape?.dim ?? []).map((dim) => dim.dimValue ?? dim.dimParam ?? '?');
  return { name: message.name ?? '', type: elementType(tensor.elemType, `"${message.name ?? ''}"`), dims };
}

/** Some exporters write weights as Constant nodes; they are the same thing as initialisers. */
function constantOf(item: GraphNode): Tensor[] {
  const value = item.op === 'Constant' ? item.attributes.value : undefined;
  return value?.kind === 'tensor' ? [{ ...value.value, name: item.outputs[0] ?? '' }] : [];
}

function readGraph(graph: GraphMessage): Pick<Model, 'nodes' | 'constants' | 'inputs' | 'outputs'> {
  if (graph.sparseInitializer?.length) throw new GraphError('Sparse weights are not supported.');
  const constants = new Map((graph.initializer ?? []).map((item) => [item.name ?? '', readTensor(item)]));
  const nodes = (graph.node ?? []).map(readNode);
  for (const tensor of nodes.flatMap(constantOf)) constants.set(tensor.name, tensor);
  const inputs = (graph.input ?? []).filter((input) => !constants.has(input.name ?? '')).map(readValueInfo);
  return {
    nodes: nodes.filter((item) => constantOf(item).length === 0),
    constants,
    inputs,
    outputs: (graph.output ?? []).map(readValueInfo),
  };
}

function decode(bytes: Uint8Array): ModelMessage {
  try {
    return ModelProto.toObject(ModelProto.decode(bytes), { longs: Number });
  } catch (error) {
    throw new GraphError('The bytes are not an ONNX model.', { cause: error });
  }
}

/**
 * Reads an `.onnx` file that holds its weights itself.
 *
 * @throws GraphError when it is none, or keeps weights in other files.
 */
export function readModel(bytes: Uint8Array): Model {
  const message = decode(bytes);
  if (!message.graph?.node?.length)
    throw new GraphError('The bytes are not an ONNX model: no graph in them.');
  return {
    ...readGraph(message.graph),
    irVersion: message.irVersion ?? 0,
    opsets: Object.fromEntries(
      (message.opsetImport ?? []).map((item) => [item.domain ?? '', item.version ?? 1]),
    ),
    producer: message.producerName ?? '',
    metadata: Object.fromEntries(
      (message.metadataProps ?? []).map((item) => [item.key ?? '', item.value ?? '']),
    ),
    functions: message.functions ?? [],
  };
}

function writeTensor({ name, type, dims, raw }: Tensor): TensorMessage {
  return { name, dataType: typeNumbers[type], dims: [...dims], rawData: raw };
}

function writeAttribute(name: string, attribute: Attribute): AttributeMessage {
  const type = attributeTypes[attribute.kind];
  switch (attribute.kind) {
    case 'float':
      return { name, type, f: attribute.value };
    case 'int':
      return { name, type, i: attribute.value };
    case 'string':
      return { name, type, s: encodeText(attribute.value) };
    case 'tensor':
      return { name, type, t: writeTensor(attribute.value) };
    case 'graph':
      return { name, type, g: attribute.value };
    case 'floats':
      return { name, type, floats: [...attribute.value] };
    case 'ints':
      return { name, type, ints: [...attribute.value] };
    case 'strings':
      return { name, type, strings: attribute.value.map(encodeText) };
  }
}

function writeNode({ name, op, domain, inputs, outputs, attributes }: GraphNode): NodeMessage {
  return {
    name,
    opType: op,
    domain,
    input: [...inputs],
    output: [...outputs],
    attribute: Object.entries(attributes).map(([key, value]) => writeAttribute(key, value)),
  };
}

function writeValueInfo({ name, type, dims }: ValueInfo): ValueInfoMessage {
  if (type === null) return { name };
  const dim = dims.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: typeNumbers[type], shape: { dim } } } };
}

/** The bytes of an `.onnx` file; the same model gives the same bytes. */
export function writeModel(model: Model): Uint8Array {
  const message: ModelMessage = {
    irVersion: model.irVersion,
    producerName: model.producer,
    opsetImport: Object.entries(model.opsets).map(([domain, version]) => ({ domain, version })),
    graph: {
      name: 'graft',
      node: model.nodes.map(writeNode),
      initializer: [...model.constants.values()].map(writeTensor),
      input: model.inputs.map(writeValueInfo),
      output: model.outputs.map(writeValueInfo),
    },
    metadataProps: Object.entries(model.metadata).map(([key, value]) => ({ key, value })),
    functions: [...model.functions],
  };
  return ModelProto.encode(message).finish();
}
