import { tapIds } from '../../../zoo/index.js';

/** How numbers are written for people. Shares are 0..1, times milliseconds. */

export const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** A difference of shares, with its sign, in points: `+1.2`, `−0.4` */
export const points = (share: number): string =>
  `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)}`;

/** `90.1–96.2 %` */
export const interval = ([lower, upper]: readonly [number, number]): string =>
  `${(lower * 100).toFixed(1)}–${(upper * 100).toFixed(1)} %`;

const trimmed = (value: number, digits: number): string => value.toFixed(value < 10 ? digits : 0);

/** `850`, `12.3 k`, `3.4 M`, `1.2 G` */
export function quantity(value: number): string {
  if (value < 1000) return String(Math.round(value));
  if (value < 1_000_000) return `${trimmed(value / 1000, 1)} k`;
  if (value < 1_000_000_000) return `${trimmed(value / 1_000_000, 1)} M`;
  return `${trimmed(value / 1_000_000_000, 1)} G`;
}

/** `512 B`, `1.5 KB`, `3.2 GB`: thousands, as disks are sold. */
export function bytes(value: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let rest = value;
  let unit = 0;
  while (rest >= 1000 && unit < units.length - 1) {
    rest /= 1000;
    unit++;
  }
  return `${unit === 0 ? rest : trimmed(rest, 1)} ${units[unit]}`;
}

/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min` */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 59.5) return `${trimmed(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** `12.3/s`, `0.4/s`, `130/s`; slower than one in ten seconds becomes `3/min`. */
export function rate(perSecond: number): string {
  if (perSecond >= 0.1) return `${trimmed(perSecond, 1)}/s`;
  return `${trimmed(perSecond * 60, 1)}/min`;
}

/** `1 picture`, `2 pictures` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** `strength=1, units=100`; a dash when there is nothing to set. */
export function parameters(params: Readonly<Record<string, number | string>>): string {
  const pairs = Object.entries(params).map(([name, value]) => `${name}=${significant(value)}`);
  return pairs.length > 0 ? pairs.join(', ') : '–';
}

const significant = (value: number | string): string =>
  typeof value === 'number' ? String(Number(value.toPrecision(3))) : value;

/** A text from elsewhere on one line, with nothing in it that could steer a terminal. */
export const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trimEnd();

/** Of taps read side by side the first, the last and how many. */
export function shortTap(tap: string): string {
  const ids = tapIds(tap);
  return ids.length === 1 ? tap : `${ids[0] ?? ''}…${ids.at(-1) ?? ''} (${ids.length})`;
}
