import { ZooError } from '../../errors.js';
import type { Model } from '../../graph/model.js';
import { elementCount } from '../../graph/model.js';
import type { Tap } from '../../graph/taps.js';
import type { TextInput } from '../input.js';
import { chooseColumns } from '../ngrams/columns.js';
import {
  OWN_TOKENIZERS,
  type NgramTokenizerFile,
  type WordTokenizerFile,
} from '../tokenizers/own-tokenizers.js';
import { trainWordVectors, type TrainingOptions, type WordVectors } from '../vectors/train.js';
import { wordsOf } from '../words.js';
import type { TextCorpus, WordVectorSource } from './card.js';
import { ngramNetwork, NGRAM_TAPS, vectorNetwork, VECTOR_TAPS } from './networks.js';

/** A text backbone before it is written down. */
export interface MadeText {
  readonly model: Model;
  /** What its file holds. */
  readonly tokenizer: object;
  readonly input: TextInput;
  readonly taps: readonly Tap[];
}

/** Tokens read of one text: about what fits the largest text that is taken. */
const MOST_WORDS = 512;
const MOST_NGRAMS = 16_384;
/** N-grams an unknown word is taken apart into, at most. */
const MOST_PARTS = 24;

/** Taps of a network whose own they are; each costs the whole of it. */
function tapsOf(ids: readonly string[], channels: (id: string) => number, model: Model): Tap[] {
  const params = [...model.constants.values()]
    .filter(({ type }) => type === 'float32')
    .reduce((sum, { dims }) => sum + elementCount(dims), 0);
  return ids.map((id, index): Tap => ({
    ...{ id, tensor: id, index, layout: 'vector', channels: channels(id), params },
    bytes: 4 * params,
    depth: 1,
    kind: index === ids.length - 1 ? 'last' : 'block',
    // A look-up and a sum a word, for a sentence of about twenty.
    flops: 20 * channels(id),
  }));
}

const wordTokenizer = ({ words, ngrams, options }: WordVectors): WordTokenizerFile => ({
  ...{ graft: OWN_TOKENIZERS, kind: 'words', words: [...words] },
  subwords: options.subwords && {
    ...{ shortest: options.subwords.shortest, longest: options.subwords.longest },
    ngrams: [...ngrams.keys()],
  },
});

/** Learns word vectors from a corpus. @throws ZooError when it is too small */
export async function makeVectors(
  { options }: WordVectorSource,
  { learnt, unlabelled }: TextCorpus,
  run: TrainingOptions,
): Promise<MadeText> {
  const sentences = [...learnt, ...unlabelled].map(wordsOf);
  const vectors = await trainWordVectors(sentences, options, run);
  const parts = vectors.ngrams.size > 0 ? MOST_PARTS : 1;
  const input: TextInput = { kind: 'text', maxTokens: MOST_WORDS, parts, padding: 0 };
  const model = vectorNetwork(vectors, input);
  const taps = tapsOf(VECTOR_TAPS, () => vectors.width, model);
  return { model, tokenizer: wordTokenizer(vectors), input, taps };
}

/** Chooses the columns of n-grams for a corpus. @throws ZooError when it holds no word */
export function makeNgrams({ learnt, unlabelled }: TextCorpus): MadeText {
  const columns = chooseColumns(learnt, unlabelled);
  const { words, characters, sizes } = columns;
  if (words.length === 0) throw new ZooError('The texts hold no word to count.');
  const input: TextInput = { kind: 'text', maxTokens: MOST_NGRAMS, parts: 1, padding: 0 };
  const model = ngramNetwork(columns);
  const widths = { words: words.length, characters: characters.length };
  const widthOf = (id: string): number =>
    id === 'words' || id === 'characters' ? widths[id] : widths.words + widths.characters;
  const tokenizer: NgramTokenizerFile = {
    ...{ graft: OWN_TOKENIZERS, kind: 'ngrams', sizes: { ...sizes }, words: [...words] },
    characters: [...characters],
  };
  return { model, tokenizer, input, taps: tapsOf(NGRAM_TAPS, widthOf, model) };
}
