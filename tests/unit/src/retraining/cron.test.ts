import { describe, expect, it } from 'vitest';
import { checkCron, inWords, lastFiring, nextFirings } from '../../../../src/retraining/cron.js';
import { GraftError } from '../../../../src/runs/errors.js';

const at = (time: string): Date => new Date(time);
const times = (dates: readonly Date[]): string[] => dates.map((date) => date.toISOString());

describe('cron schedules', () => {
  it('are read in their time zone, over a change of the clocks', () => {
    const next = nextFirings('0 3 * * *', 'Europe/Berlin', at('2026-03-27T12:00:00Z'), 3);
    // In the night to 29 March the clocks go forward: 3 o'clock is an hour earlier in UTC from then on.
    expect(times(next)).toEqual([
      '2026-03-28T02:00:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T01:00:00.000Z',
    ]);
  });

  it('tell the last firing of a span, its end included, its beginning not', () => {
    const last = (from: string, to: string) =>
      lastFiring('0 * * * *', 'UTC', at(from), at(to))?.toISOString() ?? null;
    expect(last('2026-01-01T00:00:00Z', '2026-01-01T00:59:59Z')).toBeNull();
    expect(last('2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z')).toBe('2026-01-01T01:00:00.000Z');
    expect(last('2026-01-01T01:00:00Z', '2026-01-01T01:00:00Z')).toBeNull();
    expect(last('2026-01-01T00:00:00Z', '2026-01-03T12:30:00Z')).toBe('2026-01-03T12:00:00.000Z');
  });

  it.each([
    ['61 * * * *', 'UTC'],
    ['* * *', 'UTC'],
    ['* * * * * *', 'UTC'],
    ['0 3 * * 1', 'Mars/Olympus'],
  ])('refuse "%s" in %s with what to write instead', (expression, zone) => {
    expect(() => checkCron(expression, zone)).toThrow(GraftError);
  });

  it('are told in words', () => {
    const words = inWords(at('2026-01-05T02:00:00Z'), 'Europe/Berlin', at('2026-01-05T00:30:00Z'));
    expect(words).toBe('Monday 5 January 2026 at 03:00 (Europe/Berlin), in 2 hours');
  });
});
