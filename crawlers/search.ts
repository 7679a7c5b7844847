import type { Candidate, FoundImage } from './candidate.js';
import { ProviderError, type ProviderErrorReason } from './errors.js';
import type { FetchReason } from './fetch-reasons.js';
import type { HttpClient } from './http/client.js';
import type { Failure } from './http/result.js';
import { providerOrigin, type ProviderPage, type ProviderSettings, type SearchProvider } from './provider.js';

/** One search at one provider. */
export interface SearchRequest {
  query: string;
  settings: ProviderSettings;
  signal?: AbortSignal;
}

/** Replies of search services are a few hundred KiB; far more is not one. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024;

const REASONS: Readonly<Partial<Record<FetchReason, ProviderErrorReason>>> = {
  throttled: 'quota',
  'private-address': 'blocked',
  'bad-response': 'changed',
  'redirect-loop': 'changed',
  'too-large': 'changed',
  'http-400': 'changed',
  'http-401': 'refused',
  'http-402': 'quota',
  'http-403': 'refused',
  'http-404': 'changed',
  'http-410': 'changed',
};

function toProviderError(provider: SearchProvider, host: string, failure: Failure): ProviderError {
  return new ProviderError(provider.id, host, REASONS[failure.reason] ?? 'unreachable', failure.detail);
}

/** @throws ProviderError reason 'needs-key' naming every setting that is missing */
function checkNeeds(provider: SearchProvider, settings: ProviderSettings): URL {
  const missing = provider.needs.filter((name) => !settings[name]);
  if (missing.length === 0) return providerOrigin(provider, settings);
  const host = typeof provider.origin === 'string' ? new URL(provider.origin).host : 'no host yet';
  throw new ProviderError(provider.id, host, 'needs-key', `not set: ${missing.join(', ')}`);
}

async function* pages(
  client: HttpClient,
  provider: SearchProvider,
  request: SearchRequest,
): AsyncGenerator<ProviderPage> {
  const { host } = checkNeeds(provider, request.settings);
  const asked = new Set<string | null>();
  let cursor: string | null = null;
  // A cursor that comes back is a provider going in a circle.
  while (asked.size < provider.maxPages && !asked.has(cursor)) {
    asked.add(cursor);
    const page = { query: request.query, cursor, settings: request.settings };
    const { url, headers } = provider.buildRequest(page);
    const body = { maxBytes: MAX_REPLY_BYTES, overflow: 'fail' as const };
    // robots.txt is for those who follow links; an API is asked under its own terms (Commons' robots.txt bars /w/, its API's path).
    const reply = await client.get({ url, headers, body, robots: false, signal: request.signal });
    if (!reply.ok) throw toProviderError(provider, host, reply);
    const parsed = provider.parsePage(new TextDecoder().decode(reply.body), page);
    yield parsed;
    if (parsed.next === null) return;
    cursor = parsed.next;
  }
}

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

/**
 * Everything one provider finds for one query, best first, each address once. A page is asked for only when its results
 * are wanted. Ends when the provider has no more, sends an empty page or one without anything new.
 * @throws ProviderError when a page cannot be had or read; the candidates before it stay good
 * @throws the reason of the signal
 */
export async function* search(
  client: HttpClient,
  provider: SearchProvider,
  request: SearchRequest,
): AsyncGenerator<Candidate, void, undefined> {
  const seen = new Set<string>();
  let rank = 0;
  for await (const page of pages(client, provider, request)) {
    const fresh = page.results.filter(({ imageUrl }) => !seen.has(imageUrl));
    const exhausted = page.received === 0 || (page.results.length > 0 && fresh.length === 0);
    if (exhausted) return;
    for (const found of fresh) {
      if (seen.has(found.imageUrl)) continue;
      seen.add(found.imageUrl);
      yield toCandidate(found, provider.id, request.query, rank++);
    }
  }
}
