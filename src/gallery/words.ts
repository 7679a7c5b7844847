/** Plurals that no ending rule gets right. */
const IRREGULAR: Readonly<Record<string, string>> = {
  buses: 'bus',
  children: 'child',
  feet: 'foot',
  geese: 'goose',
  knives: 'knife',
  leaves: 'leaf',
  lenses: 'lens',
  men: 'man',
  mice: 'mouse',
  people: 'person',
  teeth: 'tooth',
  wolves: 'wolf',
  women: 'woman',
};

const KEEPS_ITS_S = /(ss|us|is)$/;
const DROPS_ES = /(sses|shes|ches|xes|zzes|oes)$/;

/** The singular of an English word as far as ending rules reach; wrong guesses do no harm, both sides of a match get the same. */
export function singular(word: string): string {
  const known = IRREGULAR[word];
  if (known !== undefined) return known;
  if (word.length < 4 || !word.endsWith('s') || KEEPS_ITS_S.test(word)) return word;
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (DROPS_ES.test(word) && word !== 'shoes') return word.slice(0, -2);
  return word.slice(0, -1);
}

/** Lower-case singular words of a name, a keyword or a query: `Red_Apples!` gives `red`, `apple`. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return (plain.match(/[\p{L}\p{N}]+/gu) ?? []).map(singular);
}

/** A name without anything but letters and digits, so that `red-apple`, `red_apple` and `redapple` are one key. */
export function squash(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Shorter pieces would cut almost any string into something. */
const MIN_PIECE_LENGTH = 3;

/**
 * Cuts a name written without separators into the fewest known words (`recreationalvehicle` into two);
 * null when `vocabulary` does not cover all of it.
 */
export function segment(name: string, vocabulary: ReadonlySet<string>): string[] | null {
  const best: (string[] | null)[] = [[]];
  for (let end = 1; end <= name.length; end++) {
    best[end] = null;
    for (let start = 0; start <= end - MIN_PIECE_LENGTH; start++) {
      const head = best[start];
      const piece = name.slice(start, end);
      if (!head || !vocabulary.has(piece)) continue;
      if (head.length + 1 < (best[end]?.length ?? Infinity)) best[end] = [...head, piece];
    }
  }
  return best[name.length] ?? null;
}
