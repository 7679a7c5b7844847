import type { Picture } from './catalogue.js';
import { unitOf } from './digest.js';
import { wordsOf } from './words.js';

const NAME_SCORE = 1;
const KEYWORD_SCORE = 1;
const LOOSE_KEYWORD_SCORE = 0.25;

const hasAll = (words: readonly string[], within: ReadonlySet<string>): boolean =>
  words.every((word) => within.has(word));

function scoreOf(picture: Picture, words: readonly string[]): number {
  const name = hasAll(words, picture.nameWords) ? NAME_SCORE : 0;
  if (picture.keywords.has(words.join(' '))) return name + KEYWORD_SCORE;
  return name + (hasAll(words, picture.keywordWords) ? LOOSE_KEYWORD_SCORE : 0);
}

/** Order within one score: mixes the artists, the same way every time. */
const jitter = (picture: Picture): number => unitOf('order', picture.set, picture.icon);

/**
 * The pictures whose names or keywords hold every word of the query, best matches first; empty when nothing matches.
 * A keyword says what a picture is about, not what it shows: some matches are wrong, as on the web.
 */
export function findPictures(catalogue: readonly Picture[], query: string): Picture[] {
  const words = wordsOf(query);
  if (words.length === 0) return [];
  const scored = catalogue.map((picture) => ({ picture, score: scoreOf(picture, words) }));
  const found = scored.filter(({ score }) => score > 0);
  const ranked = found.map(({ picture, score }) => ({ picture, rank: score + jitter(picture) }));
  return ranked.sort((a, b) => b.rank - a.rank).map(({ picture }) => picture);
}
