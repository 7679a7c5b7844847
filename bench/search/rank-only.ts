import { runSearch, type SearchRequest, type SearchResult } from '../../zoo/index.js';

/** A search that ranks every tap and trains no heads: time stands still until the ranking is over, and then there is none left. */
export function rankOnly(request: Omit<SearchRequest, 'budgetMs' | 'now'>): Promise<SearchResult> {
  let clock = 0;
  return runSearch({
    ...request,
    budgetMs: 1,
    now: () => clock,
    onProgress: ({ done, total }) => {
      if (done === total) clock = 2;
    },
  });
}
