import type { Candidate } from './candidate.js';
import { BrowserHost } from './browser/browser-host.js';
import { DEFAULT_BROWSER_LIMITS, type BrowserLimits } from './browser/limits.js';
import { hasOrigin, providerOrigin } from './define-provider.js';
import { fetchImage, type FetchTarget } from './fetch-image.js';
import { LocalStores } from './files/local-stores.js';
import type { FetchOutcome } from './fetch-reasons.js';
import { systemResolver, type Resolver } from './http/address-guard.js';
import { HttpClient } from './http/client.js';
import { SYSTEM_TIMING, type Timing } from './http/timing.js';
import { DEFAULT_LIMITS, type FetchLimits } from './limits.js';
import type { ProviderId, ProviderSettings, SearchProvider } from './provider.js';
import { getProvider, providers } from './registry.js';
import { search, searchPage, type SearchCursor, type SearchPage } from './search.js';

/** What a crawler is made with; everything from outside comes in here. */
export interface CrawlerOptions {
  /** Sent with every request; names the program, its version and a contact: 'graft/1.0 (+https://example.org/contact)'. */
  userAgent: string;
  /** Keys and base URLs of providers: `{ 'gallery.baseUrl': 'http://127.0.0.1:1234' }`. */
  settings: ProviderSettings;
  /** Hosts, or host:port, that may lie in private networks; exact. */
  allowPrivateHosts: readonly string[];
  /** Name resolution; the system's by default. */
  resolve?: Resolver;
  /** Milliseconds since the Unix epoch. */
  now?: Timing['now'];
  wait?: Timing['wait'];
  random?: Timing['random'];
  limits?: Partial<FetchLimits>;
  /** Bounds of rendering pages. */
  browserLimits?: Partial<BrowserLimits>;
}

/** Which page of which search is wanted. */
export interface PageOfSearch {
  provider: ProviderId;
  query: string;
  /** Null for the first page, then what the page before gave as `next`. */
  from: SearchCursor | null;
  signal?: AbortSignal;
}

/** Finds and fetches pictures. One crawler shares its pacing, connections and robots.txt among all it does. */
export interface Crawler {
  /**
   * Pages through one provider for one query, lazily.
   * @throws UnknownProviderError at once; ProviderError (names provider, host, what to try) while iterating
   */
  search(request: { provider: ProviderId; query: string; signal?: AbortSignal }): AsyncIterable<Candidate>;
  /**
   * One page of a search: the first, or the one that `from` leads to; for callers that keep where they are.
   * @throws UnknownProviderError at once; ProviderError when the page cannot be had
   */
  searchPage(request: PageOfSearch): Promise<SearchPage>;
  /** Downloads one picture; whatever goes wrong is a value. Throws only when the signal fires or the crawler is closed. */
  fetchImage(candidate: FetchTarget, signal?: AbortSignal): Promise<FetchOutcome>;
  /** Ends what is under way and closes every connection. */
  close(): Promise<void>;
}

/** Gives each provider's hosts the pace its terms ask for. */
function setPaces(client: HttpClient, provider: SearchProvider, settings: ProviderSettings): void {
  if (provider.kind !== 'api' && provider.kind !== 'browser') return;
  if (provider.pace && hasOrigin(provider, settings))
    client.pacer.setPace(providerOrigin(provider, settings).host, provider.pace);
  for (const [host, pace] of Object.entries(provider.mediaPaces ?? {})) client.pacer.setPace(host, pace);
}

/** Makes a crawler over the registered providers. */
export function createCrawler(options: CrawlerOptions): Crawler {
  const { userAgent, settings, allowPrivateHosts, resolve = systemResolver } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const timing: Timing = {
    now: options.now ?? SYSTEM_TIMING.now,
    wait: options.wait ?? SYSTEM_TIMING.wait,
    random: options.random ?? SYSTEM_TIMING.random,
  };
  const client = new HttpClient({ userAgent, limits, timing, resolve, allowPrivateHosts });
  const stores = new LocalStores(providers, settings, limits.maxBytes);
  const browser = new BrowserHost({
    userAgent,
    allowPrivateHosts,
    resolve,
    now: () => timing.now(),
    connectTimeoutMs: limits.connectTimeoutMs,
    path: settings['browser.path'],
    limits: { ...DEFAULT_BROWSER_LIMITS, ...options.browserLimits },
  });
  const tools = { client, browser, stores };
  for (const provider of providers) setPaces(client, provider, settings);
  return {
    search: ({ provider, query, signal }) =>
      search(tools, getProvider(provider), { query, settings, signal }),
    searchPage: ({ provider, query, from, signal }) =>
      searchPage(tools, getProvider(provider), { query, settings, signal }, from),
    fetchImage: async (target, signal) => {
      signal?.throwIfAborted();
      return (await stores.fetch(target)) ?? fetchImage({ client, limits, userAgent }, target, signal);
    },
    close: async () => {
      client.close();
      await browser.close();
      stores.close();
    },
  };
}
