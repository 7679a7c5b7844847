import type { CategorySearch, StopReason } from '../runs/run.js';
import type { QueryYield, SearchRow } from './search.repository.js';

/** What a category's search is judged by. */
export interface SearchFacts {
  readonly category: { readonly id: string; readonly name: string };
  readonly wanted: number;
  /** Whether no further round of search may come. */
  readonly roundsOver: boolean;
  readonly searches: readonly SearchRow[];
  readonly yields: readonly QueryYield[];
}

type ProviderSearch = CategorySearch['providers'][number];

/**
 * What has become of the search for one category, and why it stopped: enough pictures were kept, or every provider is
 * exhausted, or every one failed, or the rounds are over; null while it goes on.
 */
export function summarise({ category, wanted, roundsOver, searches, yields }: SearchFacts): CategorySearch {
  const own = yields.filter((row) => row.categoryId === category.id);
  const rows = searches.filter((row) => row.categoryId === category.id);
  const kept = own.reduce((sum, row) => sum + row.kept, 0);
  const stoppedBecause = stopReason({ enough: kept >= wanted, roundsOver, rows });
  const ids = [...new Set([...own.map((row) => row.provider), ...rows.map((row) => row.provider)])];
  const providers = ids.map((provider) =>
    providerSearch(
      provider,
      rows.filter((row) => row.provider === provider),
      own.filter((row) => row.provider === provider),
      stoppedBecause,
    ),
  );
  return { category: category.name, wanted, kept, stoppedBecause, providers };
}

interface StopFacts {
  readonly enough: boolean;
  readonly roundsOver: boolean;
  readonly rows: readonly SearchRow[];
}

function stopReason({ enough, roundsOver, rows }: StopFacts): StopReason | null {
  if (enough) return 'enough';
  if (rows.some((row) => row.state === 'open')) return roundsOver ? 'limit' : null;
  return rows.length > 0 && rows.every((row) => row.state === 'failed') ? 'failed' : 'exhausted';
}

function providerSearch(
  provider: string,
  rows: readonly SearchRow[],
  yields: readonly QueryYield[],
  stopped: StopReason | null,
): ProviderSearch {
  const asked = rows.filter((row) => row.pages > 0 || row.state !== 'open').map((row) => row.query);
  const queries = [...new Set([...asked, ...yields.map((row) => row.query)])].map((query) => {
    const own = yields.find((row) => row.query === query);
    return { query, found: own?.found ?? 0, kept: own?.kept ?? 0 };
  });
  const failed = rows.find((row) => row.state === 'failed');
  return {
    provider,
    queries,
    found: queries.reduce((sum, row) => sum + row.found, 0),
    kept: queries.reduce((sum, row) => sum + row.kept, 0),
    state: stateOf(rows, stopped),
    reason: failed?.detail ?? null,
  };
}

/** Queries that were held back for later say nothing yet. */
function stateOf(all: readonly SearchRow[], stopped: StopReason | null): ProviderSearch['state'] {
  const begun = all.filter((row) => row.turn !== null);
  const rows = begun.length > 0 ? begun : all;
  if (rows.some((row) => row.state === 'open')) return stopped === null ? 'searching' : 'stopped';
  return rows.length > 0 && rows.every((row) => row.state === 'failed') ? 'failed' : 'exhausted';
}

const WHY: Readonly<Record<Exclude<StopReason, 'enough'>, string>> = {
  exhausted: 'every provider is exhausted',
  failed: 'every provider failed',
  limit: 'the rounds of search are over',
};

/** The stage's note: who is short and why, and who failed; all well is one short line. */
export function describeSearch(all: readonly CategorySearch[]): string {
  const ended = all.filter((one) => one.stoppedBecause !== null);
  const short = ended.flatMap((one) =>
    one.stoppedBecause === null || one.stoppedBecause === 'enough'
      ? []
      : [
          `${one.category}: ${one.kept} of ${one.wanted} kept, ${WHY[one.stoppedBecause]} (${standings(one)})`,
        ],
  );
  const failures = new Map(
    all.flatMap((one) =>
      one.providers.flatMap(({ provider, state, reason }) =>
        state === 'failed' && reason !== null ? [[provider, reason] as const] : [],
      ),
    ),
  );
  const enough = ended.length > 0 && short.length === 0 && ended.length === all.length;
  return [...(enough ? ['every category has enough'] : []), ...short, ...failures.values()].join('; ');
}

const standings = ({ providers }: CategorySearch): string =>
  providers.map(({ provider, state, found }) => `${provider} ${state}, ${found} found`).join(', ');
