import type { TextInput } from '../input.js';

/** Turns a text into the numbers that a network reads. */
export interface TextTokenizer {
  /** Token numbers, `parts` of them for each token; at most `maxTokens` tokens, one at least. */
  encode(text: string): Int32Array;
}

/** Cuts a list of tokens, and gives an empty text one token that means nothing. */
export function finish(tokens: readonly number[], { maxTokens, parts, padding }: TextInput): Int32Array {
  if (tokens.length === 0) return new Int32Array(parts).fill(padding);
  return Int32Array.from(tokens.slice(0, maxTokens * parts));
}
