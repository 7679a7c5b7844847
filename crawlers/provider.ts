import type { z } from 'zod';
import type { FoundImage } from './candidate.js';
import { ProviderError, type ProviderErrorReason } from './errors.js';

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

/** Facts about a provider that need no code. */
export interface ProviderFacts {
  id: ProviderId;
  title: string;
  homepage: string;
  /** The terms that matter here, in one line. */
  terms: string;
  /** Names of the settings without which it cannot work, keys for example. */
  needs: readonly string[];
  enabledByDefault: boolean;
  /** True when it works without the internet. */
  offline: boolean;
  /** Scheme and host of the search service, or the setting that holds its base URL (a path there is kept by the provider). */
  origin: string | { setting: string };
  /** Pace of the search service itself; without it the crawler's own limits hold. */
  pace?: Pace;
  /** Pace of other hosts that this provider's pictures lie on, by host. */
  mediaPaces?: Readonly<Record<string, Pace>>;
  /** More pages than this are never asked for one query. */
  maxPages: number;
}

/**
 * An image-search service. Both functions are pure: no network, no clock, no state, so that a parser is tested on
 * recorded pages alone.
 */
export interface SearchProvider extends ProviderFacts {
  /** The request for one page. */
  buildRequest(request: PageRequest): ProviderHttpRequest;
  /**
   * Reads the body of the reply to that request.
   * @throws ProviderError reason 'changed' naming the field, when the shape is not the known one.
   */
  parsePage(body: string, request: PageRequest): ProviderPage;
}

/** An error that the service reports inside a reply with status 200. */
export interface ServiceRefusal {
  reason: ProviderErrorReason;
  detail: string;
}

/** A provider whose replies are JSON. */
export interface JsonProvider<Shape> extends ProviderFacts {
  buildRequest(request: PageRequest): ProviderHttpRequest;
  /** Only the fields that are read; unknown ones are ignored, so that an added field breaks nothing. */
  shape: z.ZodType<Shape>;
  readPage: (reply: Shape, request: PageRequest) => ProviderPage;
  /** Looks for an error reply before the shape is checked. */
  readRefusal?: (reply: unknown) => ServiceRefusal | null;
}

/**
 * Scheme and host of a provider's search service under these settings.
 * @throws ProviderError reason 'needs-key' when the setting is missing or not an http(s) URL.
 */
export function providerOrigin(provider: ProviderFacts, settings: ProviderSettings): URL {
  if (typeof provider.origin === 'string') return new URL(provider.origin);
  const name = provider.origin.setting;
  const value = settings[name];
  if (value && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)) return new URL(value);
  const detail = value
    ? `the setting ${name} is not an http(s) URL: ${value}`
    : `the setting ${name} is missing`;
  throw new ProviderError(provider.id, 'no host yet', 'needs-key', detail);
}

/** Makes a provider out of facts, a request builder and a zod shape with its reader. */
export function defineProvider<Shape>(definition: JsonProvider<Shape>): SearchProvider {
  const { shape, readPage, readRefusal, ...rest } = definition;
  const fail = (request: PageRequest, reason: ProviderErrorReason, detail: string): never => {
    throw new ProviderError(rest.id, providerOrigin(rest, request.settings).host, reason, detail);
  };
  return {
    ...rest,
    parsePage(body, request) {
      const reply = parseJson(body);
      if (reply === undefined) return fail(request, 'changed', `the reply is not JSON: ${excerpt(body)}`);
      const refusal = readRefusal?.(reply) ?? null;
      if (refusal) return fail(request, refusal.reason, refusal.detail);
      const parsed = shape.safeParse(reply);
      if (!parsed.success) return fail(request, 'changed', describeIssues(parsed.error));
      return readPage(parsed.data, request);
    },
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

const excerpt = (body: string): string => JSON.stringify(body.slice(0, 60));

function describeIssues(error: z.ZodError): string {
  const named = error.issues.slice(0, 3).map((issue) => {
    const field = issue.path.map(String).join('.') || 'the whole reply';
    return `field ${field}: ${issue.message}`;
  });
  return `the reply has another shape (${named.join('; ')})`;
}
