import { describe, expect, it } from 'vitest';
import { describeSearch, summarise } from '../../../../src/collect/search-summary.js';
import type { SearchRow } from '../../../../src/collect/search.repository.js';

const category = { id: 'c', name: 'cat' };

const search = (provider: string, state: SearchRow['state'], facts: Partial<SearchRow> = {}): SearchRow => ({
  runId: 'r',
  categoryId: category.id,
  provider,
  query: 'cat',
  position: 0,
  tier: 0,
  state,
  cursor: null,
  pages: 1,
  rows: [],
  turn: 0,
  found: 0,
  again: 0,
  reason: null,
  detail: state === 'failed' ? `${provider} is down` : null,
  ...facts,
});

const found = (provider: string, kept: number) => ({
  categoryId: category.id,
  provider,
  query: 'cat',
  found: kept + 2,
  kept,
});

const summary = (searches: SearchRow[], kept: number, facts: { roundsOver?: boolean } = {}) =>
  summarise({ category, wanted: 10, roundsOver: false, searches, yields: [found('a', kept)], ...facts });

describe('the reason to stop', () => {
  it.each([
    ['enough', 'enough are kept', [search('a', 'open')], 10, {}],
    ['exhausted', 'all have ended', [search('a', 'exhausted'), search('b', 'exhausted')], 4, {}],
    ['exhausted', 'one failed and one ended', [search('a', 'exhausted'), search('b', 'failed')], 4, {}],
    ['failed', 'all have failed', [search('a', 'failed'), search('b', 'failed')], 4, {}],
    ['limit', 'there are no more rounds', [search('a', 'open')], 4, { roundsOver: true }],
    [null, 'a provider may have more', [search('a', 'open'), search('b', 'failed')], 4, {}],
    ['exhausted', 'a list was all there was', [], 4, {}],
  ] as const)('is %s when %s', (reason, _when, searches, kept, facts) => {
    expect(summary([...searches], kept, facts).stoppedBecause).toBe(reason);
  });
});

describe('the providers', () => {
  it('are told with what each query brought, and why one failed', () => {
    const later = search('b', 'open', { query: 'cats', tier: 1, turn: null, pages: 0 });
    const { providers } = summary([search('a', 'open'), search('b', 'failed'), later], 10);
    expect(providers).toEqual([
      {
        provider: 'a',
        queries: [{ query: 'cat', found: 12, kept: 10 }],
        found: 12,
        kept: 10,
        state: 'stopped',
        reason: null,
      },
      {
        provider: 'b',
        queries: [{ query: 'cat', found: 0, kept: 0 }],
        found: 0,
        kept: 0,
        state: 'failed',
        reason: 'b is down',
      },
    ]);
  });
});

describe('the note', () => {
  it('is short when all is well, and empty while it goes on', () => {
    expect(describeSearch([summary([search('a', 'open')], 10)])).toBe('every category has enough');
    expect(describeSearch([summary([search('a', 'open')], 4)])).toBe('');
    expect(describeSearch([])).toBe('');
  });

  it('says who is short, by how much, why, and who failed', () => {
    expect(describeSearch([summary([search('a', 'exhausted'), search('b', 'failed')], 4)])).toBe(
      'cat: 4 of 10 kept, every provider is exhausted (a exhausted, 6 found, b failed, 0 found); b is down',
    );
  });
});
