import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../src/config/version.js';

const FILE = join(projectRoot(), 'bench', 'baseline.json');
/** Shared machines are noisy even within one run: less than this is no move. */
const NOISE = 0.1;

/** A figure that means the same on every machine: a ratio of two things that one run measured. */
interface Ratio {
  readonly name: string;
  /** Where it stands in the results, by name of the benchmark. */
  readonly path: readonly (string | number)[];
  readonly better: 'higher' | 'lower';
}

const RATIOS: readonly Ratio[] = [
  ...['MobileNetV2', 'CenterNet'].flatMap((name, at): Ratio[] => [
    {
      name: `features end to end, ${name}: Graft / bare onnxruntime loop`,
      path: ['features', 'endToEnd', at, 'ratio'],
      better: 'higher',
    },
    {
      name: `features end to end, ${name}: Graft / bare loop that decodes ahead`,
      path: ['features', 'endToEnd', at, 'ratioAhead'],
      better: 'higher',
    },
  ]),
  {
    name: 'features: all taps / one plain pass, milliseconds',
    path: ['features', 'wholeZooRatio'],
    better: 'lower',
  },
  {
    name: 'hashing: decode and all measures / sharp-phash alone, milliseconds',
    path: ['dedupe', 'decodeAndHash', 'ofSharpPhash'],
    better: 'lower',
  },
  { name: 'fetch to disk: Graft / aria2c', path: ['fetch', 'disk', 'ratio'], better: 'higher' },
  { name: 'fetch to memory: Graft / aria2c', path: ['fetch', 'memory', 'ratio'], better: 'higher' },
  {
    name: 'serve: predictions over HTTP / bare loop',
    path: ['serve', 'load', 'ofSerialLoop'],
    better: 'higher',
  },
  {
    name: 'serve: predictions over HTTP / bare loop that decodes ahead',
    path: ['serve', 'load', 'ofOverlappedLoop'],
    better: 'higher',
  },
  { name: 'heads: search and selection / features, time', path: ['heads', 'share'], better: 'lower' },
  {
    name: 'whole build: npm run demo / its pictures through the bare loop, time',
    path: ['demo', 'ofBareLoop'],
    better: 'lower',
  },
  { name: 'crawl: 2 workers / twice one', path: ['scale', 'crawl', 1, 'efficiency'], better: 'higher' },
  { name: 'crawl: 4 workers / four times one', path: ['scale', 'crawl', 2, 'efficiency'], better: 'higher' },
];

/** One ratio of this run beside the stored one. */
export interface Compared {
  readonly name: string;
  readonly now: number;
  /** Null: there is none yet. */
  readonly baseline: number | null;
  readonly verdict: 'better' | 'worse' | 'same' | 'new';
}

function read(results: unknown, path: Ratio['path']): number | null {
  let at = results;
  for (const key of path) at = (at as Record<string | number, unknown> | null | undefined)?.[key];
  return typeof at === 'number' && Number.isFinite(at) ? at : null;
}

/** The ratios that these results hold, beside those of the baseline. */
export function compare(results: unknown, baseline: Readonly<Record<string, number>>): Compared[] {
  return RATIOS.flatMap(({ name, path, better }): Compared[] => {
    const now = read(results, path);
    if (now === null) return [];
    const before = baseline[name] ?? null;
    if (before === null) return [{ name, now, baseline: null, verdict: 'new' }];
    const change = now / before - 1;
    if (Math.abs(change) <= NOISE) return [{ name, now, baseline: before, verdict: 'same' }];
    return [
      { name, now, baseline: before, verdict: change > 0 === (better === 'higher') ? 'better' : 'worse' },
    ];
  });
}

export async function readBaseline(file = FILE): Promise<Record<string, number>> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, number>) : {};
}

/** Stores what this run measured; what it did not stays. */
export async function writeBaseline(compared: readonly Compared[], file = FILE): Promise<void> {
  const all = new Map(Object.entries(await readBaseline(file)));
  for (const { name, now } of compared) all.set(name, Number(now.toFixed(3)));
  const known = new Set(RATIOS.map(({ name }) => name));
  const kept = [...all].filter(([name]) => known.has(name)).sort(([a], [b]) => a.localeCompare(b));
  await writeFile(file, `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
}

/** A line for each, those that moved first. */
export function render(compared: readonly Compared[]): string {
  const order = ['worse', 'better', 'new', 'same'];
  const sorted = [...compared].sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const lines = sorted.map(({ name, now, baseline, verdict }) => {
    const move = baseline === null ? '' : ` (baseline ${baseline.toFixed(3)})`;
    return `  ${verdict.padEnd(6)} ${now.toFixed(3)}${move}  ${name}`;
  });
  return [`Ratios against bench/baseline.json, within ${100 * NOISE} % is the same:`, ...lines, ''].join(
    '\n',
  );
}
