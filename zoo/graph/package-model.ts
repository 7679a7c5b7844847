import { readFileSync } from 'node:fs';
import type { InstalledBackbone } from '../backbones/card.js';
import type { InstalledText } from '../text/backbones/card.js';
import { GraphError } from '../errors.js';
import { withImageInput } from './image-input.js';
import type { GraphNode, Model, Tensor } from './model.js';
import { floats, node } from './model.js';
import { readModel, writeModel } from './model-file.js';
import type { Addition } from './surgery.js';
import { pool } from './pooling.js';
import { append, extract } from './surgery.js';
import { joinedId, type Tap } from './taps.js';

/** Name of the output of every packaged model: float32 [N, categories], each row adding up to 1. */
export const PROBABILITIES_OUTPUT = 'probabilities';

/**
 * Name of its second output: float32 [N, channels], the features of the tap, each with mean 0 and variance 1 over the training
 * pictures. What is fed to the head, and what tells whether the pictures of today are like those.
 */
export const EMBEDDING_OUTPUT = 'graft/embedding';

/** In the file's metadata: the channels of each tap, a JSON list. */
export const CHANNELS_FACT = 'tapChannels';

// Names inside the joined graph start in a way that no network's own names do.
const FEATURES = 'graft/features';

/** A dense layer of a head, as `zoo/heads` fits them: `weights` is [inputs, outputs], row-major. */
export interface HeadLayer {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
  readonly inputs: number;
  readonly outputs: number;
  readonly activation: 'relu' | 'none';
}

/** Everything that goes into a packaged model. */
export interface PackagedModelParts {
  /** The backbone; the file at its `modelPath` is read. */
  readonly installed: InstalledBackbone | InstalledText;
  /** Where the head reads: one tap, or several side by side, from shallow to deep. */
  readonly taps: readonly Tap[];
  /** Standardisation of the features: (x - mean) / std, one of each a channel of all taps. */
  readonly standardise: { readonly mean: Float32Array; readonly std: Float32Array };
  /** The last layer gives the logits. */
  readonly head: readonly HeadLayer[];
  /** Logits are divided by it before the softmax; 1 leaves them as they are. */
  readonly temperature: number;
  /** Category of each output, in order. */
  readonly labels: readonly string[];
  /** Free facts kept inside the file. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tower of nodes in which each reads what the one before gave. */
class Chain {
  readonly nodes: GraphNode[] = [];
  readonly constants: Tensor[] = [];

  constructor(private last: string) {}

  add(
    op: string,
    output: string,
    operands: readonly Tensor[] = [],
    attributes?: Parameters<typeof node>[3],
  ): this {
    this.nodes.push(node(op, [this.last, ...operands.map((tensor) => tensor.name)], output, attributes));
    this.constants.push(...operands);
    this.last = output;
    return this;
  }
}

/**
 * Head after pooled features. The standardisation stays as two operations of its own: folded into the first layer it would
 * save next to nothing, and lose digits where a channel hardly varies (small std, large bias).
 */
function headNodes(parts: PackagedModelParts, features: string): Addition {
  const { standardise, head, temperature } = parts;
  const factor = standardise.std.map((value) => 1 / value);
  const chain = new Chain(features)
    .add('Sub', 'graft/head/centred', [floats('graft/head/mean', [factor.length], standardise.mean)])
    .add('Mul', EMBEDDING_OUTPUT, [floats('graft/head/factor', [factor.length], factor)]);
  head.forEach((layer, i) => {
    const { inputs, outputs } = layer;
    const name = `graft/head/dense-${i + 1}`;
    chain.add('Gemm', name, [
      floats(`${name}/weights`, [inputs, outputs], layer.weights),
      floats(`${name}/bias`, [outputs], layer.bias),
    ]);
    if (layer.activation === 'relu') chain.add('Relu', `${name}/relu`);
  });
  return chain
    .add('Mul', 'graft/head/tempered', [floats('graft/head/inverse-temperature', [], [1 / temperature])])
    .add('Softmax', PROBABILITIES_OUTPUT, [], { axis: 1 });
}

const widthOf = (taps: readonly Tap[]): number => taps.reduce((sum, { channels }) => sum + channels, 0);

/** The pooled features of every tap, side by side. */
function withFeatures(model: Model, taps: readonly Tap[]): Model {
  const [only, ...others] = taps;
  if (only && others.length === 0) return append(model, pool(model, only, FEATURES));
  const parts = taps.map((_, i) => `${FEATURES}/${i}`);
  const pooled = taps.reduce((all, tap, i) => append(all, pool(all, tap, parts[i] as string)), model);
  return append(pooled, { nodes: [node('Concat', parts, FEATURES, { axis: 1 })], constants: [] });
}

function checkParts({ taps, standardise, head, temperature, labels }: PackagedModelParts): void {
  const problems: string[] = [];
  const expect = (what: string, got: number, wanted: number): void => {
    if (got !== wanted) problems.push(`${what} is ${got} instead of ${wanted}`);
  };
  const channels = widthOf(taps);
  expect('the length of the mean', standardise.mean.length, channels);
  expect('the length of the std', standardise.std.length, channels);
  let width = channels;
  head.forEach((layer, i) => {
    expect(`the input of layer ${i + 1}`, layer.inputs, width);
    expect(`the weight count of layer ${i + 1}`, layer.weights.length, layer.inputs * layer.outputs);
    expect(`the bias count of layer ${i + 1}`, layer.bias.length, layer.outputs);
    width = layer.outputs;
  });
  expect('the number of outputs', width, labels.length);
  if (!(temperature > 0)) problems.push(`the temperature is ${temperature}`);
  if (standardise.std.some((value) => !(value > 0))) problems.push('a std is not above 0');
  if (problems.length > 0)
    throw new GraphError(`The parts of the package do not fit: ${problems.join('; ')}.`);
}

function facts({ installed, taps, labels, metadata }: PackagedModelParts): Record<string, string> {
  return {
    ...metadata,
    labels: JSON.stringify(labels),
    backbone: installed.card.id,
    tap: joinedId(taps.map(({ id }) => id)),
    [CHANNELS_FACT]: JSON.stringify(taps.map(({ channels }) => channels)),
  };
}

/**
 * Joins trunk and head into one model: input `image`, uint8 [N, height, width, 3] RGB, or `tokens`, int64; output `probabilities`, float32
 * [N, categories], and `graft/embedding`. It holds the trunk up to the deepest tap and nothing of what comes after. Labels (a JSON list), backbone, taps,
 * their channels and `metadata` are kept in the file's metadata.
 *
 * @throws GraphError when the parts do not fit together.
 */
export function buildPackagedModel(parts: PackagedModelParts): Uint8Array {
  checkParts(parts);
  const { installed, taps, labels } = parts;
  const model = readModel(readFileSync(installed.modelPath));
  const headed = append(withFeatures(model, taps), headNodes(parts, FEATURES));
  const output = { name: PROBABILITIES_OUTPUT, type: 'float32' as const, dims: ['N', labels.length] };
  const embedding = { name: EMBEDDING_OUTPUT, type: 'float32' as const, dims: ['N', widthOf(taps)] };
  const cut = extract(headed, [output, embedding]);
  // A text's network takes its tokens as they are.
  const joined = 'tokenizerPath' in installed ? cut : withImageInput(cut, installed.card.input);
  return writeModel({ ...joined, producer: 'graft', metadata: facts(parts) });
}
