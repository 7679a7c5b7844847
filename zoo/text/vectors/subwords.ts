import type { Subwords } from './options.js';

/** The n-grams of a word with its boundaries marked: `<wh`, `whe`, ... Each once, in order; the whole word is not one of them. */
export function ngramsOfWord(word: string, { shortest, longest }: Omit<Subwords, 'maxNgrams'>): string[] {
  const marked = Array.from(`<${word}>`);
  const found = new Set<string>();
  for (let start = 0; start < marked.length; start++) {
    for (let length = shortest; length <= longest && start + length <= marked.length; length++) {
      if (length < marked.length) found.add(marked.slice(start, start + length).join(''));
    }
  }
  return [...found];
}

/** The n-grams of a vocabulary that get a vector, most frequent first. */
export function chooseNgrams(
  words: readonly string[],
  counts: readonly number[],
  subwords: Subwords,
): Map<string, number> {
  const totals = new Map<string, number>();
  words.forEach((word, index) => {
    for (const ngram of ngramsOfWord(word, subwords))
      totals.set(ngram, (totals.get(ngram) ?? 0) + (counts[index] ?? 0));
  });
  const kept = [...totals]
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, subwords.maxNgrams);
  return new Map(kept.map(([ngram], index) => [ngram, index]));
}
