import type { Candidate } from '../candidate.js';
import { ProviderError, type ProviderErrorReason } from '../errors.js';
import type { SearchCursor, SearchPage } from '../search.js';
import { mayPass, type ProviderLedger } from './ledger.js';

/** One search of a pool, one query at one provider: all that is needed to go on with it later. JSON-safe. */
export interface SourceState {
  readonly provider: string;
  readonly query: string;
  readonly tier: number;
  state: 'open' | 'exhausted' | 'failed';
  /** Where the next page begins; null before the first and after the last. */
  cursor: SearchCursor | null;
  /** Pages read so far. */
  pages: number;
  /** Candidates read and not yet taken, best first. */
  rows: Candidate[];
  /** When it is this search's turn among the others of its pool; null before it has joined in. */
  turn: number | null;
  /** Candidates taken that nobody had found before. */
  found: number;
  /** Candidates taken that another search had found already, under the same address. */
  again: number;
  /** Why it failed; kept after a failure that has passed. */
  reason: ProviderErrorReason | null;
  detail: string | null;
}

/** A search that has not begun. */
export const newSource = (provider: string, query: string, tier: number): SourceState => ({
  provider,
  query,
  tier,
  state: 'open',
  cursor: null,
  pages: 0,
  rows: [],
  turn: null,
  found: 0,
  again: 0,
  reason: null,
  detail: null,
});

/** What a source works with. */
export interface SourceTools {
  ledger: ProviderLedger;
  readPage: (request: { provider: string; query: string; from: SearchCursor | null }) => Promise<SearchPage>;
  /** Called after each page, before its candidates are given out: the moment to keep the state. */
  onPage: () => Promise<void>;
}

/** Reads the pages of one search, one ahead of need, through the ledger. */
export class Source {
  /** The page on its way. */
  loading: Promise<void> | null = null;
  /** An error that is no provider's failure: a bug, or the end of the signal. */
  private broken: Error | null = null;

  constructor(
    readonly state: SourceState,
    private readonly tools: SourceTools,
  ) {}

  get hasRows(): boolean {
    return this.state.rows.length > 0;
  }

  /** Ends a search that has no more, and asks for the next page of one that has run out of candidates. */
  settle(): void {
    if (this.broken) throw this.broken;
    if (this.state.state !== 'open' || this.hasRows || this.loading) return;
    if (this.state.pages > 0 && this.state.cursor === null) {
      this.state.state = 'exhausted';
      return;
    }
    const health = this.tools.ledger.health(this.state.provider);
    if (health.state === 'dead') this.fail(health.error);
    if (health.state === 'ready') this.loading = this.load().finally(() => (this.loading = null));
  }

  /** Gives the search up. */
  fail(error: ProviderError): void {
    this.note(error);
    this.state.state = 'failed';
  }

  private async load(): Promise<void> {
    const { provider, query, cursor } = this.state;
    try {
      const page = await this.tools.ledger.ask(provider, () =>
        this.tools.readPage({ provider, query, from: cursor }),
      );
      this.state.rows = [...page.candidates];
      this.state.cursor = page.next;
      this.state.pages += 1;
      await this.tools.onPage();
    } catch (error) {
      if (!(error instanceof ProviderError))
        this.broken = error instanceof Error ? error : new Error(String(error));
      else if (mayPass(error.reason)) this.note(error);
      else this.fail(error);
    }
  }

  private note(error: ProviderError): void {
    this.state.reason = error.reason;
    this.state.detail = error.message;
  }
}
