import type { Facets, Run } from '../../api/client';
import type { PicturesSearch } from './search';
import type { Review } from './use-review';

/** What each view of the page of pictures is given. */
export interface ViewProps {
  readonly run: Run;
  readonly facets: Facets | undefined;
  readonly categories: readonly string[];
  readonly review: Review;
  readonly search: PicturesSearch;
  readonly change: (next: Partial<PicturesSearch>, replace?: boolean) => void;
}
