import { createHash } from 'node:crypto';
import { writeModel } from '../../zoo/graph/model-file.js';
import {
  WRITTEN_IR_VERSION,
  floats,
  ints,
  node,
  type GraphNode,
  type Model,
  type Tensor,
} from '../../zoo/graph/model.js';
import { createRng } from '../../zoo/rng.js';

const WIDTH = 8;
const HIDDEN = 16;
export const TINY_WORDS = ['good', 'bad', 'film', 'day', 'nice', 'poor', '##ly', 'a', 'the', '.'];
const SPECIAL = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'];

/** `tokenizer.json` of a WordPiece vocabulary, as BERT's are published. */
export const tinyTokenizer = {
  normalizer: { type: 'BertNormalizer', lowercase: true },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [
      { SpecialToken: { id: '[CLS]', type_id: 0 } },
      { Sequence: { id: 'A', type_id: 0 } },
      { SpecialToken: { id: '[SEP]', type_id: 0 } },
    ],
    special_tokens: { '[CLS]': { id: '[CLS]', ids: [2] }, '[SEP]': { id: '[SEP]', ids: [3] } },
  },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    vocab: Object.fromEntries([...SPECIAL, ...TINY_WORDS].map((word, id) => [word, id])),
  },
  added_tokens: SPECIAL.map((content, id) => ({ id, content })),
};

/** Nodes and weights of a network while it is put together. */
class Drawing {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Tensor>();
  private readonly rng = createRng('tiny encoder');

  weight(name: string, ...dims: number[]): string {
    const count = dims.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, () => this.rng.normal() / Math.sqrt(dims[0] ?? 1));
    return this.keep(floats(name, dims, values));
  }

  keep(tensor: Tensor): string {
    this.constants.set(tensor.name, tensor);
    return tensor.name;
  }

  add(
    op: string,
    inputs: readonly string[],
    output: string,
    attributes?: Parameters<typeof node>[3],
  ): string {
    this.nodes.push(node(op, inputs, output, attributes));
    return output;
  }

  dense(input: string, output: string, from: number, to: number): string {
    const product = this.add('MatMul', [input, this.weight(`${output}/w`, from, to)], `${output}/product`);
    return this.add('Add', [product, this.weight(`${output}/b`, to)], output);
  }

  /** As exporters of the operator sets before 17 write it out. */
  layerNorm(input: string, output: string): string {
    const mean = this.add('ReduceMean', [input], `${output}/mean`, { axes: [-1], keepdims: 1 });
    const centred = this.add('Sub', [input, mean], `${output}/centred`);
    const square = this.add('Mul', [centred, centred], `${output}/square`);
    const variance = this.add('ReduceMean', [square], `${output}/variance`, { axes: [-1], keepdims: 1 });
    const safe = this.add('Add', [variance, this.keep(floats('epsilon', [], [1e-5]))], `${output}/safe`);
    const std = this.add('Sqrt', [safe], `${output}/std`);
    return this.add('Div', [centred, std], output);
  }
}

/** Single-head attention; padding is masked away by a large negative number, as in BERT's exports. */
function attention(draw: Drawing, input: string, name: string, mask: string): string {
  const [query, key, value] = ['query', 'key', 'value'].map((part) =>
    draw.dense(input, `${name}/${part}`, WIDTH, WIDTH),
  ) as [string, string, string];
  const turned = draw.add('Transpose', [key], `${name}/key/turned`, { perm: [0, 2, 1] });
  const scores = draw.add('MatMul', [query, turned], `${name}/scores`);
  const masked = draw.add('Add', [scores, mask], `${name}/masked`);
  const shares = draw.add('Softmax', [masked], `${name}/shares`, { axis: -1 });
  const mixed = draw.add('MatMul', [shares, value], `${name}/mixed`);
  return draw.dense(mixed, `${name}/output`, WIDTH, WIDTH);
}

function block(draw: Drawing, input: string, name: string, mask: string): string {
  const attended = draw.add('Add', [attention(draw, input, name, mask), input], `${name}/attended`);
  const first = draw.layerNorm(attended, `${name}/first-norm`);
  const hidden = draw.add('Relu', [draw.dense(first, `${name}/hidden`, WIDTH, HIDDEN)], `${name}/relu`);
  const joined = draw.add(
    'Add',
    [draw.dense(hidden, `${name}/back`, HIDDEN, WIDTH), first],
    `${name}/joined`,
  );
  return draw.layerNorm(joined, `${name}/out`);
}

/** A BERT of two layers, 8 wide, with random weights: every part that a published encoder's graph has, in a few kilobytes. */
export function tinyEncoder(): Model {
  const draw = new Drawing();
  const vocabulary = SPECIAL.length + TINY_WORDS.length;
  const words = draw.add('Gather', [draw.weight('words', vocabulary, WIDTH), 'input_ids'], 'word-vectors');
  const segments = draw.add(
    'Gather',
    [draw.weight('segments', 2, WIDTH), 'token_type_ids'],
    'segment-vectors',
  );
  const embedded = draw.layerNorm(draw.add('Add', [words, segments], 'summed'), 'embedded');
  const axis = draw.keep(ints('mask-axis', [1]));
  const known = draw.add('Cast', [draw.add('Unsqueeze', ['attention_mask', axis], 'mask-row')], 'mask', {
    to: 1,
  });
  const missing = draw.add('Sub', [draw.keep(floats('one', [], [1])), known], 'missing');
  const mask = draw.add('Mul', [missing, draw.keep(floats('far', [], [-1e9]))], 'mask-bias');
  const last = block(draw, block(draw, embedded, 'layer-1', mask), 'layer-2', mask);
  draw.add('Identity', [last], 'last_hidden_state');
  const inputs = ['input_ids', 'attention_mask', 'token_type_ids'];
  return {
    irVersion: WRITTEN_IR_VERSION,
    opsets: { '': 14 },
    producer: 'test',
    nodes: draw.nodes,
    constants: draw.constants,
    inputs: inputs.map((name) => ({ name, type: 'int64', dims: ['batch', 'sequence'] })),
    outputs: [{ name: 'last_hidden_state', type: 'float32', dims: ['batch', 'sequence', WIDTH] }],
    metadata: {},
    functions: [],
  };
}

const describe = (file: string, bytes: Buffer) => ({
  file,
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** The files of a mirror that has the tiny encoder, by name. */
export function tinyMirror(): Map<string, Buffer> {
  const model = Buffer.from(writeModel(tinyEncoder()));
  const tokenizer = Buffer.from(JSON.stringify(tinyTokenizer));
  const zoo = [
    {
      ...{
        id: 'tiny-bert',
        family: 'BERT, 2 layers',
        licence: 'Apache-2.0',
        modality: 'text',
        maxTokens: 16,
      },
      ...describe('tiny-bert.onnx', model),
      tokenizer: describe('tiny-bert-tokenizer.json', tokenizer),
    },
  ];
  return new Map([
    ['zoo.json', Buffer.from(JSON.stringify(zoo))],
    ['tiny-bert.onnx', model],
    ['tiny-bert-tokenizer.json', tokenizer],
  ]);
}
