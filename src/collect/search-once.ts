import {
  CandidatePool,
  createCrawler,
  getProvider,
  licenceAllows,
  newSource,
  phrasingsOf,
  ProviderLedger,
  providers,
  SYSTEM_TIMING,
  type Candidate,
  type Crawler,
  type LicenceFilter,
  type PhrasingWishes,
} from '../../crawlers/index.js';
import type { Env } from '../config/env.js';
import { startGallery, type Gallery } from '../gallery/index.js';
import { checkProviders, crawlerOptions } from './crawler-host.js';

export type FoundCandidate = Pick<
  Candidate,
  'provider' | 'query' | 'rank' | 'imageUrl' | 'pageUrl' | 'licence' | 'creator' | 'width' | 'height'
>;

export interface SearchOnce {
  readonly env: Env;
  readonly category: string;
  /** Empty means the default ones. */
  readonly providers: readonly string[];
  readonly limit: number;
  readonly licence: LicenceFilter;
  readonly phrasings: PhrasingWishes;
  readonly signal: AbortSignal;
}

export interface SearchOutcome {
  readonly candidates: FoundCandidate[];
  /** Providers that have answered. */
  readonly answered: string[];
  /** Why the others did not: provider, host and what to try. */
  readonly failures: string[];
}

/** Looks of the sample gallery; the same as those of the service. */
const GALLERY_SEED = 1;

/**
 * Searches one category without a data folder and without downloading anything.
 * @throws GraftError for a provider that cannot be searched
 */
export async function searchOnce(request: SearchOnce): Promise<SearchOutcome> {
  const ids =
    request.providers.length > 0
      ? [...request.providers]
      : providers.filter((provider) => provider.enabledByDefault).map(({ id }) => id);
  checkProviders(ids, request.env.providerSettings);
  const gallery: Gallery | null = ids.includes('gallery') ? await startGallery({ seed: GALLERY_SEED }) : null;
  try {
    const crawler = createCrawler(crawlerOptions(request.env, gallery?.baseUrl ?? null));
    try {
      return await drain(poolOf(crawler, ids, request), request);
    } finally {
      await crawler.close();
    }
  } finally {
    await gallery?.close();
  }
}

function poolOf(crawler: Crawler, ids: readonly string[], request: SearchOnce): CandidatePool {
  const { category, phrasings, signal } = request;
  const sources = phrasingsOf(category, phrasings).flatMap(({ query, tier }) =>
    ids
      .filter((id) => tier === 0 || getProvider(id).matches === 'text')
      .map((id) => newSource(id, query, tier)),
  );
  return new CandidatePool({
    sources,
    ledger: new ProviderLedger(SYSTEM_TIMING.now),
    known: [],
    timing: SYSTEM_TIMING,
    signal,
    readPage: (page) => crawler.searchPage({ ...page, signal }),
    keep: () => Promise.resolve(),
  });
}

async function drain(pool: CandidatePool, { limit, licence }: SearchOnce): Promise<SearchOutcome> {
  const candidates: FoundCandidate[] = [];
  while (candidates.length < limit) {
    const next = await pool.next();
    if (!next) break;
    if (next.twinOf === null && licenceAllows(next.candidate.licence, licence))
      candidates.push(listed(next.candidate));
  }
  const { states } = pool;
  const answered = states.filter(({ pages }) => pages > 0).map(({ provider }) => provider);
  const failures = states.flatMap(({ detail }) => detail ?? []);
  return { candidates, answered: [...new Set(answered)], failures: [...new Set(failures)] };
}

const listed = (candidate: Candidate): FoundCandidate => {
  const { provider, query, rank, imageUrl, pageUrl, licence, creator, width, height } = candidate;
  return { provider, query, rank, imageUrl, pageUrl, licence, creator, width, height };
};
