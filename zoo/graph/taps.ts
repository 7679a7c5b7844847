import { GraphError } from '../errors.js';
import type { Stage } from './cuts.js';
import { endsInPooling, findStages, primaryOutput } from './cuts.js';
import type { Shapes } from './measure.js';
import { trunkCost } from './measure.js';
import type { GraphNode } from './model.js';
import type { Structure } from './structure.js';
import { isWeighted } from './structure.js';
import type { Pooling, TensorLayout } from './pooling.js';
import { isGem } from './pooling.js';

/** A place where a network may be cut: the tensor there, pooled, is a feature vector. */
export interface Tap {
  /**
   * Stable for given weights: 'block-07' is the output of the seventh block, 'wide-07' the widest activation inside it,
   * 'class-07' the class token of a transformer there, where 'block-07' is the mean of all tokens; 'block-07-gem' their generalised mean.
   */
  readonly id: string;
  /** Name of the tensor in the graph. */
  readonly tensor: string;
  /** Place among the taps, from shallow to deep, from 0. */
  readonly index: number;
  /** Share of the trunk's floating-point operations spent up to here: 1 at the last tap. */
  readonly depth: number;
  /** `last` is the deepest: what transfer learning usually takes. */
  readonly kind: 'block' | 'wide' | 'last';
  /** How the tensor holds its channels. */
  readonly layout: TensorLayout;
  /** The mean where left out. */
  readonly pooling?: Pooling;
  /** Places along the shorter side of a plane, of tensors that hold planes. */
  readonly side?: number;
  /** See `Pooled`. */
  readonly stride?: number;
  /** Length of the feature vector. */
  readonly channels: number;
  /** Trained numbers of the network up to here. */
  readonly params: number;
  /** Floating-point operations a picture, up to here. */
  readonly flops: number;
  /** Size of the network cut here, as an ONNX file. */
  readonly bytes: number;
}

const JOIN = '+';

/** Id of some taps of one backbone that are read side by side. */
export const joinedId = (ids: readonly string[]): string => ids.join(JOIN);

/** Ids of the taps that an id stands for, from shallow to deep: one, unless it is a joined one. */
export const tapIds = (id: string): readonly string[] => id.split(JOIN);

/** Name of a tap or tensor of one backbone inside an ensemble of several. */
export const memberTap = (backbone: string, name: string): string => `${backbone}/${name}`;

export const isJoined = (id: string): boolean => id.includes(JOIN);

/** Whether an id is of one tap read by the mean: the way plain transfer learning would. */
export const isPlainTap = (id: string): boolean => !isJoined(id) && !isGem(id);

type Kind = Tap['kind'];

/** A tap before its costs are known. */
interface Found {
  readonly id: string;
  readonly kind: Kind;
  readonly tensor: string;
  /** Where it is not the tensor's own. */
  readonly layout?: TensorLayout;
}

/** Channels last where the tensor meets a matrix product, else as convolutions have it. */
function layoutOf(structure: Structure, shape: readonly number[], tensor: string): TensorLayout {
  if (shape.length === 2) return 'vector';
  if (shape.length === 3) return 'tokens';
  const { producer, consumers, model } = structure;
  const around = [producer.get(tensor) ?? -1, ...(consumers.get(tensor) ?? [])];
  return around.some((index) => model.nodes[index]?.op === 'MatMul') ? 'nhwc' : 'nchw';
}

function channelsOf(structure: Structure, shape: readonly number[], tensor: string): number {
  return (layoutOf(structure, shape, tensor) === 'nchw' ? shape[1] : shape.at(-1)) ?? 0;
}

const CLASSIFIER_TAIL = /^(Softmax|LogSoftmax|Sigmoid|Flatten|Reshape|Squeeze|Slice|.*Pool|ReduceMean)$/;

/** A last stage whose weights are followed by nothing but pooling and softmax gives class scores, not features. */
function isClassifier(structure: Structure, stage: Stage): boolean {
  const { producer, model } = structure;
  const tail = stage.cuts.slice(1).map((cut) => model.nodes[producer.get(cut) ?? -1]?.op ?? '');
  const maker = model.nodes[producer.get(stage.cuts[0] ?? '') ?? -1];
  return maker !== undefined && isWeighted(structure, maker) && tail.every((op) => CLASSIFIER_TAIL.test(op));
}

