import {
  WRITTEN_IR_VERSION,
  floats,
  ints,
  node,
  type GraphNode,
  type Model,
  type Tensor,
} from '../../graph/model.js';
import type { TextInput } from '../input.js';
import { TOKENS_INPUT } from '../input.js';
import type { NgramColumns } from '../ngrams/columns.js';
import type { WordVectors } from '../vectors/train.js';

/** ScatterElements adds from this operator set on. */
const TEXT_OPSET = 16;
/** Where nothing is known of a text, its mean is zero and not a division by zero. */
const LEAST = 1e-6;

/** A graph while it is written. */
class Network {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Tensor>();

  /** Adds a node; operands are names of tensors, or constants. */
  add(
    op: string,
    output: string,
    operands: readonly (string | Tensor)[],
    attributes?: Parameters<typeof node>[3],
  ): string {
    const names = operands.map((operand) => {
      if (typeof operand === 'string') return operand;
      this.constants.set(operand.name, operand);
      return operand.name;
    });
    this.nodes.push(node(op, names, output, attributes));
    return output;
  }

  model(outputs: readonly string[], parts: number): Model {
    const dims = parts === 1 ? ['N', 'L'] : ['N', 'L', parts];
    return {
      irVersion: WRITTEN_IR_VERSION,
      opsets: { '': TEXT_OPSET },
      producer: 'graft',
      nodes: this.nodes,
      constants: this.constants,
      inputs: [{ name: TOKENS_INPUT, type: 'int64', dims }],
      outputs: outputs.map((name) => ({ name, type: null, dims: [] })),
      metadata: {},
      functions: [],
    };
  }
}

const scalar = (name: string, value: number): Tensor => floats(name, [], [value]);
const noToken: Tensor = { ...ints('none', [0]), dims: [] };

/** Smooth inverse frequency (Arora, Liang and Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings"). */
const SMOOTHING = 1e-3;

/** Weight of each row of the table, the row of no token first; n-grams of unknown words weigh as the rarest of words. */
function weightsOf({ counts, ngrams }: WordVectors): Float32Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const weights = counts.map((count) => SMOOTHING / (SMOOTHING + count / total));
  return Float32Array.from([0, ...weights, ...new Array<number>(ngrams.size).fill(1)]);
}

/** Ids of the taps of word vectors: the plain mean, and the mean weighted by how rare a word is. */
export const VECTOR_TAPS = ['mean', 'weighted'] as const;

/** Word vectors as a network: tokens to the means of their vectors, [N, width] each. */
export function vectorNetwork(vectors: WordVectors, { parts }: TextInput): Model {
  const { rows, width } = vectors;
  const count = rows.length / width + 1;
  const table = new Float32Array(count * width);
  table.set(rows, width);
  const net = new Network();
  net.add('Greater', 'is-token', [TOKENS_INPUT, noToken]);
  net.add('Cast', 'known', ['is-token'], { to: 1 });
  net.add('Gather', 'vectors', [floats('table', [count, width], table), TOKENS_INPUT], { axis: 0 });
  net.add('Gather', 'weights', [floats('weight', [count], weightsOf(vectors)), TOKENS_INPUT], { axis: 0 });
  const words = parts === 1 ? { known: 'known', vectors: 'vectors', weights: 'weights' } : joinParts(net);
  meanOver(net, 'mean', words.vectors, words.known);
  meanOver(net, 'weighted', words.vectors, words.weights);
  return net.model(VECTOR_TAPS, parts);
}

/** The parts of a word become one: the mean of their vectors. */
function joinParts(net: Network): { known: string; vectors: string; weights: string } {
  const axis = ints('parts-axis', [2]);
  net.add('ReduceSum', 'parts', ['known', axis], { keepdims: 0 });
  net.add('Max', 'some-parts', ['parts', scalar('one', 1)]);
  net.add('Unsqueeze', 'divisor', ['some-parts', axis]);
  net.add('ReduceSum', 'vector-sums', ['vectors', axis], { keepdims: 0 });
  net.add('Div', 'word-vectors', ['vector-sums', 'divisor']);
  net.add('ReduceSum', 'weight-sums', ['weights', axis], { keepdims: 0 });
  net.add('Div', 'word-weights', ['weight-sums', 'some-parts']);
  net.add('Min', 'known-words', ['parts', scalar('one', 1)]);
  return { known: 'known-words', vectors: 'word-vectors', weights: 'word-weights' };
}

/** `output` = sum of weight * vector over the words / sum of weights. */
function meanOver(net: Network, output: string, vectors: string, weights: string): void {
  const [last, words] = [ints('last-axis', [-1]), ints('word-axis', [1])];
  net.add('Unsqueeze', `${output}/factor`, [weights, last]);
  net.add('Mul', `${output}/products`, [vectors, `${output}/factor`]);
  net.add('ReduceSum', `${output}/sum`, [`${output}/products`, words], { keepdims: 0 });
  net.add('ReduceSum', `${output}/weight`, [weights, words], { keepdims: 1 });
  net.add('Max', `${output}/divisor`, [`${output}/weight`, scalar('least', LEAST)]);
  net.add('Div', output, [`${output}/sum`, `${output}/divisor`]);
}

/** Ids of the taps of n-grams. */
export const NGRAM_TAPS = ['words', 'characters', 'both'] as const;

/** Hashed n-grams as a network: tokens to log(1 + count) * idf, each kind of length 1. */
export function ngramNetwork({ words, characters, idf }: NgramColumns): Model {
  const columns = words.length + characters.length;
  const net = new Network();
  net.add('Shape', 'shape', [TOKENS_INPUT]);
  net.add('Gather', 'rows', ['shape', ints('first', [0])]);
  net.add('Concat', 'counts-shape', ['rows', ints('columns', [columns + 1])], { axis: 0 });
  net.add('Expand', 'zeros', [floats('zero', [1, 1], [0]), 'counts-shape']);
  net.add('Expand', 'ones', [floats('one', [1, 1], [1]), 'shape']);
  net.add('ScatterElements', 'all-counts', ['zeros', TOKENS_INPUT, 'ones'], { axis: 1, reduction: 'add' });
  slice(net, 'counts', 'all-counts', { from: 1, to: columns + 1 });
  net.add('Add', 'counts-and-one', ['counts', floats('one', [1, 1], [1])]);
  net.add('Log', 'damped', ['counts-and-one']);
  net.add('Mul', 'weighed', ['damped', floats('idf', [columns], idf)]);
  unit(net, 'words', { from: 0, to: words.length });
  unit(net, 'characters', { from: words.length, to: columns });
  net.add('Concat', 'both', ['words', 'characters'], { axis: 1 });
  return net.model(NGRAM_TAPS, 1);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

function slice(net: Network, output: string, input: string, { from, to }: Range): void {
  const bounds = [ints(`${output}/from`, [from]), ints(`${output}/to`, [to]), ints('columns-axis', [1])];
  net.add('Slice', output, [input, ...bounds]);
}

/** Some columns, as a vector of length 1. */
function unit(net: Network, output: string, range: Range): void {
  slice(net, `${output}/columns`, 'weighed', range);
  net.add('ReduceL2', `${output}/length`, [`${output}/columns`], { axes: [1], keepdims: 1 });
  net.add('Max', `${output}/divisor`, [`${output}/length`, scalar('least', LEAST)]);
  net.add('Div', output, [`${output}/columns`, `${output}/divisor`]);
}
