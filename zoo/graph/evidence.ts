import { z } from 'zod';
import type { GraphNode, Model } from './model.js';
import { elementCount, floats, floatValues, ints, node } from './model.js';
import { CHANNELS_FACT } from './package-model.js';
import { append, extract, type Addition } from './surgery.js';

const EVIDENCE_OUTPUT = 'graft/evidence';

const FEATURES = 'graft/features';
const DENSE = 'graft/head/dense-1';
const POOLING = new Set(['GlobalAveragePool', 'ReduceMean']);

const constant = (model: Model, name: string): Float32Array | null => {
  const tensor = model.constants.get(name);
  return tensor?.type === 'float32' ? floatValues(tensor) : null;
};

const makerOf = (model: Model, tensor: string | undefined): GraphNode | undefined =>
  model.nodes.find(({ outputs }) => tensor !== undefined && outputs.includes(tensor));

/** How one tap is pooled. */
interface Places {
  /** The mean over the places. */
  readonly pooling: GraphNode;
  /** The root of that mean, where it is a generalised one. */
  readonly root: GraphNode | null;
}

/** The pooling that makes one tap's features; null where they are no mean over places. */
function placesOf(model: Model, features: string): Places | null {
  const last = makerOf(model, features);
  const before = last?.op === 'Flatten' ? makerOf(model, last.inputs[0]) : last;
  const root = before?.op === 'Pow' ? before : null;
  const pooling = root ? makerOf(model, root.inputs[0]) : before;
  return pooling && POOLING.has(pooling.op) ? { pooling, root } : null;
}

/** A tap that the head reads: how it is pooled, and which rows of the head's weights are its own. */
interface Part extends Places {
  readonly start: number;
  readonly channels: number;
}

/** The taps of a packaged model, from shallow to deep; null where one of them has no places. */
function partsOf(model: Model, inputs: number): Part[] | null {
  const maker = model.nodes.find((item) => item.outputs.includes(FEATURES));
  const names = maker?.op === 'Concat' ? maker.inputs : [FEATURES];
  const known = z.array(z.int()).safeParse(JSON.parse(model.metadata[CHANNELS_FACT] ?? '[]'));
  // Packages of an older version read one tap and do not say how wide it is.
  const widths = names.length === 1 ? [inputs] : (known.data ?? []);
  let start = 0;
  const parts = names.flatMap((name, i) => {
    const [places, channels] = [placesOf(model, name), widths[i]];
    if (!places || channels === undefined) return [];
    start += channels;
    return [{ ...places, start: start - channels, channels }];
  });
  return parts.length === names.length && start === inputs ? parts : null;
}

/** Standardisation and linear head as one dense layer: weights [inputs, classes], row-major, and a bias. */
interface Dense {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: number;
}

function denseOf(model: Model): Dense | null {
  if (model.constants.has('graft/head/dense-2/weights')) return null;
  const [mean, factor] = [constant(model, 'graft/head/mean'), constant(model, 'graft/head/factor')];
  const [weights, bias] = [constant(model, `${DENSE}/weights`), constant(model, `${DENSE}/bias`)];
  if (!mean || !factor || !weights || !bias) return null;
  const classes = bias.length;
  const scaled = weights.map((weight, i) => weight * (factor[Math.floor(i / classes)] ?? 0));
  const shifted = Float64Array.from(bias);
  scaled.forEach((weight, i) => {
    const c = i % classes;
    shifted[c] = (shifted[c] ?? 0) - weight * (mean[Math.floor(i / classes)] ?? 0);
  });
  return { weights: scaled, bias: Float32Array.from(shifted), inputs: mean.length };
}

/** Under which no generalised mean is divided by. */
const LEAST = 1e-20;

/**
 * What each place has of a pooled tap, so that the mean over the places is the tap. Of a generalised mean of cubes it is the cube there over
 * the square of the mean: the root is homogeneous, so by Euler's theorem its gradient times the place adds up to it.
 */
