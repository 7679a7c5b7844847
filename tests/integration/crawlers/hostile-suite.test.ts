import { beforeAll, describe, expect, it } from 'vitest';
import { FETCH_REASONS } from '../../../crawlers/index.js';
import { measure, type HostileWebResult } from '../../../bench/hostile-web.js';
import { CASES } from '../../../bench/hostile-web/cases.js';

/** The whole hostile web at once, the crawler in a process of its own; `npm run bench -- hostile-web` prints its table. */
describe('the hostile web, all at once', () => {
  let result: HostileWebResult;
  beforeAll(async () => {
    result = await measure();
  });

  it('gives every case its documented reason, and loses no good picture among them', () => {
    const wrong = result.rows.filter(({ ok }) => !ok);
    expect(wrong).toEqual([]);
    expect(result.rows.length).toBeGreaterThan(CASES.length);
  });

  it('names only reasons that are documented', () => {
    for (const { expected } of CASES) {
      expect(expected === 'fetched' || /^http-\d{3}$/.test(expected) || expected in FETCH_REASONS).toBe(true);
    }
  });

  it('covers every documented reason', () => {
    const seen = new Set(CASES.map(({ expected }) => expected));
    expect(Object.keys(FETCH_REASONS).filter((reason) => !seen.has(reason))).toEqual([]);
  });

  it('keeps the crawling process under 300 MB', () => {
    expect(result.peakRssMb).toBeLessThan(300);
  });

  it('visits nobody that may not be visited', () => {
    expect(result.server.trespasses).toEqual([]);
  });
});
