import { describe, expect, it } from 'vitest';
import { finalFailure, passingFailure } from '../../../../crawlers/http/result.js';
import { parseRetryAfter, retryDelayMs, statusFailure } from '../../../../crawlers/http/retry.js';

const NOW = Date.UTC(2026, 0, 1, 12);

describe('parseRetryAfter', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['1.5', 1500],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 0],
    ['-5', null],
    ['soon', null],
    ['Thu, 99 Foo 2026', null],
    ['', null],
    [undefined, null],
  ])('%j is %j ms', (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms);
  });
});

describe('statusFailure', () => {
  it.each([429, 500, 502, 503, 504, 408, 425])('%i may pass', (status) => {
    expect(statusFailure(status, 'a.test', null).retryable).toBe(true);
  });

  it.each([400, 401, 403, 404, 410, 418, 451, 501, 505, 304, 101])('%i stays', (status) => {
    expect(statusFailure(status, 'a.test', null)).toMatchObject({
      retryable: false,
      reason: `http-${status}`,
    });
  });
});

describe('retryDelayMs', () => {
  const rule = { maxAttempts: 5, maxRetryAfterMs: 60_000 };
  const half = (): number => 0.5;
  const busy = passingFailure('http-503', '');

  it('grows twofold, within its cap, and is spread over the upper half', () => {
    const delays = [1, 2, 3, 4].map((attempt) => retryDelayMs(busy, attempt, rule, half));
    expect(delays).toEqual([375, 750, 1500, 3000]);
    expect(retryDelayMs(busy, 1, rule, () => 0)).toBe(250);
    expect(retryDelayMs(busy, 30, { ...rule, maxAttempts: 99 }, () => 0.999)).toBeLessThanOrEqual(15_000);
  });

  it('does as the server says, unless that is too long', () => {
    expect(retryDelayMs(passingFailure('throttled', '', 7000), 1, rule, half)).toBe(7000);
    expect(retryDelayMs(passingFailure('throttled', '', 60_001), 1, rule, half)).toBeNull();
  });

  it('ends after the last attempt, at what cannot pass, and soon at a silent 429', () => {
    expect(retryDelayMs(busy, 5, rule, half)).toBeNull();
    expect(retryDelayMs(finalFailure('http-404', ''), 1, rule, half)).toBeNull();
    const silent = passingFailure('throttled', '');
    expect(retryDelayMs(silent, 1, rule, half)).not.toBeNull();
    expect(retryDelayMs(silent, 2, rule, half)).toBeNull();
  });
});
