import { describe, expect, it } from 'vitest';
import { BadRequestError, parseSearchQuery } from '../../../../src/gallery/api.js';

const parse = (query: string) => parseSearchQuery(new URLSearchParams(query));

describe('parseSearchQuery', () => {
  it('fills in page and per_page', () => {
    expect(parse('q=fruit')).toEqual({ q: 'fruit', page: 1, per_page: 20 });
  });

  it('trims the query', () => {
    expect(parse('q=+red+apple+&page=2&per_page=100')).toEqual({ q: 'red apple', page: 2, per_page: 100 });
  });

  it.each([
    ['', 'q'],
    ['q=', 'q'],
    ['q=++', 'q'],
    [`q=${'a'.repeat(101)}`, '100 characters'],
    ['q=a&page=0', 'page'],
    ['q=a&page=-1', 'page'],
    ['q=a&page=1.5', 'page'],
    ['q=a&page=x', 'page'],
    ['q=a&per_page=101', 'per_page is at most 100'],
    ['q=a&per_page=0', 'per_page'],
  ])('refuses %j, naming what is wrong', (query, named) => {
    expect(() => parse(query)).toThrow(BadRequestError);
    expect(() => parse(query)).toThrow(named);
  });
});
