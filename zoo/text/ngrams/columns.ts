import { ngramsOfText, NGRAM_SIZES, type NgramSizes } from './ngrams.js';

/** Which n-grams have a column, and what each weighs. */
export interface NgramColumns {
  readonly sizes: NgramSizes;
  /** Hashes of word n-grams in the order of their columns, then those of character n-grams. */
  readonly words: readonly number[];
  readonly characters: readonly number[];
  /** Inverse document frequency of each column, words first. */
  readonly idf: Float32Array;
}

type Kind = 'words' | 'characters';

/** In how many texts each n-gram occurs. */
function documentFrequencies(texts: readonly string[], kind: Kind): Map<number, number> {
  const found = new Map<number, number>();
  for (const text of texts)
    for (const hash of new Set(ngramsOfText(text)[kind])) found.set(hash, (found.get(hash) ?? 0) + 1);
  return found;
}

/** Numbers a feature matrix may hold for one kind of n-gram: bounds memory and the time of the closed forms. */
const MOST_NUMBERS = 2 ** 24;
const MOST_COLUMNS = 8192;

/** Columns for each kind, for so many texts. */
export const columnsFor = (texts: number): number =>
  Math.max(256, Math.min(MOST_COLUMNS, Math.floor(MOST_NUMBERS / Math.max(texts, 1))));

/**
 * Gives columns to the n-grams of the texts to learn from, most widespread first; how telling each is comes from the unlabelled texts as
 * well. No label is looked at.
 */
export function chooseColumns(learnt: readonly string[], unlabelled: readonly string[]): NgramColumns {
  const most = columnsFor(learnt.length);
  const all = [...learnt, ...unlabelled];
  const choose = (kind: Kind): { hashes: number[]; idf: number[] } => {
    const own = documentFrequencies(learnt, kind);
    const everywhere = unlabelled.length === 0 ? own : documentFrequencies(all, kind);
    const kept = [...own].sort(([a, x], [b, y]) => y - x || a - b).slice(0, most);
    const hashes = kept.map(([hash]) => hash);
    // Smoothed, as if one more text had every n-gram.
    const idf = hashes.map((hash) => 1 + Math.log((1 + all.length) / (1 + (everywhere.get(hash) ?? 0))));
    return { hashes, idf };
  };
  const [words, characters] = [choose('words'), choose('characters')];
  return {
    sizes: NGRAM_SIZES,
    words: words.hashes,
    characters: characters.hashes,
    idf: Float32Array.from([...words.idf, ...characters.idf]),
  };
}
