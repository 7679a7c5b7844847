import { Cron } from 'croner';
import { GraftError } from '../runs/errors.js';

/** Reads a cron expression of five fields in a time zone. @throws GraftError saying what is wrong with it */
function parse(expression: string, timeZone: string): Cron {
  try {
    const cron = new Cron(expression, { timezone: timeZone, paused: true, mode: '5-part' });
    cron.nextRun(new Date(0)); // an unknown zone shows only when a time is reckoned
    return cron;
  } catch (error) {
    throw new GraftError({
      code: 'bad-schedule',
      message: `"${expression}" in the time zone ${timeZone} is no schedule: ${(error as Error).message}`,
      fix: 'Five fields: minute hour day month weekday, such as "0 3 * * 1" for Mondays at 3; zones have IANA names, such as Europe/Berlin.',
    });
  }
}

export const checkCron = (expression: string, timeZone: string): void => void parse(expression, timeZone);

/** The next times a schedule fires after a moment. */
export function nextFirings(expression: string, timeZone: string, after: Date, count: number): Date[] {
  return parse(expression, timeZone).nextRuns(count, after);
}

/** The last time a schedule fired in (after, until], or null: however many were missed, one stands for all. */
export function lastFiring(expression: string, timeZone: string, after: Date, until: Date): Date | null {
  const cron = parse(expression, timeZone);
  let last: Date | null = null;
  for (let next = cron.nextRun(after); next !== null && next <= until; next = cron.nextRun(next)) last = next;
  return last;
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `Monday 30 November 2026 at 03:00 (Europe/Berlin), in 4 days`. */
export function inWords(at: Date, timeZone: string, now: Date): string {
  const parts = { timeZone, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const day = new Intl.DateTimeFormat('en-GB', parts).format(at).replace(',', '');
  const time = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
  const away = at.getTime() - now.getTime();
  const [unit, ms] = UNITS.find(([, size]) => away >= size) ?? ['minute', 60_000];
  const distance = new Intl.RelativeTimeFormat('en').format(Math.max(1, Math.round(away / ms)), unit);
  return `${day} at ${time} (${timeZone}), ${distance}`;
}
