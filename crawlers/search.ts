import { createHash } from 'node:crypto';
import type { Candidate, FoundImage } from './candidate.js';
import { ProviderError } from './errors.js';
import type { SearchProvider } from './provider.js';
import { keyRemover } from './secrets.js';
import { readPage, type SearchRequest, type SearchTools } from './sources.js';

/**
 * Where a search goes on: JSON-safe, so that it can be kept and a search resumed later without asking again for the pages
 * that were read.
 */
export interface SearchCursor {
  /** The provider's own cursor of the page to ask for next. */
  readonly next: string;
  /** Rank of that page's first result. */
  readonly rank: number;
  /** Cursors asked so far, the first page's (null) left out: one that comes back is a provider going in a circle. */
  readonly asked: readonly string[];
  /** Fingerprints of the pages read so far: a page that comes back under another cursor is a circle as well. */
  readonly seen: readonly string[];
}

/** One page of results as candidates, and where the search goes on; `next` is null at the end. */
export interface SearchPage {
  readonly candidates: readonly Candidate[];
  readonly next: SearchCursor | null;
}

const FINGERPRINT_LENGTH = 12;

const fingerprint = (addresses: readonly string[]): string =>
  createHash('sha1').update(addresses.join('\n')).digest('hex').slice(0, FINGERPRINT_LENGTH);

/** Each address once, in order. */
const distinct = (results: readonly FoundImage[]): FoundImage[] =>
  [...new Map(results.map((found) => [found.imageUrl, found] as const).reverse()).values()].reverse();

const toCandidate = (found: FoundImage, provider: string, query: string, rank: number): Candidate => ({
  provider,
  query,
  rank,
  imageUrl: found.imageUrl,
  pageUrl: found.pageUrl ?? null,
  thumbnailUrl: found.thumbnailUrl ?? null,
  title: found.title ?? null,
  width: found.width ?? null,
  height: found.height ?? null,
  mime: found.mime ?? null,
  bytes: found.bytes ?? null,
  sha1: found.sha1 ?? null,
  creator: found.creator ?? null,
  licence: found.licence ?? null,
  licenceUrl: found.licenceUrl ?? null,
});

/** Every text of what was found, without the provider's keys. */
function withoutKeys(found: FoundImage, removeKeys: (text: string) => string): FoundImage {
  const clean = Object.entries(found).map(([name, value]) => [
    name,
    typeof value === 'string' ? removeKeys(value) : value,
  ]);
  return Object.fromEntries(clean) as FoundImage;
}

/**
 * Asks a provider for one page: the first, or the one a cursor leads to. Neither what it gives nor its errors hold the
 * provider's keys.
 * @throws ProviderError when the page cannot be had or read; asking again with the same cursor is safe
 * @throws the reason of the signal
 */
export async function searchPage(
  tools: SearchTools,
  provider: SearchProvider,
  request: SearchRequest,
  from: SearchCursor | null,
): Promise<SearchPage> {
  const removeKeys = keyRemover(provider, request.settings);
  const page = await readPage(tools, provider, request, from?.next ?? null).catch((error: unknown) => {
    throw error instanceof ProviderError ? error.with(removeKeys) : error;
  });
  const results = distinct(page.results).map((found) => withoutKeys(found, removeKeys));
  const firstRank = from?.rank ?? 0;
  const mark = fingerprint(results.map(({ imageUrl }) => imageUrl));
  const repeated = results.length > 0 && (from?.seen.includes(mark) ?? false);
  if (page.received === 0 || repeated) return { candidates: [], next: null };
  const candidates = results.map((found, n) => toCandidate(found, provider.id, request.query, firstRank + n));
  const asked = from ? [...from.asked, from.next] : [];
  const { next } = page;
  const over = next === null || asked.includes(next) || asked.length + 1 >= provider.maxPages;
  const seen = [...(from?.seen ?? []), mark];
  return { candidates, next: over ? null : { next, rank: firstRank + results.length, asked, seen } };
}

/**
 * Everything one provider finds for one query, best first, each address once. A page is asked for only when its results
 * are wanted. Ends when the provider has no more, sends an empty page or one without anything new.
 * @throws ProviderError when a page cannot be had or read; the candidates before it stay good
 * @throws the reason of the signal
 */
export async function* search(
  tools: SearchTools,
  provider: SearchProvider,
  request: SearchRequest,
): AsyncGenerator<Candidate, void, undefined> {
  const seen = new Set<string>();
  let cursor: SearchCursor | null = null;
  do {
    const page: SearchPage = await searchPage(tools, provider, request, cursor);
    const fresh = page.candidates.filter(({ imageUrl }) => !seen.has(imageUrl));
    if (page.candidates.length > 0 && fresh.length === 0) return;
    for (const candidate of fresh) {
      seen.add(candidate.imageUrl);
      yield candidate;
    }
    cursor = page.next;
  } while (cursor);
}
