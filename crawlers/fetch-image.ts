import type http from 'node:http';
import type { FetchOutcome } from './fetch-reasons.js';
import { productName, type HttpClient } from './http/client.js';
import { finalFailure, type Failure, type Success } from './http/result.js';
import { robotsTagOptOut } from './http/robots-tag.js';
import type { FetchLimits } from './limits.js';
import { sniffImageMime } from './sniff.js';

/** The part of a candidate that fetching needs. */
export interface FetchTarget {
  imageUrl: string;
  /** Sent as Referer: some hosts serve pictures only to visitors of their pages. */
  pageUrl?: string | null;
  /** The provider that found it. Only what a local provider found is read from this machine; all else is the web's. */
  provider?: string | null;
}

/** What fetching pictures is done with. */
export interface ImageFetcherOptions {
  client: HttpClient;
  limits: FetchLimits;
  userAgent: string;
}

const ACCEPT = 'image/avif,image/webp,image/png,image/jpeg,image/*;q=0.9,*/*;q=0.5';

function optOut(message: http.IncomingMessage, agent: string): Failure | null {
  const distinct = message.headersDistinct;
  const directive = robotsTagOptOut(distinct['x-robots-tag'] ?? [], agent);
  if (directive) return finalFailure('noai', `X-Robots-Tag: ${directive}`);
  const reserved = distinct['tdm-reservation']?.some((value) => value.trim() === '1') ?? false;
  return reserved ? finalFailure('noai', 'TDM-Reservation: 1') : null;
}

/** Types that servers also give to pictures they do not know, so the bytes must decide at the end. */
const maybeImage = (type: string): boolean =>
  type === '' || /^(image\/|application\/octet-stream|binary\/)/.test(type);

/** Ends the download of what is declared as something else and looks like it, videos and pages for example. */
const stopEarly =
  (declared: () => string) =>
  (prefix: Uint8Array): Failure | null => {
    if (maybeImage(declared()) || sniffImageMime(prefix) !== null) return null;
    return finalFailure('not-an-image', `the server calls it ${declared()}, and so it looks`);
  };

/** Names the bytes by what they are, whatever anybody calls them. */
export function judge({ body, release, contentType, finalUrl }: Success): FetchOutcome {
  if (body.length === 0)
    return {
      kind: 'dropped',
      reason: 'empty',
      detail: `${new URL(finalUrl).host || finalUrl} gave no bytes`,
    };
  const mime = sniffImageMime(body);
  if (mime) return { kind: 'fetched', bytes: body, mime, finalUrl, release };
  release?.();
  const detail = `${body.length} bytes called ${contentType ?? 'nothing'}, of no known picture format`;
  return { kind: 'dropped', reason: 'not-an-image', detail };
}

/** The page as Referer, without what follows '#'; none when it is no web address. */
function refererOf(pageUrl: string | null | undefined): Record<string, string> {
  if (!pageUrl || !URL.canParse(pageUrl)) return {};
  const { protocol, origin, pathname, search } = new URL(pageUrl);
  return protocol === 'https:' || protocol === 'http:' ? { Referer: `${origin}${pathname}${search}` } : {};
}

/**
 * Downloads one picture.
 * @returns the bytes with their sniffed type, or why there are none
 * @throws only the reason of `signal`, or an AbortError when the crawler was closed
 */
export async function fetchImage(
  { client, limits, userAgent }: ImageFetcherOptions,
  target: FetchTarget,
  signal?: AbortSignal,
): Promise<FetchOutcome> {
  let declared = '';
  const agent = productName(userAgent);
  const result = await client.get({
    url: target.imageUrl,
    headers: { Accept: ACCEPT, ...refererOf(target.pageUrl) },
    robots: true,
    inspectHead: (message) => {
      declared = message.headers['content-type']?.toLowerCase() ?? '';
      return limits.respectNoAi ? optOut(message, agent) : null;
    },
    body: { maxBytes: limits.maxBytes, overflow: 'fail', inspectPrefix: stopEarly(() => declared) },
    signal,
  });
  if (!result.ok) return { kind: 'dropped', reason: result.reason, detail: result.detail };
  return judge(result);
}
