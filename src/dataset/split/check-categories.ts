/** Longest category name, in characters as people count them. */
export const MAX_CATEGORY_LENGTH = 80;
/** A classifier has to have something to tell apart. */
export const MIN_CATEGORIES = 2;

/** Why a list of category names was refused; every problem found, not only the first. */
export class CategoryNamesError extends Error {
  override readonly name = 'CategoryNamesError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join(' '));
  }
}

/** Two names with the same key are the same category: case, spacing and Unicode spelling make no difference. */
export function categoryKey(name: string): string {
  // Up and down again: 'ß' and 'SS', final and plain sigma meet only so.
  return name.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC').replace(/\s+/gu, ' ').trim();
}

/** How a name is kept: canonical Unicode, no outer space, single spaces inside. */
function tidy(name: string): string {
  return name.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Names become folders of an export and parts of a URL. Control and format characters would hide in both. */
function nameProblem(name: string): string | null {
  if (categoryKey(name) === '') return 'A category name is empty: leave it out or give it a name.';
  if ([...name].length > MAX_CATEGORY_LENGTH) {
    const length = [...name].length;
    return `"${[...name].slice(0, 24).join('')}..." has ${length} characters: use at most ${MAX_CATEGORY_LENGTH}.`;
  }
  if (/[/\\]/u.test(name) || /^\.|\.$/u.test(name)) {
    return `"${name}" looks like a path: use a plain name, without slashes and without a dot at either end.`;
  }
  if (/[\p{Cc}\p{Cs}\p{Bidi_Control}\u200B\u2060\uFEFF]/u.test(name)) {
    return `"${JSON.stringify(name).slice(1, -1)}" holds an invisible control character: type the name again.`;
  }
  return null;
}

function repeatedNames(names: readonly string[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const name of names) {
    const key = categoryKey(name);
    if (key !== '') byKey.set(key, [...(byKey.get(key) ?? []), name]);
  }
  return [...byKey.values()]
    .filter((same) => same.length > 1)
    .map((same) => `${same.map((name) => `"${name}"`).join(' and ')} are the same category: name it once.`);
}

/**
 * Checks category names before any long work starts.
 * @returns the names as they are to be kept, in the same order
 * @throws {CategoryNamesError} listing everything that is wrong and what to do about it
 */
export function checkCategories(names: readonly string[]): string[] {
  const tidied = names.map(tidy);
  const problems = [
    ...tidied.map(nameProblem).filter((problem) => problem !== null),
    ...repeatedNames(tidied),
  ];
  const distinct = new Set(tidied.map(categoryKey).filter((key) => key !== ''));
  if (distinct.size < MIN_CATEGORIES) {
    const found =
      distinct.size === 0 ? 'none was given' : `only "${tidied.find((name) => name !== '') ?? ''}" was given`;
    problems.push(
      `At least ${MIN_CATEGORIES} different categories are needed, so that there is something to tell apart; ${found}.`,
    );
  }
  if (problems.length > 0) throw new CategoryNamesError(problems);
  return tidied;
}
