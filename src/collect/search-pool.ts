import type { Candidate, Crawler } from '../../crawlers/index.js';
import { ProviderError } from '../../crawlers/index.js';

/** A provider's failure for one query; the others go on. */
export interface SearchFailure {
  readonly provider: string;
  readonly query: string;
  readonly error: ProviderError;
}

interface Source {
  readonly provider: string;
  readonly iterator: AsyncIterator<Candidate>;
  spent: boolean;
}

/**
 * The open searches of one category: its providers take turns by rank, so that each contributes its best results first.
 * Lives in memory; after a restart the searches are opened anew, and what is known already is skipped by its address.
 */
export class SearchPool {
  readonly failures: SearchFailure[] = [];
  private readonly sources: Source[];
  private readonly abort = new AbortController();
  private turn = 0;

  constructor(
    crawler: Crawler,
    providers: readonly string[],
    private readonly query: string,
  ) {
    this.sources = providers.map((provider) => ({
      provider,
      iterator: crawler.search({ provider, query, signal: this.abort.signal })[Symbol.asyncIterator](),
      spent: false,
    }));
  }

  /** The next candidate, or null when every provider is exhausted or has failed. */
  async next(): Promise<Candidate | null> {
    for (;;) {
      const source = this.nextSource();
      if (!source) return null;
      const candidate = await this.pull(source);
      if (candidate) return candidate;
    }
  }

  /** Ends a page that is being waited for. */
  close(): void {
    this.abort.abort();
  }

  private nextSource(): Source | null {
    const open = this.sources.filter((source) => !source.spent);
    return open[this.turn++ % open.length] ?? null;
  }

  private async pull(source: Source): Promise<Candidate | null> {
    try {
      const result = await source.iterator.next();
      if (!result.done) return result.value;
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      this.failures.push({ provider: source.provider, query: this.query, error });
    }
    source.spent = true;
    return null;
  }
}
