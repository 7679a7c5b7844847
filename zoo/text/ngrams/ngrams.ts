import { hashText } from '../hash.js';
import { wordsOf } from '../words.js';

/** Which n-grams are counted. */
export interface NgramSizes {
  /** Longest run of words. */
  readonly words: number;
  /** Shortest and longest run of characters; runs do not cross words. */
  readonly shortest: number;
  readonly longest: number;
}

export const NGRAM_SIZES: NgramSizes = { words: 2, shortest: 3, longest: 5 };

/** The n-grams of a text as 32-bit hashes, repeated as often as they occur. */
export interface TextNgrams {
  readonly words: readonly number[];
  readonly characters: readonly number[];
}

// A run of words and a run of characters of one spelling are two things.
const WORDS = 'w:';
const CHARACTERS = 'c:';

function characterNgrams(word: string, { shortest, longest }: NgramSizes): number[] {
  const marked = Array.from(` ${word} `);
  const found: number[] = [];
  for (let start = 0; start < marked.length; start++)
    for (let length = shortest; length <= longest && start + length <= marked.length; length++)
      found.push(hashText(CHARACTERS + marked.slice(start, start + length).join('')));
  return found;
}

/** Counts nothing yet: the hashes of all word and character n-grams of a text, in order. */
export function ngramsOfText(text: string, sizes: NgramSizes = NGRAM_SIZES): TextNgrams {
  const words = wordsOf(text);
  const runs: number[] = [];
  for (let start = 0; start < words.length; start++)
    for (let length = 1; length <= sizes.words && start + length <= words.length; length++)
      runs.push(hashText(WORDS + words.slice(start, start + length).join(' ')));
  return { words: runs, characters: words.flatMap((word) => characterNgrams(word, sizes)) };
}
