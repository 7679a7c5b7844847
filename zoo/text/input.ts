/** Name of the int64 input, [N, tokens] or [N, tokens, parts], of every graph that is given texts. */
export const TOKENS_INPUT = 'tokens';

/** How a text becomes the input of a network: what its tokenizer gives, filled up to the longest of a batch. */
export interface TextInput {
  readonly kind: 'text';
  /** Longer texts are cut. */
  readonly maxTokens: number;
  /** Numbers a token: 1, or the most n-grams an unknown word is taken apart into. */
  readonly parts: number;
  /** The number that stands for no token. */
  readonly padding: number;
}

/** Tokens of a batch side by side. */
export interface TokenBatch {
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}

/** Fills the token lists of a batch up to the longest of them. */
export function joinTokens(lists: readonly ArrayLike<number>[], { parts, padding }: TextInput): TokenBatch {
  const longest = Math.max(parts, ...lists.map((list) => list.length));
  const data = new BigInt64Array(lists.length * longest).fill(BigInt(padding));
  lists.forEach((list, row) => {
    for (let i = 0; i < list.length; i++) data[row * longest + i] = BigInt(list[i] as number);
  });
  const tokens = longest / parts;
  return { dims: parts === 1 ? [lists.length, tokens] : [lists.length, tokens, parts], data };
}
