/** Find and fetch pictures: the public face of the crawling library. Nothing else is imported from outside. */
export { DEFAULT_BROWSER_LIMITS, type BrowserLimits } from './browser/limits.js';
export type { Candidate, FoundImage } from './candidate.js';
export { createCrawler, type Crawler, type CrawlerOptions, type PageOfSearch } from './crawler.js';
export { ProviderError, UnknownProviderError, type ProviderErrorReason } from './errors.js';
export type { FetchTarget } from './fetch-image.js';
export { FETCH_REASONS, type FetchOutcome, type FetchReason } from './fetch-reasons.js';
export type { Resolver } from './http/address-guard.js';
export { LICENCE_FILTERS, licenceAllows, normaliseLicence, type LicenceFilter } from './licences.js';
export { DEFAULT_LIMITS, type FetchLimits } from './limits.js';
export {
  CandidatePool,
  newSource,
  phrasingsOf,
  ProviderLedger,
  type Phrasing,
  type PhrasingWishes,
  type PooledCandidate,
  type PoolOptions,
  type PoolProgress,
  type SourceState,
} from './pool/index.js';
export { SYSTEM_TIMING, type Timing } from './http/timing.js';
export type { SearchCursor, SearchPage } from './search.js';
export type {
  Pace,
  PageRequest,
  ProviderId,
  ProviderPage,
  ProviderSettings,
  ProviderStatus,
  SearchProvider,
} from './provider.js';
export { getProvider, providers } from './registry.js';
export { sniffImageMime } from './sniff.js';
