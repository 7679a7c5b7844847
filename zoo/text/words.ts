/** How texts become words: changes when any word this file produces could change; part of every key of what is learnt from words. */
export const WORDS_VERSION = 1;

/** Scripts that put no space between words; only a dictionary can tell where one ends. */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー々';

/**
 * A run of an unspaced script; a word (letters, marks, digits, joined by apostrophes or hyphens inside it); a picture
 * character; or one of the marks that carry a mood.
 */
const TOKEN = new RegExp(
  `[${UNSPACED}][${UNSPACED}\\p{M}]*|(?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+(?:['’](?:(?![${UNSPACED}])[\\p{L}\\p{M}\\p{N}])+)*|\\p{Extended_Pictographic}|[!?]`,
  'gu',
);
const STARTS_UNSPACED = new RegExp(`^[${UNSPACED}]`, 'u');

// Making one costs a millisecond, using it does not.
let segmenter: Intl.Segmenter | null = null;

function segment(run: string): string[] {
  segmenter ??= new Intl.Segmenter('und', { granularity: 'word' });
  return Array.from(segmenter.segment(run), (part) => part.segment);
}

/** The form in which texts are compared and words are counted: Unicode NFKC, lower case, one kind of apostrophe. */
export function normaliseText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('’', "'");
}

/**
 * The words of a text in any language, normalised: punctuation is left out but for `!` and `?`; runs of Chinese, Japanese, Thai and
 * the like are cut by the dictionaries of `Intl.Segmenter`.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [token] of normaliseText(text).matchAll(TOKEN)) {
    if (STARTS_UNSPACED.test(token)) words.push(...segment(token));
    else words.push(token);
  }
  return words;
}
