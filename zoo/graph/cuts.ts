import type { GraphNode } from './model.js';
import { elementCount } from './model.js';
import type { Shapes } from './measure.js';
import type { Structure } from './structure.js';
import { ancestors, isJoin, isWeighted } from './structure.js';

/**
 * One stage of a network's main road: a stretch of single-tensor cuts with no trained weights between them (a convolution,
 * its normalisation and its activation, say), represented by the last of the same shape, that is, after the activation.
 */
export interface Stage {
  readonly tensor: string;
  readonly shape: readonly number[];
  /** All cuts of the stretch, in order. */
  readonly cuts: readonly string[];
  /** The first cut joins branches (the end of a residual or inception block). */
  readonly join: boolean;
  /** No nonlinearity between the weights and the tensor. */
  readonly linear: boolean;
  /** Nodes strictly between the stage before and this one. */
  readonly inner: readonly GraphNode[];
}

/** The output that most of the network leads to: exports with taps of their own have several. */
export function primaryOutput(structure: Structure): string {
  const { model } = structure;
  const work = (name: string): number => {
    const nodes = [...ancestors(structure, [name])].flatMap((index) => model.nodes[index] ?? []);
    return nodes.filter((item) => isWeighted(structure, item)).length + nodes.length * 1e-6;
  };
  return (
    model.outputs.map(({ name }) => ({ name, work: work(name) })).sort((a, b) => b.work - a.work)[0]?.name ??
    ''
  );
}

/** A cut and the data nodes since the cut before it, the one that makes it included. */
interface Cut {
  readonly tensor: string;
  readonly nodes: readonly GraphNode[];
}

/**
 * Tensors that every path from the input to `output` goes through. Walking the nodes in order, a tensor is one exactly
 * when, once it is made, nothing else that was made before is still waiting to be read.
 */
function findCuts(structure: Structure, output: string): Cut[] {
  const { model, data } = structure;
  const trunk = [...ancestors(structure, [output])].sort((a, b) => a - b);
  const nodes = trunk
    .flatMap((index) => model.nodes[index] ?? [])
    .filter((n) => n.outputs.some((o) => data.has(o)));
  const waiting = new Map<string, number>();
  for (const name of nodes.flatMap((item) => [...new Set(item.inputs)])) {
    if (data.has(name)) waiting.set(name, (waiting.get(name) ?? 0) + 1);
  }
  const live = new Set(model.inputs.map((input) => input.name));
  const cuts: Cut[] = [];
  let since: GraphNode[] = [];
  for (const item of nodes) {
    since.push(item);
    for (const name of new Set(item.inputs)) {
      const left = (waiting.get(name) ?? 0) - 1;
      waiting.set(name, left);
      if (left === 0) live.delete(name);
    }
    for (const name of item.outputs) if ((waiting.get(name) ?? 0) > 0 || name === output) live.add(name);
    const [only] = live;
    if (live.size !== 1 || !only || !item.outputs.includes(only)) continue;
    cuts.push({ tensor: only, nodes: since });
    since = [];
  }
  return cuts;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, i) => size === b[i]);

const LINEAR: ReadonlySet<string> = new Set([
  'BatchNormalization',
  'Add',
  'Mul',
  'Sub',
  'Identity',
  'Dropout',
]);

function toStage(structure: Structure, shapes: Shapes, cuts: readonly Cut[]): Stage {
  const [first, ...rest] = cuts as readonly [Cut, ...Cut[]];
  const shape = shapes.get(first.tensor) ?? [];
  const last = rest.filter((cut) => sameShape(shapes.get(cut.tensor) ?? [], shape)).at(-1) ?? first;
  const maker = first.nodes.at(-1);
  const after = cuts.slice(1, cuts.indexOf(last) + 1).flatMap((cut) => cut.nodes);
  return {
    tensor: last.tensor,
    shape,
    cuts: cuts.map((cut) => cut.tensor),
    join: maker !== undefined && isJoin(structure, maker),
    linear: maker !== undefined && isWeighted(structure, maker) && after.every((item) => LINEAR.has(item.op)),
    inner: first.nodes,
  };
}

/** The main road of a network from its input to `output`, as stages in order. */
export function findStages(structure: Structure, shapes: Shapes, output: string): Stage[] {
  const groups: Cut[][] = [];
  for (const cut of findCuts(structure, output)) {
    const weighted = cut.nodes.some((item) => isWeighted(structure, item));
    if (weighted) groups.push([cut]);
    else groups.at(-1)?.push(cut);
  }
  return groups.map((cuts) => toStage(structure, shapes, cuts));
}

/** Whether a stage ends in global pooling: its pictures shrink to one vector of their channels. */
export function endsInPooling(stage: Stage, shapes: Shapes): boolean {
  const [, channels = 0, ...space] = stage.shape;
  if (stage.shape.length !== 4 || elementCount(space) === 1) return false;
  return stage.cuts.some((cut) => elementCount(shapes.get(cut) ?? []) === channels);
}
