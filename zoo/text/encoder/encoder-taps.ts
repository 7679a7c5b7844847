import { GraphError } from '../../errors.js';
import { measureShapes } from '../../graph/measure.js';
import type { Model, Tensor } from '../../graph/model.js';
import { floats, ints, node } from '../../graph/model.js';
import { sortNodes, structureOf } from '../../graph/structure.js';
import type { Addition } from '../../graph/surgery.js';
import { append } from '../../graph/surgery.js';
import { findTaps, type Tap } from '../../graph/taps.js';
import { asTokenNetwork, KNOWN, withoutMask } from './token-network.js';

/** Tokens of the text that operations are counted for: about twenty words. */
const COUNTED_TOKENS = 24;
/** Axes became an input of ReduceSum with this operator set. */
const LEAST_OPSET = 13;

/** A network from tokens to one vector a tap. */
export interface TappedEncoder {
  readonly model: Model;
  readonly taps: readonly Tap[];
}

const tokenAxis = ints('graft/token-axis', [1]);
const lastAxis = ints('graft/last-axis', [2]);
const first: Tensor = { ...ints('graft/first-token', [0]), dims: [] };
const atLeastOne = floats('graft/at-least-one', [], [1]);

/** How many tokens there are, and which, once for all taps. */
const counting: Addition = {
  constants: [tokenAxis, lastAxis, first, atLeastOne],
  nodes: [
    node('Unsqueeze', [KNOWN, lastAxis.name], 'graft/known/column'),
    node('ReduceSum', [KNOWN, tokenAxis.name], 'graft/known/sum', { keepdims: 1 }),
    node('Max', ['graft/known/sum', atLeastOne.name], 'graft/known/count'),
  ],
};

/** The mean over the tokens there are (Reimers and Gurevych 2019, "Sentence-BERT"): padding must not pull it to zero. */
function meanOfTokens(tensor: string, output: string): Addition['nodes'] {
  return [
    node('Mul', [tensor, 'graft/known/column'], `${output}/known`),
    node('ReduceSum', [`${output}/known`, tokenAxis.name], `${output}/sum`, { keepdims: 0 }),
    node('Div', [`${output}/sum`, 'graft/known/count'], output),
  ];
}

const pooledName = (id: string): string => `graft/pooled/${id}`;

/** The first token of each block's output beside the mean of all: encoders gather there what they know of the whole text. */
function withFirstTokens(taps: readonly Tap[]): Tap[] {
  const all = taps.flatMap((tap): Tap[] =>
    tap.kind === 'wide' ? [tap] : [{ ...tap, id: tap.id.replace('block', 'class'), kind: 'block' }, tap],
  );
  return all.map((tap, index) => ({ ...tap, index }));
}

/**
 * Finds the depths of a published sentence encoder and pools each: the mean over the tokens, and the first token alone.
 *
 * @param padding number of the token that fills up shorter texts
 * @throws GraphError when it is no such network
 */
export async function tapEncoder(published: Model, padding: number): Promise<TappedEncoder> {
  const sorted = sortNodes(published);
  if ((sorted.opsets[''] ?? 0) < LEAST_OPSET)
    throw new GraphError(`The network is of operator set ${sorted.opsets['']}; export it for 13 or later.`);
  const structure = structureOf(withoutMask(sorted, COUNTED_TOKENS));
  const shapes = await measureShapes(structure, [1, COUNTED_TOKENS]);
  const found = findTaps(structure, shapes).filter(({ layout }) => layout === 'tokens');
  const taps = withFirstTokens(found);
  if (taps.length === 0) throw new GraphError('No layer of the network keeps its tokens apart.');
  const nodes = taps.flatMap(({ id, tensor }) =>
    id.startsWith('class')
      ? [node('Gather', [tensor, first.name], pooledName(id), { axis: 1 })]
      : meanOfTokens(tensor, pooledName(id)),
  );
  const counted = append(asTokenNetwork(sorted, padding), counting);
  return {
    model: {
      ...append(counted, { nodes, constants: [] }),
      outputs: taps.map(({ id }) => ({ name: pooledName(id), type: null, dims: [] })),
    },
    taps: taps.map((tap) => ({ ...tap, tensor: pooledName(tap.id), layout: 'vector' })),
  };
}
