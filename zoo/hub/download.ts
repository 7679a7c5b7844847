import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { HubError } from './errors.js';
import type { OpenedUrl } from './http.js';
import { openUrl, refused, unreachable } from './http.js';
import type { PartFile } from './part-file.js';
import { claimPart, dropPart, finishPart, releasePart } from './part-file.js';

/** What is to be fetched. */
export interface DownloadRequest {
  readonly url: string;
  /** Size in bytes; null where it is not known before. */
  readonly bytes: number | null;
  /** Null where it is not known before: then what the server states counts, if it states one. */
  readonly sha256: string | null;
}

export interface DownloadOptions {
  readonly onProgress?: (doneBytes: number, totalBytes: number | null) => void;
  readonly signal?: AbortSignal;
  /** Pause before a broken connection is tried again, times the number of the try. */
  readonly pauseMs?: number;
}

/** What was fetched. */
export interface Downloaded {
  readonly bytes: number;
  readonly sha256: string;
  /** The checksum the server stated, equal to `sha256`; null where it stated none. */
  readonly statedSha256: string | null;
}

/** Tries in a row that bring nothing; any progress starts the count anew. */
const MAX_BARREN_TRIES = 4;
const PAUSE_MS = 500;

const sizeOf = async (file: string): Promise<number> =>
  stat(file).then(
    ({ size }) => size,
    () => 0,
  );

/** sha256 of a file, read in pieces. */
export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
}

/** Size of the whole file by an answer's headers, and where in it the body begins. */
function extentOf({ status, headers }: OpenedUrl): { start: number; total: number | null } {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  if (status === 206 && range)
    return { start: Number(range[1]), total: range[2] === '*' ? null : Number(range[2]) };
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  return { start: 0, total: length === null ? null : Number(length) };
}

function diskError(file: string, error: unknown): HubError {
  const code = (error as NodeJS.ErrnoException).code ?? 'error';
  const what = code === 'ENOSPC' || code === 'EDQUOT' ? 'The disk is full' : `It cannot be written (${code})`;
  return new HubError('disk', `${what}: ${file}. Make room, or set GRAFT_CACHE_DIR to another folder.`, {
    cause: error,
  });
}

async function writeBody(
  part: PartFile,
  opened: OpenedUrl,
  request: DownloadRequest,
  options: DownloadOptions,
): Promise<void> {
  const { start, total } = extentOf(opened);
  const handle = await open(part.path, start === 0 ? 'w' : 'a').catch((error: unknown) => {
    throw diskError(part.path, error);
  });
  try {
    let done = start;
    for await (const piece of opened.body) {
      await handle.writeFile(piece).catch((error: unknown) => {
        throw diskError(part.path, error);
      });
      done += piece.length;
      if (request.bytes !== null && done > request.bytes) return;
      options.onProgress?.(done, total ?? request.bytes);
    }
    if (total !== null && done < total) throw new Error(`ended after ${done} of ${total} bytes`);
  } finally {
    await handle.close();
  }
}

/** One request for what is still missing. The result is the checksum the server states. */
async function fetchRest(
  part: PartFile,
  request: DownloadRequest,
  options: DownloadOptions,
): Promise<string | null> {
  const have = await sizeOf(part.path);
  const headers: Record<string, string> = have > 0 ? { range: `bytes=${have}-` } : {};
  const opened = await openUrl(request.url, { ...headers, 'accept-encoding': 'identity' }, options.signal);
  if (opened.status === 416) return opened.statedSha256; // nothing is missing; the checksum tells whether it is right
  if (opened.status !== 200 && opened.status !== 206) throw refused(request.url, opened.status);
  await writeBody(part, opened, request, options).catch((error: unknown) => {
    if (error instanceof HubError || options.signal?.aborted) throw error;
    throw unreachable(request.url, error);
  });
  return opened.statedSha256;
}

const mayPass = (error: unknown): boolean =>
  error instanceof HubError &&
  (error.reason === 'unreachable' || / answers (429|5\d\d):/.test(error.message));

/** Asks again where the connection broke, from where it broke. */
async function fetchAll(
  part: PartFile,
  request: DownloadRequest,
  options: DownloadOptions,
): Promise<string | null> {
  let barren = 0;
  for (;;) {
    const before = await sizeOf(part.path);
    try {
      return await fetchRest(part, request, options);
    } catch (error) {
      if (!mayPass(error)) throw error;
      barren = (await sizeOf(part.path)) > before ? 1 : barren + 1;
      if (barren >= MAX_BARREN_TRIES) throw error;
      await pause((options.pauseMs ?? PAUSE_MS) * barren, undefined, { signal: options.signal });
    }
  }
}

function check(request: DownloadRequest, stated: string | null, bytes: number, sha256: string): void {
  const wanted = request.sha256 ?? stated;
  const size = request.bytes !== null && bytes !== request.bytes;
  if (!size && (wanted === null || wanted === sha256)) return;
  const found = size
    ? `has ${bytes} bytes instead of ${request.bytes}`
    : `has sha256 ${sha256} instead of ${wanted}`;
  throw new HubError(
    'changed',
    `The file at ${request.url} ${found}: it is not the one the card describes. ` +
      'If it was changed on purpose, correct the card (or remove its line from zoo.lock.json).',
  );
}

/**
 * Fetches a file into `target`: resumes what an earlier try left, tries again where a connection breaks, and gives the file its
 * name only when size and checksum are right. Safe with several processes at a time. A connection that is silent for minutes
 * counts as broken.
 *
 * @throws HubError, each with what to do; the reason of `signal` when aborted (what is there is kept for the next try).
 */
export async function download(
  request: DownloadRequest,
  target: string,
  options: DownloadOptions = {},
): Promise<Downloaded> {
  const part = await claimPart(target).catch((error: unknown) => {
    throw diskError(target, error);
  });
  try {
    const statedSha256 = await fetchAll(part, request, options);
    const bytes = await sizeOf(part.path);
    const sha256 = await hashFile(part.path);
    check(request, statedSha256, bytes, sha256);
    await finishPart(part, target);
    return { bytes, sha256, statedSha256 };
  } catch (error) {
    if (error instanceof HubError && error.reason === 'changed') await dropPart(part);
    else releasePart(part);
    throw error;
  }
}
