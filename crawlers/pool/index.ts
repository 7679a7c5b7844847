export { canonicalUrl, KnownPictures, pictureKeys, type Identifiable } from './identity.js';
export { ProviderLedger, type ProviderHealth } from './ledger.js';
export { CandidatePool, type PooledCandidate, type PoolOptions, type PoolProgress } from './pool.js';
export { phrasingsOf, pluralOf, type Phrasing, type PhrasingKind, type PhrasingWishes } from './queries.js';
export { newSource, type SourceState } from './source.js';
