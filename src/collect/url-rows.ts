import { LIMITS } from '../config/settings.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import type { ListedUrls, UrlRow } from '../http/api.js';
import type { NewUrl } from '../projects/projects.repository.js';

interface Problem {
  readonly reason: string;
  readonly detail: string;
}

/** What is wrong with an address, or null. Whether it may be reached is decided when it is fetched. */
function addressProblem(url: string): Problem | null {
  if (url.length > LIMITS.maxUrlLength)
    return { reason: 'bad-url', detail: `Longer than ${LIMITS.maxUrlLength} characters.` };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed) return { reason: 'bad-url', detail: 'Not an absolute address.' };
  if (parsed.protocol === 'http:' || parsed.protocol === 'https:') return null;
  return {
    reason: 'bad-url',
    detail: `${parsed.protocol} addresses are not fetched, only http: and https:.`,
  };
}

const textOrNull = (text: string | null | undefined): string | null => text?.trim() || null;

/** Parts the rows of a list into those that can be kept, and those that cannot, with their lines. */
export function checkUrlRows(
  rows: readonly UrlRow[],
  categories: readonly { id: string; name: string }[],
): { good: NewUrl[]; rejected: ListedUrls['rejected'] } {
  const ids = new Map(categories.map(({ id, name }) => [categoryKey(name), id]));
  const names = categories.map(({ name }) => name).join(', ');
  const good: NewUrl[] = [];
  const rejected: ListedUrls['rejected'] = [];
  for (const [index, row] of rows.entries()) {
    const url = row.url.trim();
    const categoryId = ids.get(categoryKey(row.category));
    const problem =
      categoryId === undefined
        ? { reason: 'unknown-category', detail: `"${row.category}" is none of: ${names}.` }
        : addressProblem(url);
    if (problem || categoryId === undefined) {
      rejected.push({
        line: row.line ?? index + 1,
        url: url.slice(0, 200),
        reason: '',
        detail: '',
        ...problem,
      });
      continue;
    }
    const { page, creator, licence, licenceUrl } = row;
    good.push({
      categoryId,
      imageUrl: new URL(url).href,
      pageUrl: textOrNull(page),
      creator: textOrNull(creator),
      licence: textOrNull(licence),
      licenceUrl: textOrNull(licenceUrl),
    });
  }
  return { good, rejected };
}