/** The stages that make the trunk: up to global pooling where there is one, else up to the classifier. */
function trunkStages(structure: Structure, shapes: Shapes): Stage[] {
  const stages = findStages(structure, shapes, primaryOutput(structure));
  const last = stages.at(-1);
  if (last && stages.length > 1 && isClassifier(structure, last)) stages.pop();
  const pooled = stages.findIndex((stage) => endsInPooling(stage, shapes));
  return pooled < 0 ? stages : stages.slice(0, pooled + 1);
}

/** A stage with what is needed to tell block ends from what lies inside a block. */
interface Rated extends Stage {
  readonly channels: number;
  /** An end of a block for certain: it joins branches, branches are about to leave it, or it is a linear bottleneck. */
  readonly anchor: boolean;
}

/** Between two anchors, what is wider than both is the inside of an inverted bottleneck, not an end of a block. */
function isInside(stages: readonly Rated[], at: number): boolean {
  const stage = stages[at];
  const before = stages.slice(0, at).findLast((other) => other.anchor);
  const after = stages.slice(at + 1).find((other) => other.anchor);
  if (!stage || stage.anchor || !before || !after) return false;
  return stage.channels > Math.max(before.channels, after.channels);
}

/** A squeeze before branches: its few channels are all in what follows, mixed anew. */
function isSqueeze(stages: readonly Rated[], at: number): boolean {
  const [before, stage, after] = [stages[at - 1], stages[at], stages[at + 1]];
  if (!before || !stage || !after || stage.linear || stage.join) return false;
  return stage.channels * 2 < Math.min(before.channels, after.channels);
}

/** Zeros around a picture add nothing to its mean. */
function beforePadding({ producer, model }: Structure, tensor: string): string {
  const maker = model.nodes[producer.get(tensor) ?? -1];
  return maker?.op === 'Pad' ? (maker.inputs[0] ?? tensor) : tensor;
}

/**
 * The earliest of the widest tensors that weights inside a block read, where wider than `bound`. What they read from
 * `outside`, the block before, is none of it, whatever its shape (flattened pictures are wide).
 */
function widestInside(
  structure: Structure,
  shapes: Shapes,
  nodes: readonly GraphNode[],
  { bound, outside }: { bound: number; outside: readonly string[] },
): string | null {
  let best: string | null = null;
  let widest = bound;
  for (const item of nodes.filter((candidate) => isWeighted(structure, candidate))) {
    const input = beforePadding(structure, item.inputs[0] ?? '');
    const shape = shapes.get(input);
    const channels = shape ? channelsOf(structure, shape, input) : 0;
    if (channels <= widest || outside.includes(input)) continue;
    widest = channels;
    best = input;
  }
  return best;
}

/** A depthwise convolution mixes no channels: its output is the middle of a separable block, not an end. */
function isDepthwise({ model }: Structure, stage: Stage): boolean {
  const maker = stage.inner.at(-1);
  const weight = model.constants.get(maker?.inputs[1] ?? '')?.dims;
  const group = maker?.attributes.group;
  return maker?.op === 'Conv' && weight?.[1] === 1 && group?.kind === 'int' && group.value > 1;
}

/**
 * Whether a transformer puts a token of its own before those of the picture: somewhere a constant is joined to tokens, in front
 * (An Image is Worth 16x16 Words, arXiv 2010.11929).
 */
function hasClassToken({ model, data }: Structure, shapes: Shapes): boolean {
  return model.nodes.some(({ op, inputs, outputs }) => {
    const [first = '', ...others] = inputs;
    const [before, after] = [shapes.get(others[0] ?? ''), shapes.get(outputs[0] ?? '')];
    if (op !== 'Concat' || data.has(first) || others.length !== 1 || !data.has(others[0] ?? '')) return false;
    return before?.length === 3 && (after?.[1] ?? 0) > (before[1] ?? 0);
  });
}

