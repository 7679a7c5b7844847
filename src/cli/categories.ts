import { LIMITS } from '../config/settings.js';
import { categoryKey, CategoryNamesError, checkCategories } from '../dataset/split/check-categories.js';
import { usageError } from './errors.js';

const FIX =
  'Name two or more (graft build cat dog fox), or give a folder with one folder of pictures a category (graft build --from DIR).';

/**
 * The categories of a build: those named on the command line, then the folders that are none of those, then those of a
 * list of addresses that are neither.
 * @throws CliError when a name is no good or given twice, or when there are fewer than two
 */
export function joinCategories(
  named: readonly string[],
  folders: readonly string[],
  listed: readonly string[] = [],
): string[] {
  refuseTwinFolders(folders);
  const names = [...named];
  const keys = new Set(named.map(categoryKey));
  for (const name of [...folders, ...listed]) {
    if (keys.has(categoryKey(name))) continue;
    keys.add(categoryKey(name));
    names.push(name);
  }
  if (names.length > LIMITS.maxCategories) {
    const message = `${names.length} categories are more than the ${LIMITS.maxCategories} that Graft takes.`;
    throw usageError('too-many-categories', message, 'Split the task, or leave out categories.');
  }
  try {
    return checkCategories(names);
  } catch (error) {
    if (error instanceof CategoryNamesError) throw usageError('bad-categories', error.message, FIX);
    throw error;
  }
}

function refuseTwinFolders(folders: readonly string[]): void {
  const byKey = new Map<string, string>();
  for (const folder of folders) {
    const twin = byKey.get(categoryKey(folder));
    if (twin !== undefined) {
      const message = `The folders "${twin}" and "${folder}" are the same category.`;
      throw usageError('bad-categories', message, 'Put their pictures into one folder, or rename one.');
    }
    byKey.set(categoryKey(folder), folder);
  }
}
