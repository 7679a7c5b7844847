import type http from 'node:http';
import { readBody, type BodyRule } from './body.js';
import { linkAbort } from './abort.js';
import { finalFailure, passingFailure, type Failure, type Success } from './result.js';
import { parseRetryAfter, statusFailure } from './retry.js';
import type { Transport } from './transport.js';

/** One request to one host, with its own clocks. */
export interface HopRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: BodyRule;
  firstByteTimeoutMs: number;
  /** What is left of the time for the whole attempt. */
  totalTimeoutMs: number;
  /** Looks at the head of a 2xx reply before its body is read. */
  inspectHead?: (message: http.IncomingMessage) => Failure | null;
  now: () => number;
  signal: AbortSignal;
}

/** The server points elsewhere; nobody has looked at the address yet. */
export interface Redirect {
  ok: 'redirect';
  location: string;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What a timer aborts a hop with. */
class HopTimeout extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail);
  }
}

/** Starts a clock that aborts the hop; returns how to stop it. */
function startClock(controller: AbortController, ms: number, failure: Failure): () => void {
  const timer = setTimeout(() => controller.abort(new HopTimeout(failure)), ms);
  return () => clearTimeout(timer);
}

function contentType(message: http.IncomingMessage): string | null {
  return message.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || null;
}

/** What the head alone decides; `null` when the body is wanted. */
function judgeHead(message: http.IncomingMessage, request: HopRequest): Failure | Redirect | null {
  const status = message.statusCode ?? 0;
  const { location } = message.headers;
  if (REDIRECT_STATUSES.has(status) && location) {
    // Node reads headers as Latin-1; servers that do not escape a name in Location send UTF-8, as browsers expect.
    return { ok: 'redirect', location: Buffer.from(location, 'latin1').toString('utf8') };
  }
  if (status >= 200 && status < 300) return request.inspectHead?.(message) ?? null;
  return statusFailure(
    status,
    request.url.host,
    parseRetryAfter(message.headers['retry-after'], request.now()),
  );
}

async function exchange(
  transport: Transport,
  request: HopRequest,
  controller: AbortController,
  onHead: () => void,
): Promise<Success | Failure | Redirect> {
  const { url, headers } = request;
  const reply = await transport.send({ url, headers, signal: controller.signal });
  onHead();
  if (!reply.ok) return reply;
  const judged = judgeHead(reply.message, request);
  if (judged) {
    reply.message.destroy();
    return judged;
  }
  const stop = (): unknown => reply.message.destroy(controller.signal.reason as Error);
  controller.signal.addEventListener('abort', stop, { once: true });
  const body = await readBody(reply.message, request.body, url.host, controller.signal);
  if (!(body instanceof Uint8Array)) return body;
  return { ok: true, body, contentType: contentType(reply.message), finalUrl: url.href };
}

/**
 * Makes one request: checked address, head, body, all within their times.
 * @throws only the reason of a signal that fired
 */
export async function requestHop(
  transport: Transport,
  request: HopRequest,
): Promise<Success | Failure | Redirect> {
  const { host } = request.url;
  const controller = new AbortController();
  const unlink = linkAbort(controller, [request.signal]);
  const firstByteLate = passingFailure(
    'timeout',
    `${host}: no reply within ${request.firstByteTimeoutMs} ms`,
  );
  // Not repeated: what trickles or never ends once will do so again.
  const late = finalFailure(
    'timeout',
    `${host}: not complete in time (${Math.round(request.totalTimeoutMs)} ms were left)`,
  );
  const stopFirstByte = startClock(controller, request.firstByteTimeoutMs, firstByteLate);
  const stopTotal = startClock(controller, request.totalTimeoutMs, late);
  try {
    return await exchange(transport, request, controller, stopFirstByte);
  } catch (error) {
    const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
    if (reason instanceof HopTimeout) return reason.failure;
    throw reason;
  } finally {
    stopFirstByte();
    stopTotal();
    unlink();
  }
}
