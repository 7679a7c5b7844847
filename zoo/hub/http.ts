import { HubError } from './errors.js';

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const SHA256 = /^(?:W\/)?"?([0-9a-f]{64})"?$/;

/** An answer whose body has not been read yet. */
export interface OpenedUrl {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
  /** The checksum a hub states for the file, where it does (as its ETag, before it redirects to where the file lies). */
  readonly statedSha256: string | null;
}

function causeOf(error: unknown): string {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const inner = cause as { code?: string; message?: string } | undefined;
  return inner?.code ?? inner?.message ?? message;
}

/** A connection that could not be made or that broke. */
export function unreachable(url: string, error: unknown): HubError {
  const { host } = new URL(url);
  const what = `${host} cannot be reached (${causeOf(error)}).`;
  return new HubError(
    'unreachable',
    `${what} Check the connection, or set GRAFT_ZOO_MIRROR to an address or folder that has the files.`,
    { cause: error },
  );
}

const statedBy = (headers: Headers): string | null =>
  SHA256.exec(headers.get('x-linked-etag') ?? headers.get('etag') ?? '')?.[1] ?? null;

function nextUrl(url: string, location: string | null): string {
  if (location === null) throw new HubError('redirects', `${url} redirects to nowhere.`);
  const next = new URL(location, url);
  const downgraded = new URL(url).protocol === 'https:' && next.protocol !== 'https:';
  if (downgraded || !/^https?:$/.test(next.protocol))
    throw new HubError(
      'redirects',
      `${url} redirects to ${next.protocol}//${next.host}, which is not followed.`,
    );
  return next.href;
}

/**
 * Asks for a file, following a few redirects.
 *
 * @throws HubError `unreachable` or `redirects`; statuses are for the caller to judge.
 */
export async function openUrl(
  url: string,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<OpenedUrl> {
  let at = url;
  let statedSha256: string | null = null;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await fetch(at, { headers, signal: signal ?? null, redirect: 'manual' }).catch(
      (error: unknown) => {
        if (signal?.aborted) throw error;
        throw unreachable(at, error);
      },
    );
    statedSha256 ??= statedBy(response.headers);
    if (REDIRECTS.has(response.status)) {
      await response.body?.cancel();
      at = nextUrl(at, response.headers.get('location'));
      continue;
    }
    const body = (response.body ?? []) as AsyncIterable<Uint8Array>;
    return { status: response.status, headers: response.headers, body, statedSha256 };
  }
  throw new HubError('redirects', `${url} redirects more than ${MAX_REDIRECTS} times.`);
}

/** The text of a small file. @throws HubError `bad-zoo-file` for a larger one, `unreachable` where the connection breaks */
export async function readText(url: string, { body }: OpenedUrl, maxBytes: number): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const piece of body) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes > maxBytes) throw new HubError('bad-zoo-file', `${url} is larger than ${maxBytes} bytes.`);
    }
  } catch (error) {
    throw error instanceof HubError ? error : unreachable(url, error);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** What a status other than success means to the person who wanted the file. */
export function refused(url: string, status: number): HubError {
  const hints: Readonly<Record<number, string>> = {
    401: 'it asks for a login; get the file yourself and add it with "graft zoo add"',
    403: 'it is not allowed; get the file yourself and add it with "graft zoo add"',
    404: 'there is no such file; it may have been moved, and the card needs its new address',
    429: 'too many requests; try again later',
  };
  return new HubError('http', `${url} answers ${status}: ${hints[status] ?? 'try again later'}.`);
}
