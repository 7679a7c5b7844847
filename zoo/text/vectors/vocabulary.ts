/** The words that get a vector: most frequent first, then by spelling, so that the same texts give the same order. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly counts: readonly number[];
  readonly indexOf: ReadonlyMap<string, number>;
}

export interface VocabularyLimits {
  /** Rarer words get no vector. */
  readonly minCount: number;
  readonly maxWords: number;
}

/** Counts words and keeps those that are frequent enough. */
export function buildVocabulary(
  sentences: Iterable<readonly string[]>,
  { minCount, maxWords }: VocabularyLimits,
): Vocabulary {
  const all = new Map<string, number>();
  for (const sentence of sentences) for (const word of sentence) all.set(word, (all.get(word) ?? 0) + 1);
  const kept = [...all]
    .filter(([, count]) => count >= minCount)
    .sort(([a, countA], [b, countB]) => countB - countA || (a < b ? -1 : 1))
    .slice(0, maxWords);
  const words = kept.map(([word]) => word);
  return {
    words,
    counts: kept.map(([, count]) => count),
    indexOf: new Map(words.map((word, index) => [word, index])),
  };
}
