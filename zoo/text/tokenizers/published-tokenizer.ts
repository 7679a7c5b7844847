import { ZooError } from '../../errors.js';
import type { TextInput } from '../input.js';
import type { PostProcessor, PublishedTokenizer, UnigramModel, WordPieceModel } from './published-schema.js';
import { normalisePublished, splitPublished } from './published-text.js';
import type { TextTokenizer } from './tokenizer.js';

type Pieces = (word: string) => number[];

/** Longest match first (Schuster and Nakajima 2012, "Japanese and Korean voice search"). */
function wordPieces(model: WordPieceModel): Pieces {
  const { continuing_subword_prefix: prefix, max_input_chars_per_word: longest } = model;
  const vocabulary = new Map(Object.entries(model.vocab));
  const unknown = vocabulary.get(model.unk_token);
  if (unknown === undefined) throw new ZooError(`The tokenizer has no token "${model.unk_token}".`);
  return (word) => {
    const characters = Array.from(word);
    if (characters.length > longest) return [unknown];
    const found: number[] = [];
    for (let start = 0; start < characters.length;) {
      let end = characters.length;
      let id: number | undefined;
      for (; end > start && id === undefined; end--)
        id = vocabulary.get((start > 0 ? prefix : '') + characters.slice(start, end).join(''));
      if (id === undefined) return [unknown];
      found.push(id);
      start = end + 1;
    }
    return found;
  };
}

/** What an unknown character costs beyond the least likely token, as SentencePiece has it. */
const UNKNOWN_PENALTY = 10;

/** The likeliest way to cut a word (Kudo 2018, "Subword regularization", Viterbi); unknown characters in a row are one token. */
function unigramPieces({ vocab, unk_id: unknown }: UnigramModel): Pieces {
  const vocabulary = new Map(vocab.map(([piece, score], id) => [piece, { id, score }]));
  const longest = vocab.reduce((most, [piece]) => Math.max(most, Array.from(piece).length), 1);
  const worst = vocab.reduce((least, [, score]) => Math.min(least, score), 0) - UNKNOWN_PENALTY;
  return (word) => {
    const characters = Array.from(word);
    const best = [{ score: 0, from: 0, id: -1 }];
    for (let end = 1; end <= characters.length; end++) {
      // One unknown character is always a way on.
      let top = { score: (best[end - 1]?.score ?? 0) + worst, from: end - 1, id: unknown ?? -1 };
      for (let from = Math.max(0, end - longest); from < end; from++) {
        const piece = vocabulary.get(characters.slice(from, end).join(''));
        const score = (best[from]?.score ?? 0) + (piece?.score ?? -Infinity);
        if (piece && score > top.score) top = { score, from, id: piece.id };
      }
      best.push(top);
    }
    return readBack(best, unknown);
  };
}

function readBack(best: readonly { from: number; id: number }[], unknown: number | null): number[] {
  const ids: number[] = [];
  for (let end = best.length - 1; end > 0; end = best[end]?.from ?? 0) {
    const id = best[end]?.id ?? -1;
    if (id >= 0 && !(id === unknown && ids.at(-1) === unknown)) ids.push(id);
  }
  return ids.reverse();
}

/** Token numbers before and after those of a text. */
function frameOf(processor: PostProcessor | null | undefined): { before: number[]; after: number[] } {
  if (!processor) return { before: [], after: [] };
  if (processor.type !== 'TemplateProcessing')
    return { before: [processor.cls[1]], after: [processor.sep[1]] };
  const { single, special_tokens: special } = processor;
  const at = single.findIndex((piece) => 'Sequence' in piece);
  const idsOf = (pieces: typeof single): number[] =>
    pieces.flatMap((piece) => ('SpecialToken' in piece ? (special[piece.SpecialToken.id]?.ids ?? []) : []));
  return { before: idsOf(single.slice(0, at)), after: idsOf(single.slice(at + 1)) };
}

/** The number that fills up shorter texts. */
export function paddingOf({ padding, added_tokens: added }: PublishedTokenizer): number {
  return padding?.pad_id ?? added.find(({ content }) => /^(\[PAD\]|<pad>)$/.test(content))?.id ?? 0;
}

/** A tokenizer that was published with a sentence encoder: WordPiece or Unigram. */
export function openPublishedTokenizer(file: PublishedTokenizer, { maxTokens }: TextInput): TextTokenizer {
  const pieces = file.model.type === 'Unigram' ? unigramPieces(file.model) : wordPieces(file.model);
  const { before, after } = frameOf(file.post_processor);
  const room = Math.max(1, maxTokens - before.length - after.length);
  return {
    encode(text) {
      const ids: number[] = [];
      for (const word of splitPublished(normalisePublished(text, file), file)) {
        if (ids.length >= room) break;
        ids.push(...pieces(word));
      }
      return Int32Array.from([...before, ...ids.slice(0, room), ...after]);
    },
  };
}