function sharesOf(model: Model, { pooling, root }: Places, output: string): Addition & { name: string } {
  const cubes = pooling.inputs[0] as string;
  if (!root) return { nodes: [], constants: [], name: cubes };
  const [mean, name] = [root.outputs[0] as string, `${output}/shares`];
  const least = floats(`${output}/least`, [], [LEAST]);
  const square = [
    node('Mul', [mean, mean], `${output}/square`),
    node('Max', [`${output}/square`, least.name], `${output}/divisor`),
  ];
  // Planes keep their two sides when they are pooled; anything else has lost the places, which lie before the channels.
  if (pooling.op === 'GlobalAveragePool')
    return { nodes: [...square, node('Div', [cubes, `${output}/divisor`], name)], constants: [least], name };
  const shape = ints(`${output}/places`, [
    0,
    ...Array.from({ length: placeAxes(model, pooling) }, () => 1),
    -1,
  ]);
  const nodes = [
    ...square,
    node('Reshape', [`${output}/divisor`, shape.name], `${output}/divisors`),
    node('Div', [cubes, `${output}/divisors`], name),
  ];
  return { nodes, constants: [least, shape], name };
}

/** Over how many axes a ReduceMean goes: an attribute until opset 17, an input since. */
function placeAxes(model: Model, { attributes, inputs }: GraphNode): number {
  if (attributes.axes?.kind === 'ints') return attributes.axes.value.length;
  return elementCount(model.constants.get(inputs[1] ?? '')?.dims ?? [1]);
}

/** The head's own rows applied to one tap at every place; the bias goes with the first. */
function evidenceOf(model: Model, part: Part, { weights, bias }: Dense, output: string): Addition {
  const { pooling, start, channels } = part;
  const shares = sharesOf(model, part, output);
  const tap = shares.name;
  const classes = bias.length;
  const own = floats(
    `${output}/weights`,
    [channels, classes],
    weights.subarray(start * classes, (start + channels) * classes),
  );
  const rest = floats(`${output}/bias`, [classes], start === 0 ? bias : new Float32Array(classes));
  const last = pooling.op === 'GlobalAveragePool' ? `${output}/nhwc` : tap;
  return {
    nodes: [
      ...shares.nodes,
      ...(last === tap ? [] : [node('Transpose', [tap], last, { perm: [0, 2, 3, 1] })]),
      node('MatMul', [last, own.name], `${output}/sum`),
      node('Add', [`${output}/sum`, rest.name], output),
    ],
    constants: [...shares.constants, own, rest],
  };
}

/** A packaged model that also tells what each place of the picture adds to each logit. */
export interface EvidenceModel {
  readonly model: Model;
  /** Names of its further outputs, one a tap: [N, rows, columns, classes], or [N, tokens, classes]. */
  readonly outputs: readonly string[];
}

/**
 * A packaged model with one output more for each tap that its head reads: the head applied to the tap at every place of the picture, before
 * the pooling. The head is linear and so is the mean, so the means over the places add up to the logit of each class: what each place adds
 * to it (class activation maps, Zhou et al., CVPR 2016). A generalised mean is taken apart into shares that have it for their mean.
 *
 * @returns null where the head has a hidden layer or a tap no places.
 */
export function withEvidence(model: Model): EvidenceModel | null {
  const dense = denseOf(model);
  const parts = dense && partsOf(model, dense.inputs);
  if (!parts) return null;
  const outputs = parts.map((_, i) => `${EVIDENCE_OUTPUT}/${i}`);
  const wider = parts.reduce(
    (all, part, i) => append(all, evidenceOf(model, part, dense, outputs[i] as string)),
    model,
  );
  const evidence = outputs.map((name) => ({ name, type: null, dims: [] }));
  return { model: extract(wider, [...evidence, ...model.outputs]), outputs };
}
