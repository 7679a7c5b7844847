import type { FoundImage } from './candidate.js';
import type { Failure } from './http/result.js';

/** Key of a provider in the registry: 'openverse'. */
export type ProviderId = string;

/** Named values from outside (keys, base URLs): `{ 'gallery.baseUrl': 'http://127.0.0.1:1234' }`. */
export type ProviderSettings = Readonly<Record<string, string>>;

/** What one page of results is asked with. */
export interface PageRequest {
  query: string;
  /** `null` for the first page, then whatever the page before gave as `next`. */
  cursor: string | null;
  settings: ProviderSettings;
}

/** The HTTP GET that fetches a page. */
export interface ProviderHttpRequest {
  /** Absolute, on the provider's own origin. */
  url: string;
  headers?: Readonly<Record<string, string>>;
}

/** One page of results, parsed. */
export interface ProviderPage {
  /** In the provider's order, best first; unusable rows (no licence, wrong type) already left out. */
  results: readonly FoundImage[];
  /** How many rows the provider sent before any were left out; 0 means there are no more. */
  received: number;
  /** Cursor of the next page; `null` when this was the last. */
  next: string | null;
}

/** How fast a host may be asked. */
export interface Pace {
  /** Least time between the starts of two requests. */
  intervalMs: number;
  /** Requests under way at once. */
  concurrency: number;
}

/**
 * When a provider is asked:
 * - `default`: without anybody naming it;
 * - `needs-key`: as soon as its settings are given;
 * - `opt-in`: only when named, because of its terms or because it is meant for one purpose;
 * - `refused`: never; its terms forbid what Graft does.
 */
export type ProviderStatus = 'default' | 'needs-key' | 'opt-in' | 'refused';

/** Facts about a provider that need no code. */
export interface ProviderFacts {
  id: ProviderId;
  title: string;
  homepage: string;
  /** The terms that matter here, in one line. */
  terms: string;
  /** Names of the settings without which it cannot work, keys for example. */
  needs: readonly string[];
  status: ProviderStatus;
  /** Only for those who are customers already: the service takes no new ones. */
  legacy?: true;
  /** True when every result says under which licence it is. */
  licenceKnown: boolean;
  /** What a query is matched with: free text, or the name of a category, exactly (case and punctuation aside). */
  matches: 'text' | 'category';
  /** True when it works without the internet. */
  offline: boolean;
  /** More pages than this are never asked for one query. */
  maxPages: number;
}

/** Where a search service is: fixed, in a setting (a path there is kept by the provider), or fixed unless a setting says otherwise. */
export type ProviderOrigin = string | { setting: string; fallback?: string };

/** Facts about a service on the web. */
export interface ServiceFacts extends ProviderFacts {
  origin: ProviderOrigin;
  /** Pace of the search service itself; without it the crawler's own limits hold. */
  pace?: Pace;
  /** Pace of other hosts that this provider's pictures lie on, by host. */
  mediaPaces?: Readonly<Record<string, Pace>>;
}

/** What follows from the facts. */
export interface Derived {
  /** Same as status 'default'. */
  enabledByDefault: boolean;
}

/**
 * What every provider that is read page by page has. Both functions are pure: no network, no clock, no state, so that
 * a parser is tested on recorded pages alone.
 */
interface PageReader {
  /** The request for one page. */
  buildRequest(request: PageRequest): ProviderHttpRequest;
  /**
   * Reads the body of the reply to that request.
   * @throws ProviderError reason 'changed' naming the field, when the shape is not the known one.
   */
  parsePage(body: string, request: PageRequest): ProviderPage;
}

/** An HTTP API that answers with pages of results. */
export interface ApiProvider extends ServiceFacts, Derived, PageReader {
  kind: 'api';
}

/** A web page that only a browser can read: opened, scrolled and harvested; `parsePage` gets the harvest as JSON. */
export interface BrowserProvider extends ServiceFacts, Derived, PageReader {
  kind: 'browser';
  harvest: HarvestRecipe;
}

/** A file of this machine that lists pictures of the web. Pure as well: the search reads the file. */
export interface ListProvider extends ProviderFacts, Derived {
  kind: 'list';
  /** Setting that holds the path of the file. */
  setting: string;
  /** @throws ProviderError reason 'needs-key' naming the line that cannot be read */
  parsePage(body: string, request: PageRequest): ProviderPage;
}

/** Pictures of this machine: their bytes are read from disk, by the crawler's own `fetchImage`. */
export interface LocalProvider extends ProviderFacts, Derived {
  kind: 'local';
  /** Setting that holds the path of the folder or archive. */
  setting: string;
  open(path: string, maxBytes: number): LocalStore;
}

/** A service that is known, and whose terms forbid what Graft does. */
export interface RefusedProvider extends ProviderFacts, Derived {
  kind: 'refused';
  status: 'refused';
  /** What its terms say, for the person who asked for it. */
  refusal: string;
}

/** A source of candidates. What is the same for all of them is in ProviderFacts; `kind` says how one is searched. */
export type SearchProvider = ApiProvider | BrowserProvider | ListProvider | LocalProvider | RefusedProvider;

/** A picture in a local store. */
export interface LocalPicture {
  /** Path inside the store, with '/'. */
  path: string;
  bytes: number;
}

/** What a local provider reads from. */
export interface LocalStore {
  /** The pictures of one category, in a stable order. @throws Error saying why the store cannot be read */
  list(category: string): AsyncIterable<LocalPicture>;
  /** The bytes at a path that `list` gave; a path outside the store, or gone, is a value with its reason. */
  read(path: string): Promise<Uint8Array | Failure>;
  close(): void;
}

/** How a rendered page is turned into rows. */
export interface HarvestRecipe {
  /** What is read: named fields of every element that matches a selector, or every picture the page shows. */
  rows: RowRecipe | 'pictures';
  /** Selectors of buttons that end a consent page, most private first. */
  consent: readonly string[];
  /** Selectors of buttons that load more where scrolling does not. */
  more: readonly string[];
  /** An element that is there when the search found nothing. */
  nothing?: string;
  /** An element that is there when the site asks for proof of being human. */
  wall?: string;
  /** Ask robots.txt of the site first. */
  robots: boolean;
}

/** Which attributes of which elements make a row. */
export interface RowRecipe {
  /** Selector of one result. */
  item: string;
  /** By field: a selector inside the item ('' is the item itself) and the attribute to read; 'text' is its text. */
  fields: Readonly<Record<string, { selector: string; attribute: string }>>;
}
