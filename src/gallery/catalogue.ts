import { unitOf } from './digest.js';
import { FIREFOX_NAMES } from './firefox-names.js';
import {
  ICON_SET_IDS,
  readIconSet,
  readKeywords,
  type Credit,
  type Drawing,
  type IconSet,
  type IconSetId,
} from './icon-sets.js';
import { segment, squash, wordsOf } from './words.js';

/** A picture the gallery can show: one icon of one set, with all it can be found by. */
export interface Picture {
  readonly set: IconSetId;
  readonly icon: string;
  readonly title: string;
  readonly credit: Credit;
  readonly drawing: Drawing;
  /** Words of the picture's names. */
  readonly nameWords: ReadonlySet<string>;
  /** Keywords, each as its words joined by spaces. */
  readonly keywords: ReadonlySet<string>;
  /** Single words of the keywords. */
  readonly keywordWords: ReadonlySet<string>;
}

const SKIN_TONE = /-skin-tone/;

/** Of the variants by skin tone, five or more to an emoji and alike but for a colour, this share is shown. */
export const SKIN_TONE_SHARE = 0.03;

const isShown = (set: IconSetId, icon: string): boolean =>
  !SKIN_TONE.test(icon) || unitOf('skin-tone', set, icon) < SKIN_TONE_SHARE;

/** Finds the emoji that an icon draws, by code points where the set gives them, else by any of its names. */
class EmojiIndex {
  readonly vocabulary = new Set<string>();
  private readonly codeByName = new Map<string, string>();

  constructor(
    sets: readonly IconSet[],
    private readonly keywords: ReadonlyMap<string, readonly string[]>,
  ) {
    for (const [code, [shortName]] of keywords) this.learn(shortName ?? '', code);
    for (const set of sets) for (const [name, code] of set.codeOf) this.learn(name, code);
    for (const set of sets) this.learnOtherNames(set);
  }

  keywordsOf(set: IconSet, icon: string): readonly string[] {
    const names = [icon, FIREFOX_NAMES[icon] ?? '', ...(set.otherNames.get(icon) ?? [])];
    const codes = [set.codeOf.get(icon), ...names.map((name) => this.codeByName.get(squash(name)))];
    const known = codes.find((code) => code !== undefined && this.keywords.has(code));
    return (known === undefined ? undefined : this.keywords.get(known)) ?? [];
  }

  private learn(name: string, code: string): void {
    const key = squash(name);
    if (this.keywords.has(code) && !this.codeByName.has(key)) this.codeByName.set(key, code);
    for (const word of name.toLowerCase().match(/[a-z]+/g) ?? []) this.vocabulary.add(word);
  }

  private learnOtherNames(set: IconSet): void {
    for (const [icon, names] of set.otherNames) {
      const code = this.codeByName.get(squash(icon));
      if (code !== undefined) for (const name of names) this.learn(name, code);
    }
  }
}

function readableName(icon: string, keywords: readonly string[], index: EmojiIndex): string {
  if (icon.includes('-')) return icon.replaceAll('-', ' ');
  const shortName = keywords[0]?.replaceAll('_', ' ');
  return shortName ?? segment(icon, index.vocabulary)?.join(' ') ?? icon;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function pictureOf(set: IconSet, icon: string, drawing: Drawing, index: EmojiIndex): Picture {
  const keywords = index.keywordsOf(set, icon);
  const name = readableName(icon, keywords, index);
  const phrases = keywords.map(wordsOf);
  return {
    set: set.id,
    icon,
    title: capitalised(name),
    credit: set.credit,
    drawing,
    nameWords: new Set([icon, name, ...(set.otherNames.get(icon) ?? [])].flatMap(wordsOf)),
    keywords: new Set(phrases.map((words) => words.join(' '))),
    keywordWords: new Set(phrases.flat()),
  };
}

function picturesOf(set: IconSet, index: EmojiIndex): Picture[] {
  return [...set.drawings]
    .filter(([icon]) => isShown(set.id, icon))
    .map(([icon, drawing]) => pictureOf(set, icon, drawing, index));
}

/** Reads every set (about half a second) and joins its icons with emojilib's keywords. */
export async function readCatalogue(): Promise<readonly Picture[]> {
  const [sets, keywords] = await Promise.all([Promise.all(ICON_SET_IDS.map(readIconSet)), readKeywords()]);
  const index = new EmojiIndex(sets, keywords);
  return sets.flatMap((set) => picturesOf(set, index));
}
