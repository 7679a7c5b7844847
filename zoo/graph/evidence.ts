import { z } from 'zod';
import type { GraphNode, Model } from './model.js';
import { floats, floatValues, node } from './model.js';
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

/** The pooling that makes one tap's features; null where they are not a mean over places. */
function poolingOf(model: Model, features: string): GraphNode | null {
  const maker = model.nodes.find((item) => item.outputs.includes(features));
  const pooling =
    maker?.op === 'Flatten' ? model.nodes.find((item) => item.outputs[0] === maker.inputs[0]) : maker;
  return pooling && POOLING.has(pooling.op) ? pooling : null;
}

/** A tap that the head reads: how it is pooled, and which rows of the head's weights are its own. */
interface Part {
  readonly pooling: GraphNode;
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
    const [pooling, channels] = [poolingOf(model, name), widths[i]];
    if (!pooling || channels === undefined) return [];
    start += channels;
    return [{ pooling, start: start - channels, channels }];
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

/** The head's own rows applied to one tap at every place; the bias goes with the first. */
function evidenceOf({ pooling, start, channels }: Part, { weights, bias }: Dense, output: string): Addition {
  const tap = pooling.inputs[0] as string;
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
      ...(last === tap ? [] : [node('Transpose', [tap], last, { perm: [0, 2, 3, 1] })]),
      node('MatMul', [last, own.name], `${output}/sum`),
      node('Add', [`${output}/sum`, rest.name], output),
    ],
    constants: [own, rest],
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
 * the pooling. Head and pooling are linear, so the means over the places add up to the logit of each class: what each place adds to
 * it (class activation maps, Zhou et al., CVPR 2016).
 *
 * @returns null where the head has a hidden layer or a tap no places.
 */
export function withEvidence(model: Model): EvidenceModel | null {
  const dense = denseOf(model);
  const parts = dense && partsOf(model, dense.inputs);
  if (!parts) return null;
  const outputs = parts.map((_, i) => `${EVIDENCE_OUTPUT}/${i}`);
  const wider = parts.reduce(
    (all, part, i) => append(all, evidenceOf(part, dense, outputs[i] as string)),
    model,
  );
  const evidence = outputs.map((name) => ({ name, type: null, dims: [] }));
  return { model: extract(wider, [...evidence, ...model.outputs]), outputs };
}
