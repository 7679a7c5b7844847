import { Injectable } from '@nestjs/common';
import {
  CandidatePool,
  getProvider,
  newSource,
  phrasingsOf,
  ProviderLedger,
  SYSTEM_TIMING,
  type Crawler,
  type SourceState,
} from '../../crawlers/index.js';
import type { RunSettings } from '../config/settings.js';
import { categoryKey } from '../dataset/split/check-categories.js';
import type { CategoryRecord, StageContext } from '../runs/stage.js';
import { CrawlerHost } from './crawler-host.js';
import { SearchRepository, type SearchRow } from './search.repository.js';

/** The open searches of a run, by category id. */
export type Pools = ReadonlyMap<string, CandidatePool>;

interface OpenPools {
  readonly pools: Map<string, CandidatePool>;
  readonly abort: AbortController;
  round: number;
}

/** What one category's pool is opened with. */
interface PoolRequest {
  readonly context: StageContext;
  readonly category: CategoryRecord;
  readonly crawler: Crawler;
  readonly ledger: ProviderLedger;
  readonly rows: readonly SearchRow[];
  readonly entry: OpenPools;
}

/**
 * Opens the searches of runs: afresh, or where their records say they stand. Within one process they stay open from round
 * to round, so that a provider in trouble stays known as such.
 */
@Injectable()
export class SearchPools {
  private readonly open = new Map<string, OpenPools>();

  constructor(
    private readonly repository: SearchRepository,
    private readonly crawlers: CrawlerHost,
  ) {}

  /** The pools of a run; its searches end when the context's signal fires. */
  async of(context: StageContext, providers: readonly string[]): Promise<Pools> {
    const { run, signal } = context;
    signal.addEventListener('abort', () => this.close(run.id), { once: true });
    const known = this.open.get(run.id);
    if (known && run.round === known.round + 1) {
      known.round = run.round;
      return known.pools;
    }
    // Otherwise another process has gone on meanwhile: its records know better.
    this.close(run.id);
    const entry: OpenPools = { pools: new Map(), abort: new AbortController(), round: run.round };
    const crawler = await this.crawlers.crawlerFor(providers);
    const ledger = new ProviderLedger(SYSTEM_TIMING.now);
    const rows = await this.repository.searchesOf(run.id);
    for (const category of context.categories) {
      const request = { context, category, crawler, ledger, rows, entry };
      entry.pools.set(category.id, await this.openOne(request, providers));
    }
    signal.throwIfAborted();
    this.open.set(run.id, entry);
    return entry.pools;
  }

  /** Ends what is being waited for and forgets the searches; their records stay. */
  close(runId: string): void {
    this.open.get(runId)?.abort.abort();
    this.open.delete(runId);
  }

  /** Searches hold no connections between pages, so forgetting is closing; some runs may be in hand at once. */
  forgetOthers(runId: string): void {
    for (const other of [...this.open.keys()].slice(0, -MAX_OPEN_RUNS))
      if (other !== runId) this.close(other);
  }

  private async openOne(request: PoolRequest, providers: readonly string[]): Promise<CandidatePool> {
    const { context, category, crawler, ledger, entry } = request;
    const { run } = context;
    const { signal } = entry.abort;
    const own = request.rows.filter((row) => row.categoryId === category.id);
    return new CandidatePool({
      sources: sourcesOf(category, providers, run.settings).map((fresh) => restored(fresh, own)),
      ledger,
      signal,
      timing: SYSTEM_TIMING,
      known: await this.repository.knownPictures(run.id, category.id),
      readPage: (page) => crawler.searchPage({ ...page, signal }),
      keep: (progress) =>
        this.repository.keep({ runId: run.id, categoryId: category.id, round: entry.round }, progress),
    });
  }
}

const MAX_OPEN_RUNS = 4;

/** The searches of a category in the order of preference: tier by tier, and within a tier query by query. */
export function sourcesOf(
  category: CategoryRecord,
  providers: readonly string[],
  settings: RunSettings,
): SourceState[] {
  const phrasings = phrasingsOf(category.name, {
    synonyms: phrasesFor(category.name, settings.synonyms),
    queries: phrasesFor(category.name, settings.queries),
    invent: settings.morePhrasings,
  });
  return phrasings.flatMap(({ query, tier }) =>
    providers
      .filter((provider) => tier === 0 || getProvider(provider).matches === 'text')
      .map((provider) => newSource(provider, query, tier)),
  );
}

/** Settings of runs from before these existed have none. */
function phrasesFor(
  name: string,
  phrases: Readonly<Record<string, readonly string[]>> | undefined,
): string[] {
  const key = categoryKey(name);
  return Object.entries(phrases ?? {}).flatMap(([category, list]) =>
    categoryKey(category) === key ? [...list] : [],
  );
}

/**
 * A search as its record says it stands. One that failed is tried again from where it was: this process has not asked yet,
 * and whoever starts a run again hopes that things are better now.
 */
function restored(fresh: SourceState, rows: readonly SearchRow[]): SourceState {
  const row = rows.find(({ provider, query }) => provider === fresh.provider && query === fresh.query);
  if (!row) return fresh;
  const { state, cursor, pages, turn, found, again, reason, detail } = row;
  const reopened = state === 'failed' ? 'open' : state;
  return { ...fresh, state: reopened, cursor, pages, rows: row.rows, turn, found, again, reason, detail };
}
