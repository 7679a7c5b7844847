import { GraphError } from '../../errors.js';
import type { Model, Tensor } from '../../graph/model.js';
import { ints, node } from '../../graph/model.js';
import type { Addition } from '../../graph/surgery.js';
import { prepend } from '../../graph/surgery.js';
import { TOKENS_INPUT } from '../input.js';

/** 1 where there is a token and 0 where there is none, float32 [N, tokens]. */
export const KNOWN = 'graft/known';

/** What exporters call the inputs of a sentence encoder. */
const IDS = 'input_ids';
const MASK = 'attention_mask';
const SEGMENTS = 'token_type_ids';
const INPUTS: readonly string[] = [IDS, MASK, SEGMENTS];

const FLOAT32 = 1;
const INT64 = 7;

/** The inputs a published encoder has. @throws GraphError for a network that is none */
function inputsOf(model: Model): string[] {
  const names = model.inputs.map(({ name }) => name);
  const wrong = model.inputs.find(({ name, type }) => !INPUTS.includes(name) || type !== 'int64');
  if (names.includes(IDS) && !wrong) return names;
  throw new GraphError(
    `The network takes ${names.join(', ')}: a sentence encoder takes ${INPUTS.join(', ')}, all int64. Export its encoder alone.`,
  );
}

const scalar = (name: string, value: number): Tensor => ({ ...ints(name, [value]), dims: [] });

/** Mask and segments, which follow from the tokens: what is not padding counts, and there is one segment. */
function inputNodes(names: readonly string[], padding: number): Addition {
  const pad = scalar('graft/padding', padding);
  const none = scalar('graft/no-segment', 0);
  const nodes = [
    node('Identity', [TOKENS_INPUT], IDS),
    node('Equal', [TOKENS_INPUT, pad.name], 'graft/is-padding'),
    node('Not', ['graft/is-padding'], 'graft/is-token'),
    node('Cast', ['graft/is-token'], KNOWN, { to: FLOAT32 }),
  ];
  if (names.includes(MASK)) nodes.push(node('Cast', ['graft/is-token'], MASK, { to: INT64 }));
  if (names.includes(SEGMENTS)) nodes.push(node('Mul', [TOKENS_INPUT, none.name], SEGMENTS));
  return { nodes, constants: [pad, none] };
}

/** A published encoder as a network of one input: tokens, filled up with `padding`. @throws GraphError */
export function asTokenNetwork(model: Model, padding: number): Model {
  const input = { name: TOKENS_INPUT, type: 'int64' as const, dims: ['N', 'L'] };
  return prepend(model, inputNodes(inputsOf(model), padding), input);
}

/**
 * The network for texts of one length with nothing missing: mask and segments are constants. Only the road from tokens to the last
 * layer is left, which is what finding its blocks needs; with the mask, which every block reads, no place would carry everything.
 */
export function withoutMask(model: Model, tokens: number): Model {
  const names = inputsOf(model);
  const constants = new Map(model.constants);
  const fixed = (name: string, value: number): void => {
    if (names.includes(name))
      constants.set(name, { ...ints(name, new Array<number>(tokens).fill(value)), dims: [1, tokens] });
  };
  fixed(MASK, 1);
  fixed(SEGMENTS, 0);
  return { ...model, constants, inputs: model.inputs.filter(({ name }) => name === IDS) };
}
