import type { Facets, ImageView } from '../http/api.js';

/** Pictures of a run that are alike in everything one may filter by. */
export interface FacetRow extends Pick<
  ImageView,
  'category' | 'provider' | 'query' | 'state' | 'stage' | 'reason' | 'doubt'
> {
  readonly pictures: number;
}

type CategoryFacet = Facets['categories'][number];
type QueryFacet = Facets['queries'][number];

const isCopy = ({ stage, reason }: FacetRow): boolean =>
  reason !== null && (stage === 'dedupe' || reason === 'exact-duplicate');
const isBroken = ({ stage, reason }: FacetRow): boolean =>
  (stage === 'fetch' || stage === 'inspect') && reason !== null && reason !== 'exact-duplicate';
const isWrong = ({ stage, reason, doubt }: FacetRow): boolean =>
  doubt !== null || (stage === 'curate' && reason !== null);

/** Adds rows up under a key; the order of the first rows stays. */
function addUp<T>(rows: readonly FacetRow[], key: (row: FacetRow) => string, start: (row: FacetRow) => T) {
  const sums = new Map<string, { sum: T; rows: FacetRow[] }>();
  for (const row of rows) {
    const entry = sums.get(key(row)) ?? { sum: start(row), rows: [] };
    entry.rows.push(row);
    sums.set(key(row), entry);
  }
  return [...sums.values()];
}

const count = (rows: readonly FacetRow[], counts: (row: FacetRow) => boolean): number =>
  rows.reduce((sum, row) => sum + (counts(row) ? row.pictures : 0), 0);

/** Counts of a run's pictures by everything one may filter by. */
export function toFacets(rows: readonly FacetRow[], groups: number): Facets {
  const dropped = rows.filter((row) => row.reason !== null);
  return {
    total: count(rows, () => true),
    categories: categoriesOf(rows),
    reasons: addUp(
      dropped,
      (row) => row.reason ?? '',
      (row) => row,
    )
      .map(({ sum, rows: all }) => ({
        reason: sum.reason ?? '',
        stage: sum.stage,
        pictures: count(all, () => true),
      }))
      .sort((a, b) => b.pictures - a.pictures),
    doubts: {
      outlier: count(rows, (row) => row.doubt === 'outlier'),
      'likely-mislabelled': count(rows, (row) => row.doubt === 'likely-mislabelled'),
    },
    groups,
    queries: queriesOf(rows),
  };
}

function categoriesOf(rows: readonly FacetRow[]): CategoryFacet[] {
  const sums = addUp(
    rows,
    (row) => row.category,
    (row) => row.category,
  );
  return sums.map(({ sum, rows: all }) => ({
    name: sum,
    kept: count(all, (row) => row.state === 'kept'),
    dropped: count(all, (row) => row.state === 'dropped'),
    pending: count(all, (row) => row.state === 'pending'),
    doubted: count(all, (row) => row.doubt !== null),
  }));
}

function queriesOf(rows: readonly FacetRow[]): QueryFacet[] {
  const sums = addUp(
    rows,
    (row) => JSON.stringify([row.category, row.provider, row.query]),
    ({ category, provider, query }) => ({ category, provider, query }),
  );
  return sums.map(({ sum, rows: all }) => ({
    ...sum,
    found: count(all, () => true),
    kept: count(all, (row) => row.state === 'kept'),
    copies: count(all, isCopy),
    broken: count(all, isBroken),
    wrong: count(all, isWrong),
  }));
}
