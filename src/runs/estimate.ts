import type { Estimate, EstimateQuery } from '../http/api.js';

/** What a finished run took. */
export interface PastRun {
  readonly candidates: number;
  readonly kept: number;
  readonly bytes: number;
  readonly fetched: number;
  readonly backbones: number;
  /** Working time of search to split, which grows with the pictures alone. */
  readonly collectMs: number;
  /** Working time of features to package, which grows with pictures and backbones. */
  readonly searchMs: number;
}

type Range = NonNullable<Estimate['ms']>;

/** The least and the most of what past runs took for each unit, times the units asked for. */
function range(runs: readonly PastRun[], rate: (run: PastRun) => number, units: number): Range | null {
  const rates = runs.map(rate).filter(Number.isFinite);
  if (rates.length === 0) return null;
  return { low: Math.min(...rates) * units, high: Math.max(...rates) * units };
}

const plus = (a: Range | null, b: Range | null): Range | null =>
  a && b ? { low: a.low + b.low, high: a.high + b.high } : null;

const rounded = (value: Range | null): Range | null =>
  value && { low: Math.round(value.low), high: Math.round(value.high) };

/** What a run will take, if it is like the finished ones: a range from the easiest to the hardest of them. */
export function estimate(asked: EstimateQuery, runs: readonly PastRun[]): Estimate {
  const useful = runs.filter(({ kept }) => kept > 0);
  const searched = asked.categories * asked.imagesPerCategory;
  const pictures = searched + asked.own;
  const downloads = range(useful, ({ candidates, kept }) => candidates / kept, searched);
  const bytes = range(useful, (run) => (run.bytes / run.fetched) * (run.candidates / run.kept), searched);
  const collect = range(useful, ({ collectMs, kept }) => collectMs / kept, pictures);
  const search = range(
    useful,
    ({ searchMs, kept, backbones }) => searchMs / (kept * backbones),
    pictures * asked.backbones,
  );
  return {
    runs: useful.length,
    downloads: rounded(downloads),
    bytes: rounded(bytes),
    ms: rounded(plus(collect, search)),
  };
}