const twoDigits = (number: number): string => String(number).padStart(2, '0');

/** Blocks in order, each preceded by the widest activation inside it, if that is wider than its ends. */
function nameTaps(structure: Structure, shapes: Shapes, stages: readonly Rated[]): Found[] {
  const found: Found[] = [];
  const classToken = hasClassToken(structure, shapes);
  let before: Rated | undefined;
  let inside: GraphNode[] = [];
  let number = 0;
  stages.forEach((stage, at) => {
    inside.push(...stage.inner);
    if (isInside(stages, at) || isSqueeze(stages, at) || isDepthwise(structure, stage)) return;
    number += 1;
    const bound = Math.max(before?.channels ?? Infinity, stage.channels);
    const wide = widestInside(structure, shapes, inside, { bound, outside: before?.cuts ?? [] });
    if (wide) found.push({ id: `wide-${twoDigits(number)}`, kind: 'wide', tensor: wide });
    const kind = at === stages.length - 1 ? 'last' : 'block';
    if (classToken && stage.shape.length === 3) {
      const { tensor } = stage;
      found.push({ id: `class-${twoDigits(number)}`, kind: 'block', tensor, layout: 'class-token' });
    }
    found.push({ id: `block-${twoDigits(number)}`, kind, tensor: stage.tensor });
    before = stage;
    inside = [];
  });
  return found;
}

function rate(structure: Structure, stages: readonly Stage[]): Rated[] {
  return stages.map((stage, at) => ({
    ...stage,
    channels: channelsOf(structure, stage.shape, stage.tensor),
    anchor: stage.join || stage.linear || stages[at + 1]?.join === true,
  }));
}

function describe(structure: Structure, shapes: Shapes, found: readonly Found[]): Tap[] {
  const costs = found.map((tap) => trunkCost(structure, shapes, tap.tensor));
  const whole = costs.at(-1)?.flops ?? 1;
  return found.map((tap, index) => {
    const shape = shapes.get(tap.tensor) ?? [];
    const { flops, params, bytes } = costs[index] as (typeof costs)[number];
    const layout = tap.layout ?? layoutOf(structure, shape, tap.tensor);
    const channels = channelsOf(structure, shape, tap.tensor);
    const side = layout === 'nchw' ? Math.min(...shape.slice(2)) : undefined;
    return { ...tap, index, depth: flops / whole, layout, side, channels, params, flops, bytes };
  });
}

/**
 * Finds where a network may be cut: the outputs of its blocks (tensors that every path from input to output goes through,
 * after their activation) and the widest activation inside each block where that is wider than both ends of it (the
 * expansions of inverted bottlenecks, the hidden layers of transformer blocks). Works on structure alone, with no list of
 * architectures. Tensors that a runtime would fuse away (a convolution's output before its activation) are never taken.
 *
 * @throws GraphError when the network has no such place.
 */
export function findTaps(structure: Structure, shapes: Shapes): Tap[] {
  const found = nameTaps(structure, shapes, rate(structure, trunkStages(structure, shapes)));
  if (found.length === 0)
    throw new GraphError('No place to cut was found: list tensors under "taps" in the card.');
  return describe(structure, shapes, found);
}

/**
 * Taps at the given tensors, for cards that list their own; the deepest is the last.
 *
 * @throws GraphError for a tensor the network does not make.
 */
export function tapsAt(structure: Structure, shapes: Shapes, tensors: readonly string[]): Tap[] {
  const { producer } = structure;
  const missing = tensors.find((tensor) => !shapes.has(tensor));
  if (missing !== undefined) throw new GraphError(`The network has no tensor "${missing}".`);
  const ordered = [...tensors].sort((a, b) => (producer.get(a) ?? 0) - (producer.get(b) ?? 0));
  const found = ordered.map((tensor, i): Found => {
    return { id: `block-${twoDigits(i + 1)}`, tensor, kind: i === ordered.length - 1 ? 'last' : 'block' };
  });
  return describe(structure, shapes, found);
}
