import { oneOf, textOf } from '../../lib/search-params';
import type { PictureFilter } from '../../api/queries';

export const VIEWS = ['grid', 'groups', 'queries'] as const;
export const STATES = ['kept', 'dropped', 'pending'] as const;
export const SORTS = ['found', 'suspicion', 'newest', 'largest'] as const;
export const DOUBTS = ['any', 'outlier', 'likely-mislabelled'] as const;

/** Everything the page of pictures shows is in its address, so that it can be sent to a colleague. */
export interface PicturesSearch extends PictureFilter {
  readonly view?: (typeof VIEWS)[number];
  /** Id of the picture whose story is open. */
  readonly picture?: string;
}

export function toPicturesSearch(raw: Record<string, unknown>): PicturesSearch {
  return {
    view: oneOf(raw, 'view', VIEWS),
    category: textOf(raw, 'category'),
    state: oneOf(raw, 'state', STATES),
    reason: textOf(raw, 'reason'),
    provider: textOf(raw, 'provider'),
    query: textOf(raw, 'query'),
    doubt: oneOf(raw, 'doubt', DOUBTS),
    sort: oneOf(raw, 'sort', SORTS),
    picture: textOf(raw, 'picture'),
  };
}

/** What is asked of the service; how it is shown is not its business. */
export function filterOf({ view: _view, picture: _picture, ...filter }: PicturesSearch): PictureFilter {
  return filter;
}
