import type { GraphNode, Model, Tensor } from './model.js';
import { floats, floatValues, node } from './model.js';
import { append, extract } from './surgery.js';

/** Name of the output of `withEvidence`. */
export const EVIDENCE_OUTPUT = 'graft/evidence';

const FEATURES = 'graft/features';
const DENSE = 'graft/head/dense-1';
const POOLING = new Set(['GlobalAveragePool', 'ReduceMean']);

const constant = (model: Model, name: string): Float32Array | null => {
  const tensor = model.constants.get(name);
  return tensor?.type === 'float32' ? floatValues(tensor) : null;
};

/** The pooling that makes the features of a packaged model; null where they are not a mean over places. */
function poolingOf(model: Model): GraphNode | null {
  const maker = model.nodes.find((item) => item.outputs.includes(FEATURES));
  const pooling =
    maker?.op === 'Flatten' ? model.nodes.find((item) => item.outputs[0] === maker.inputs[0]) : maker;
  return pooling && POOLING.has(pooling.op) ? pooling : null;
}

/** Standardisation and linear head as one dense layer: weights [channels, classes] and a bias. */
function denseOf(model: Model): { weights: Tensor; bias: Tensor } | null {
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
  return {
    weights: floats('graft/evidence/weights', [mean.length, classes], scaled),
    bias: floats('graft/evidence/bias', [classes], Float32Array.from(shifted)),
  };
}

/**
 * A packaged model with one output more, `graft/evidence`: the head applied to the tap at every place of the picture, before
 * the pooling; [N, rows, columns, classes], or [N, tokens, classes]. Head and pooling are linear, so its mean over the places is
 * the logit of each class: what each place adds to it (class activation maps, Zhou et al., CVPR 2016).
 *
 * @returns null where the head has a hidden layer or the tap no places.
 */
export function withEvidence(model: Model): Model | null {
  const pooling = poolingOf(model);
  const dense = denseOf(model);
  const tap = pooling?.inputs[0];
  if (!pooling || !dense || tap === undefined) return null;
  const last = pooling.op === 'GlobalAveragePool' ? 'graft/evidence/nhwc' : tap;
  const turn = last === tap ? [] : [node('Transpose', [tap], last, { perm: [0, 2, 3, 1] })];
  const nodes = [
    ...turn,
    node('MatMul', [last, dense.weights.name], 'graft/evidence/sum'),
    node('Add', ['graft/evidence/sum', dense.bias.name], EVIDENCE_OUTPUT),
  ];
  const wider = append(model, { nodes, constants: [dense.weights, dense.bias] });
  const output = { name: EVIDENCE_OUTPUT, type: null, dims: [] };
  return extract(wider, [output, ...model.outputs]);
}
