import { InvalidArgumentError } from 'commander';

const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Parses `90s`, `10m`, `1h`, `1h30m`, `1.5h` into milliseconds.
 * @throws InvalidArgumentError for anything else, and for less than a second
 */
export function parseDuration(raw: string): number {
  const text = raw.trim().toLowerCase();
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const read = parts.map(([whole]) => whole).join('');
  if (parts.length === 0 || read !== text) {
    throw new InvalidArgumentError('A time is a number with a unit: 90s, 10m, 1h or 1h30m.');
  }
  const totalMs = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0),
    0,
  );
  if (totalMs < 1000) throw new InvalidArgumentError('A time of at least one second is needed.');
  return Math.round(totalMs);
}

/** A parser of whole numbers within bounds, both included. */
export function wholeNumber(what: string, min: number, max: number): (raw: string) => number {
  return (raw) => {
    const value = /^\d+$/.test(raw.trim()) ? Number(raw) : Number.NaN;
    if (!(value >= min && value <= max))
      throw new InvalidArgumentError(`${what} is a whole number from ${min} to ${max}.`);
    return value;
  };
}

/** Collects a repeatable option whose values may be comma lists; a value given twice counts once. */
export function collectList(raw: string, previous: readonly string[] = []): string[] {
  const values = raw.split(',').map((value) => value.trim());
  if (values.some((value) => value === ''))
    throw new InvalidArgumentError('A list looks like one,two: no empty entries.');
  return [...new Set([...previous, ...values])];
}

/** A parser of numbers above zero, up to a bound. */
export function positiveNumber(what: string, max: number): (raw: string) => number {
  return (raw) => {
    const value = /^\d+(\.\d+)?$/.test(raw.trim()) ? Number(raw) : Number.NaN;
    if (!(value > 0 && value <= max))
      throw new InvalidArgumentError(`${what} is a number above 0, up to ${max}, without a unit.`);
    return value;
  };
}

export const parsePort = wholeNumber('A port', 0, 65_535);
export const parseSeed = wholeNumber('A seed', 0, 0xffffffff);
export const parseImages = wholeNumber('The number of pictures in each category', 4, 10_000);
export const parseCount = wholeNumber('A count', 1, 1_000_000);
export const parseLatency = positiveNumber('A time in milliseconds', 60_000);
export const parseMegabytes = positiveNumber('A size in megabytes', 100_000);
export const parseBackbones = wholeNumber('The number of backbones', 1, 1000);
export const parseTrials = wholeNumber('The number of trials', 1, 100_000);
