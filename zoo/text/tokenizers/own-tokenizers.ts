import { z } from 'zod';
import type { TextInput } from '../input.js';
import { ngramsOfText } from '../ngrams/ngrams.js';
import { ngramsOfWord } from '../vectors/subwords.js';
import { wordsOf } from '../words.js';
import { finish, type TextTokenizer } from './tokenizer.js';

/** Changes when one of these tokenizers could give other numbers for the same file. */
export const OWN_TOKENIZERS = 1;

const size = z.int().min(1);

/** The vocabulary of word vectors. Word i has the number i + 1, n-gram i the number words + i + 1; 0 is no token. */
export const wordTokenizerSchema = z.object({
  graft: z.literal(OWN_TOKENIZERS),
  kind: z.literal('words'),
  words: z.array(z.string()),
  subwords: z.object({ shortest: size, longest: size, ngrams: z.array(z.string()) }).nullable(),
});
export type WordTokenizerFile = z.infer<typeof wordTokenizerSchema>;

/** The columns of hashed n-grams: FNV-1a of `w:` or `c:` and the n-gram, in UTF-8. Column i has the number i + 1. */
export const ngramTokenizerSchema = z.object({
  graft: z.literal(OWN_TOKENIZERS),
  kind: z.literal('ngrams'),
  sizes: z.object({ words: size, shortest: size, longest: size }),
  words: z.array(z.int()),
  characters: z.array(z.int()),
});
export type NgramTokenizerFile = z.infer<typeof ngramTokenizerSchema>;

/** Words by number; an unknown word by the numbers of its n-grams where there are such. */
export function openWordTokenizer(file: WordTokenizerFile, input: TextInput): TextTokenizer {
  const numberOf = new Map(file.words.map((word, index) => [word, index + 1]));
  const { subwords } = file;
  const ngramOf = new Map(subwords?.ngrams.map((ngram, index) => [ngram, file.words.length + index + 1]));
  const unknown = (word: string): number[] => {
    const ngrams = subwords ? ngramsOfWord(word, subwords) : [];
    return ngrams.flatMap((ngram) => ngramOf.get(ngram) ?? []).slice(0, input.parts);
  };
  return {
    encode(text) {
      const tokens: number[] = [];
      for (const word of wordsOf(text)) {
        const known = numberOf.get(word);
        const numbers = known === undefined ? unknown(word) : [known];
        if (numbers.length === 0) continue;
        for (let part = 0; part < input.parts; part++) tokens.push(numbers[part] ?? input.padding);
        if (tokens.length >= input.maxTokens * input.parts) break;
      }
      return finish(tokens, input);
    },
  };
}

/** N-grams that have a column, as often as they occur. */
export function openNgramTokenizer(file: NgramTokenizerFile, input: TextInput): TextTokenizer {
  const words = new Map(file.words.map((hash, index) => [hash, index + 1]));
  const characters = new Map(file.characters.map((hash, index) => [hash, file.words.length + index + 1]));
  return {
    encode(text) {
      const found = ngramsOfText(text, file.sizes);
      const tokens = found.words.flatMap((hash) => words.get(hash) ?? []);
      return finish([...tokens, ...found.characters.flatMap((hash) => characters.get(hash) ?? [])], input);
    },
  };
}
