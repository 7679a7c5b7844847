import { GraphError, UnsupportedLayerError } from '../../errors.js';
import type { WeightsManifest } from './weights.js';

/** The contents of a `model.json` of TensorFlow.js, format "graph-model": a TensorFlow GraphDef as JSON. */
export interface GraphModelJson {
  readonly modelTopology: { readonly node?: readonly RawNode[] };
  readonly weightsManifest: WeightsManifest;
  readonly signature?: Signature;
  readonly userDefinedMetadata?: { readonly signature?: Signature };
}

interface Signature {
  readonly outputs?: Readonly<Record<string, { readonly name?: string }>>;
}

/** One value of an attribute, as protobuf writes it: integers as text, texts in base64 or as bytes. */
interface RawAttribute {
  readonly s?: string | readonly number[];
  readonly i?: string | number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: string;
  readonly shape?: unknown;
  readonly list?: {
    readonly i?: readonly (string | number)[];
    readonly s?: readonly (string | readonly number[])[];
  };
}

interface RawNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, RawAttribute>>;
}

const textOf = (value: string | readonly number[]): string =>
  (typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.from(value)).toString('utf8');

/** A node of the graph, with its attributes by the names TensorFlow gives them. */
export class GraphOp {
  readonly name: string;
  readonly op: string;
  /** Names of the nodes it reads, in order; nodes it merely runs after are left out. */
  readonly inputs: readonly string[];

  constructor(private readonly raw: RawNode) {
    this.name = raw.name;
    this.op = raw.op;
    this.inputs = (raw.input ?? [])
      .filter((name) => !name.startsWith('^'))
      .map((name) => this.readEdge(name));
  }

  private readEdge(edge: string): string {
    const [name = '', output = '0'] = edge.split(':');
    if (output !== '0')
      throw this.unsupported(`it reads output ${output} of "${name}"; only first outputs are known`);
    return name;
  }

  text(key: string, fallback: string): string {
    const value = this.raw.attr?.[key]?.s;
    return value === undefined ? fallback : textOf(value);
  }

  texts(key: string): readonly string[] {
    return (this.raw.attr?.[key]?.list?.s ?? []).map(textOf);
  }

  numbers(key: string): readonly number[] {
    return (this.raw.attr?.[key]?.list?.i ?? []).map(Number);
  }

  number(key: string, fallback: number): number {
    const value = this.raw.attr?.[key];
    return Number(value?.i ?? value?.f ?? fallback);
  }

  flag(key: string): boolean {
    return this.raw.attr?.[key]?.b ?? false;
  }

  type(key: string): string {
    return this.raw.attr?.[key]?.type ?? '';
  }

  unsupported(detail?: string): UnsupportedLayerError {
    return new UnsupportedLayerError(this.name, this.op, detail);
  }
}

/** A graph: its nodes by name, and the nodes that give its outputs. */
export interface OpGraph {
  readonly nodes: ReadonlyMap<string, RawNode>;
  readonly outputs: readonly string[];
}

/** Whether a parsed `model.json` holds a graph model (and not a layers model). */
export const isGraphModel = (json: { readonly modelTopology?: unknown }): boolean =>
  Array.isArray((json.modelTopology as { node?: unknown } | undefined)?.node);

function signatureOutputs(json: GraphModelJson): string[] {
  const { outputs = {} } = json.signature ?? json.userDefinedMetadata?.signature ?? {};
  return Object.entries(outputs).map(([key, { name }]) => (name ?? key).split(':')[0] ?? key);
}

/** Nodes that nobody reads. */
function loose(nodes: ReadonlyMap<string, RawNode>): string[] {
  const read = new Set(
    [...nodes.values()].flatMap(({ input = [] }) => input.map((edge) => edge.split(':')[0])),
  );
  return [...nodes.keys()].filter((name) => !read.has(name));
}

/** @throws GraphError for something else than a graph model. */
export function readGraph(json: GraphModelJson): OpGraph {
  if (!isGraphModel(json)) throw new GraphError('The file holds no TensorFlow.js graph model (no nodes).');
  const nodes = new Map((json.modelTopology.node ?? []).map((raw) => [raw.name, raw]));
  const named = signatureOutputs(json).filter((name) => nodes.has(name));
  return { nodes, outputs: named.length > 0 ? named : loose(nodes) };
}

interface RawShape {
  readonly dim?: readonly { readonly size?: string | number }[];
}

/** Dimensions of the picture that a graph says it reads, [N, H, W, C], -1 where it leaves one open; empty when it says nothing. */
export function statedDims(json: GraphModelJson): readonly number[] {
  const placeholder = (json.modelTopology.node ?? []).find(({ op }) => op === 'Placeholder');
  const { dim = [] } = (placeholder?.attr?.['shape']?.shape as RawShape | undefined) ?? {};
  return dim.map(({ size = -1 }) => Number(size));
}

/**
 * The nodes that `outputs` are computed from, each after those it reads; nothing before the nodes in `ends` is looked at.
 *
 * @throws GraphError for a node that is not there, or a cycle.
 */
export function opsInOrder(graph: OpGraph, outputs: readonly string[], ends: ReadonlySet<string>): GraphOp[] {
  const made = new Map<string, GraphOp>();
  const seen = new Set<string>();
  const order: GraphOp[] = [];
  /** Nodes on the way from an output to where the walk is. */
  const open = new Set<string>();
  const stack = [...outputs].reverse();
  while (stack.length > 0) {
    const name = stack.at(-1) ?? '';
    const op = made.get(name) ?? readOp(graph, name);
    made.set(name, op);
    const waiting = ends.has(name) ? [] : op.inputs.filter((input) => !seen.has(input));
    if (waiting.length > 0) {
      open.add(name);
      if (waiting.some((input) => open.has(input)))
        throw new GraphError(`Node "${name}" reads its own output.`);
      stack.push(...waiting);
      continue;
    }
    stack.pop();
    open.delete(name);
    if (!seen.has(name)) order.push(op);
    seen.add(name);
  }
  return order;
}

function readOp(graph: OpGraph, name: string): GraphOp {
  const raw = graph.nodes.get(name);
  if (!raw) throw new GraphError(`The graph has no node "${name}".`);
  return new GraphOp(raw);
}
