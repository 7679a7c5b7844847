/** How a phrasing came about. */
export type PhrasingKind = 'plain' | 'synonym' | 'given' | 'plural' | 'context';

/** One way to ask for a category. */
export interface Phrasing {
  query: string;
  kind: PhrasingKind;
  /** 0 is asked first; the next tier only fills up what the ones before could not give. */
  tier: number;
}

/** What a person adds to the name of a category. */
export interface PhrasingWishes {
  /** Other words for the same thing. */
  synonyms?: readonly string[];
  /** Whole queries, for example in other languages. */
  queries?: readonly string[];
  /** False asks for the name and what was given, and nothing made up. Default: true. */
  invent?: boolean;
}

const TIERS: Readonly<Record<PhrasingKind, number>> = {
  plain: 0,
  synonym: 1,
  given: 1,
  plural: 2,
  context: 2,
};

/** Words that go with photographs of nearly anything. */
const CONTEXT_WORDS = ['photo', 'close-up', 'outdoors'];

/** Plurals that no ending rule gets right. */
const IRREGULAR: ReadonlyMap<string, string> = new Map([
  ['child', 'children'],
  ['foot', 'feet'],
  ['goose', 'geese'],
  ['knife', 'knives'],
  ['leaf', 'leaves'],
  ['loaf', 'loaves'],
  ['man', 'men'],
  ['mouse', 'mice'],
  ['ox', 'oxen'],
  ['person', 'people'],
  ['tooth', 'teeth'],
  ['wolf', 'wolves'],
  ['woman', 'women'],
]);
const UNCHANGED: ReadonlySet<string> = new Set([
  'aircraft',
  'deer',
  'fish',
  'moose',
  'salmon',
  'sheep',
  'trout',
]);

const pluralWord = (word: string): string | null => {
  const lower = word.toLowerCase();
  if (UNCHANGED.has(lower) || /[^siu]s$/.test(lower)) return null; // 'scissors' is a plural already
  const irregular = IRREGULAR.get(lower);
  if (irregular !== undefined) return irregular;
  if (/[^aeiou]y$/.test(lower)) return `${word.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(lower) ? `${word}es` : `${word}s`;
};

/** The English plural of a name, by its last word; null when it has none or the name is no plain English. */
export function pluralOf(name: string): string | null {
  const match = /^(.*?)([a-z]{2,})$/i.exec(name.trim());
  if (!match || !/^[\x20-\x7e]*$/.test(name)) return null;
  const [, before = '', last = ''] = match;
  const plural = pluralWord(last);
  return plural === null ? null : `${before}${plural}`;
}

const keyOf = (query: string): string => query.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();

/**
 * The ways to ask for a category, in the order in which they are to be tried; each query once. The plain name comes
 * first: every other phrasing brings pictures that fit a little less.
 */
export function phrasingsOf(name: string, wishes: PhrasingWishes = {}): Phrasing[] {
  const { synonyms = [], queries = [], invent = true } = wishes;
  const plural = invent ? pluralOf(name) : null;
  const all: [PhrasingKind, string][] = [
    ['plain', name],
    ...synonyms.map((query): [PhrasingKind, string] => ['synonym', query]),
    ...queries.map((query): [PhrasingKind, string] => ['given', query]),
    ...(plural === null ? [] : [['plural', plural] as [PhrasingKind, string]]),
    ...(invent ? CONTEXT_WORDS : []).map((word): [PhrasingKind, string] => ['context', `${name} ${word}`]),
  ];
  const seen = new Set<string>();
  return all.flatMap(([kind, text]) => {
    const query = text.replace(/\s+/gu, ' ').trim();
    if (query === '' || seen.has(keyOf(query))) return [];
    seen.add(keyOf(query));
    return [{ query, kind, tier: TIERS[kind] }];
  });
}
