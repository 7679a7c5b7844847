import type { RunSettings } from '../config/settings.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import { GraftError } from './errors.js';

/** Refuses synonyms and queries for a category that the project does not have. @throws GraftError */
export function checkPhrases(
  { synonyms, queries }: Pick<RunSettings, 'synonyms' | 'queries'>,
  categories: readonly { name: string }[],
): void {
  const known = new Set(categories.map(({ name }) => categoryKey(name)));
  const strange = [...Object.keys(synonyms), ...Object.keys(queries)].filter(
    (name) => !known.has(categoryKey(name)),
  );
  if (strange.length === 0) return;
  throw new GraftError({
    code: 'unknown-category',
    message: `Synonyms or queries are given for ${strange.join(', ')}, which is no category here.`,
    fix: `The categories are: ${categories.map(({ name }) => name).join(', ')}.`,
  });
}
