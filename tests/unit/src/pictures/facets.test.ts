import { describe, expect, it } from 'vitest';
import { toFacets, type FacetRow } from '../../../../src/pictures/facets.js';

const row = (over: Partial<FacetRow>): FacetRow => ({
  category: 'cat',
  provider: 'gallery',
  query: 'cat',
  state: 'kept',
  stage: 'split',
  reason: null,
  doubt: null,
  pictures: 1,
  ...over,
});

describe('facets of the pictures of a run', () => {
  const rows = [
    row({ pictures: 5 }),
    row({ pictures: 2, doubt: 'outlier' }),
    row({ state: 'dropped', stage: 'dedupe', reason: 'near-duplicate', pictures: 3 }),
    row({ state: 'dropped', stage: 'fetch', reason: 'exact-duplicate', pictures: 1 }),
    row({ state: 'dropped', stage: 'fetch', reason: 'http-404', pictures: 4 }),
    row({ state: 'dropped', stage: 'curate', reason: 'outlier', doubt: 'outlier', pictures: 1 }),
    row({ category: 'dog', query: 'dog', state: 'pending', stage: 'search', pictures: 7 }),
  ];

  it('counts each picture once in its category', () => {
    const { total, categories } = toFacets(rows, 2);
    expect(total).toBe(23);
    expect(categories).toEqual([
      { name: 'cat', kept: 7, dropped: 9, pending: 0, doubted: 3 },
      { name: 'dog', kept: 0, dropped: 0, pending: 7, doubted: 0 },
    ]);
  });

  it('says of each query what it gave', () => {
    expect(toFacets(rows, 2).queries[0]).toEqual({
      category: 'cat',
      provider: 'gallery',
      query: 'cat',
      found: 16,
      kept: 7,
      copies: 4,
      broken: 4,
      wrong: 3,
    });
  });

  it('puts the commonest reason first', () => {
    expect(toFacets(rows, 2).reasons[0]).toEqual({ reason: 'http-404', stage: 'fetch', pictures: 4 });
  });
});
