import { InvalidArgumentError, Option } from 'commander';
import { LICENCE_CHOICES } from '../config/settings.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import { usageError } from './errors.js';

/** Phrases by category, as they were typed. */
export type Phrases = Record<string, string[]>;

/** Cuts `cat=Katze` at its first equals sign. */
function parts(raw: string): [category: string, phrase: string] {
  const at = raw.indexOf('=');
  const [category, phrase] = [raw.slice(0, at).trim(), raw.slice(at + 1).trim()];
  if (at < 0 || category === '' || phrase === '')
    throw new InvalidArgumentError('It looks like category=phrase: cat=Katze.');
  return [category, phrase];
}

function add(previous: Phrases, category: string, phrases: readonly string[]): Phrases {
  return { ...previous, [category]: [...new Set([...(previous[category] ?? []), ...phrases])] };
}

/** Collects `--synonym cat=feline,kitty`. */
export function collectSynonyms(raw: string, previous: Phrases = {}): Phrases {
  const [category, list] = parts(raw);
  const words = list.split(',').map((word) => word.trim());
  if (words.includes('')) throw new InvalidArgumentError('It looks like category=one,two: no empty entries.');
  return add(previous, category, words);
}

/** Collects `--query cat=Katze`; a query may hold commas. */
export function collectQueries(raw: string, previous: Phrases = {}): Phrases {
  const [category, query] = parts(raw);
  return add(previous, category, [query]);
}

export const licenceOption = (): Option =>
  new Option(
    '--licence <filter>',
    'keep found pictures only under licences that allow this; others are not downloaded',
  ).choices(LICENCE_CHOICES);

/** @throws CliError when a phrase is for a category that is not built */
export function refuseStrangePhrases(
  categories: readonly string[],
  options: Readonly<Record<string, Phrases | undefined>>,
): void {
  const known = new Set(categories.map(categoryKey));
  for (const [option, phrases] of Object.entries(options)) {
    const strange = Object.keys(phrases ?? {}).find((name) => !known.has(categoryKey(name)));
    if (strange === undefined) continue;
    const message = `--${option} names ${strange}, which is no category of this build.`;
    throw usageError('unknown-category', message, `The categories are: ${categories.join(', ')}.`);
  }
}
