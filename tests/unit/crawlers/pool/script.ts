import type { Candidate, ProviderErrorReason, SearchCursor, SearchPage } from '../../../../crawlers/index.js';
import { ProviderError } from '../../../../crawlers/errors.js';
import { ProviderLedger } from '../../../../crawlers/pool/ledger.js';
import {
  CandidatePool,
  type PooledCandidate,
  type PoolOptions,
  type PoolProgress,
} from '../../../../crawlers/pool/pool.js';
import { newSource, type SourceState } from '../../../../crawlers/pool/source.js';

export function candidate(
  provider: string,
  query: string,
  rank: number,
  facts: Partial<Candidate> = {},
): Candidate {
  return {
    provider,
    query,
    rank,
    imageUrl: `https://${provider}.test/${encodeURIComponent(query)}/${rank}.jpg`,
    pageUrl: null,
    thumbnailUrl: null,
    title: null,
    width: null,
    height: null,
    mime: null,
    bytes: null,
    sha1: null,
    creator: null,
    licence: null,
    licenceUrl: null,
    ...facts,
  };
}

/** What a provider answers to its n-th request: a page of so many, a page of these, or a failure. */
type Answer = number | Candidate[] | ProviderErrorReason;

/** Providers that answer by a script, on a clock that only moves when somebody waits. */
export class ScriptedWeb {
  nowMs = 1_000_000;
  readonly asked: string[] = [];
  readonly waits: number[] = [];
  readonly kept: PoolProgress[] = [];
  readonly ledger = new ProviderLedger(() => this.nowMs);
  /** Providers whose page does not come until this is resolved. */
  readonly hanging = new Map<string, Promise<void>>();

  /** @param scripts by 'provider' or 'provider/query'; after the last answer there is no more */
  constructor(private readonly scripts: Record<string, Answer[]>) {}

  readonly readPage = async (request: {
    provider: string;
    query: string;
    from: SearchCursor | null;
  }): Promise<SearchPage> => {
    const { provider, query, from } = request;
    this.asked.push(`${provider}/${query}/${from?.next ?? 0}`);
    await this.hanging.get(provider);
    const script = this.scripts[`${provider}/${query}`] ?? this.scripts[provider] ?? [];
    const answer = script.shift();
    if (typeof answer === 'string')
      throw new ProviderError(provider, `${provider}.test`, answer, 'as scripted');
    const rank = from?.rank ?? 0;
    const candidates =
      typeof answer === 'object'
        ? answer
        : Array.from({ length: answer ?? 0 }, (_, n) => candidate(provider, query, rank + n));
    const page = Number(from?.next ?? 0) + 1;
    const next =
      script.length > 0 ? { next: String(page), rank: rank + candidates.length, asked: [], seen: [] } : null;
    return { candidates, next };
  };

  pool(sources: SourceState[], more: Partial<PoolOptions> = {}): CandidatePool {
    return new CandidatePool({
      sources,
      ledger: this.ledger,
      known: [],
      readPage: this.readPage,
      keep: (progress) => {
        this.kept.push(structuredClone<PoolProgress>(progress));
        return Promise.resolve();
      },
      timing: { now: () => this.nowMs, wait: (ms, signal) => this.wait(ms, signal) },
      ...more,
    });
  }

  /** The time of a patient wait passes only when nothing else happens; that of a rest passes at once. */
  private wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.hanging.size === 0 && ms === PATIENCE_MS) return new Promise(() => undefined);
    this.waits.push(ms);
    this.nowMs += ms;
    return signal?.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve();
  }
}

const PATIENCE_MS = 10_000;

export const sources = (providers: string[], queries: string[] = ['cat'], tier = 0): SourceState[] =>
  queries.flatMap((query) => providers.map((provider) => newSource(provider, query, tier)));

export async function take(
  pool: CandidatePool,
  count = Number.POSITIVE_INFINITY,
): Promise<PooledCandidate[]> {
  const all: PooledCandidate[] = [];
  while (all.length < count) {
    const next = await pool.next();
    if (!next) break;
    all.push(next);
  }
  return all;
}

export const names = (taken: readonly PooledCandidate[]): string[] =>
  taken.map(({ candidate: { provider, query, rank } }) => `${provider}/${query}/${rank}`);
