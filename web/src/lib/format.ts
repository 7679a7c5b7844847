/** Numbers as people read them, in the language of the page. */
export interface Format {
  readonly number: (value: number) => string;
  readonly percent: (share: number, digits?: number) => string;
  /** The size of a difference between two shares, in points. */
  readonly points: (difference: number) => string;
  /** The same with its sign: `+1.2`, `−0.4`. */
  readonly signedPoints: (difference: number) => string;
  readonly interval: (interval: readonly number[]) => string;
  readonly bytes: (bytes: number) => string;
  readonly duration: (ms: number) => string;
  readonly latency: (ms: number) => string;
  readonly when: (iso: string) => string;
  readonly compact: (value: number) => string;
  /** With the prefix of a unit: `570 M`, `1.2 G`. */
  readonly prefixed: (value: number) => string;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const PREFIXES = ['', 'k', 'M', 'G', 'T'] as const;
const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

export function createFormat(language: string): Format {
  const number = new Intl.NumberFormat(language);
  const onePlace = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
  const threeDigits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const unit = (value: number, name: string, digits = 0): string =>
    new Intl.NumberFormat(language, {
      style: 'unit',
      unit: name,
      unitDisplay: 'short',
      maximumFractionDigits: digits,
    }).format(value);
  const percent = (share: number, digits = 1): string =>
    new Intl.NumberFormat(language, {
      style: 'percent',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(share);
  const points = (difference: number): string => onePlace.format(Math.abs(100 * difference));
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  return {
    number: (value) => number.format(value),
    compact: (value) => compact.format(value),
    prefixed: (value) => {
      const power = Math.min(PREFIXES.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
      return `${threeDigits.format(value / 1000 ** power)} ${PREFIXES[power] ?? ''}`.trimEnd();
    },
    percent,
    points,
    signedPoints: (difference) => `${difference < 0 ? '−' : '+'}${points(difference)}`,
    interval: ([low = 0, high = 0]) => `${percent(low)}–${percent(high)}`,
    bytes: (bytes) => {
      const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
      return unit(bytes / 1000 ** power, UNITS[power] ?? 'byte', power > 1 ? 1 : 0);
    },
    duration: (ms) => {
      if (ms < 10 * SECOND) return unit(ms / SECOND, 'second', 1);
      if (ms < MINUTE) return unit(Math.round(ms / SECOND), 'second');
      if (ms < HOUR)
        return `${unit(Math.floor(ms / MINUTE), 'minute')} ${unit(Math.round((ms % MINUTE) / SECOND) % 60, 'second')}`;
      return `${unit(Math.floor(ms / HOUR), 'hour')} ${unit(Math.floor((ms % HOUR) / MINUTE), 'minute')}`;
    },
    latency: (ms) => unit(ms, 'millisecond', ms < 0.1 ? 3 : ms < 10 ? 1 : 0),
    when: (iso) => clock.format(new Date(iso)),
  };
}
