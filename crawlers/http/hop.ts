import type http from 'node:http';
import { readBody, type BodyRule } from './body.js';
import { linkAbort } from './abort.js';
import { finalFailure, passingFailure, type Failure, type Success } from './result.js';
import { parseRetryAfter, statusFailure } from './retry.js';
import type { SlabPool } from './slab-pool.js';
import type { Transport } from './transport.js';

/** One request to one host, with its own clocks. */
export interface HopRequest {
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: BodyRule;
  slabs: SlabPool;
  firstByteTimeoutMs: number;
  /** What is left of the time for the whole attempt. */
  totalTimeoutMs: number;
  /** Looks at the head of a 2xx reply before its body is read. */
  inspectHead?: (message: http.IncomingMessage) => Failure | null;
  now: () => number;
  /** Told when the request is on the wire. */
  sent: () => void;
  signal: AbortSignal;
}

/** The server points elsewhere; nobody has looked at the address yet. */
export interface Redirect {
  ok: 'redirect';
  location: string;
  /** Also asks to keep a cookie, which is never done. */
  setsCookie: boolean;
}

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What a timer aborts a hop with. */
class HopTimeout extends Error {
  constructor(readonly failure: Failure) {
    super(failure.detail);
  }
}

/** A clock that aborts the hop when it runs out. */
class HopClock {
  private timer: NodeJS.Timeout | undefined;
  private startedMs = 0;

  constructor(
    private readonly controller: AbortController,
    private readonly now: () => number,
    private leftMs: number,
    private readonly failure: Failure,
  ) {
    this.run();
  }

  run(): void {
    this.startedMs = this.now();
    this.timer = setTimeout(() => this.controller.abort(new HopTimeout(this.failure)), this.leftMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    // At least 1: a timer of 0 would also abort what is already there.
    this.leftMs = Math.max(1, this.leftMs - (this.now() - this.startedMs));
  }
}

/** The two clocks of a hop; its connection has a third, in its agent. */
interface Clocks {
  firstByte: HopClock;
  total: HopClock;
}

function contentType(message: http.IncomingMessage): string | null {
  return message.headers['content-type']?.split(';')[0]?.trim().toLowerCase() || null;
}

/** Whether a reply is a part of the picture only; `bytes 0-99/100` is a part that is all of it. */
function isPart(message: http.IncomingMessage): boolean {
  if (message.statusCode !== 206) return false;
  const [, last, size] = /^bytes 0-(\d+)\/(\d+)$/.exec(message.headers['content-range'] ?? '') ?? [];
  return last === undefined || Number(last) + 1 !== Number(size);
}

function redirectOf(message: http.IncomingMessage, location: string): Redirect {
  // Node reads headers as Latin-1; servers that do not escape a name in Location send UTF-8, as browsers expect.
  const target = Buffer.from(location, 'latin1').toString('utf8');
  return { ok: 'redirect', location: target, setsCookie: message.headers['set-cookie'] !== undefined };
}

/** What the head alone decides; `null` when the body is wanted. */
function judgeHead(message: http.IncomingMessage, request: HopRequest): Failure | Redirect | null {
  const status = message.statusCode ?? 0;
  const { host } = request.url;
  const { location } = message.headers;
  if (REDIRECT_STATUSES.has(status) && location) return redirectOf(message, location);
  if (isPart(message)) return finalFailure('bad-response', `${host} sends a part, though all was asked for`);
  if (status >= 200 && status < 300) return request.inspectHead?.(message) ?? null;
  return statusFailure(status, host, parseRetryAfter(message.headers['retry-after'], request.now()));
}

async function exchange(
  transport: Transport,
  request: HopRequest,
  { signal }: AbortController,
  clocks: Clocks,
): Promise<Success | Failure | Redirect> {
  const { url, headers, slabs, sent } = request;
  const reply = await transport.send({ url, headers, sent, signal });
  clocks.firstByte.stop();
  if (!reply.ok) return reply;
  const { message, fault } = reply;
  const judged = judgeHead(message, request);
  if (judged) {
    message.destroy();
    return judged;
  }
  signal.addEventListener('abort', () => message.destroy(signal.reason as Error), { once: true });
  const onHold = (held: boolean): void => (held ? clocks.total.stop() : clocks.total.run());
  const context = { host: url.host, slabs, fault, onHold, signal };
  const body = await readBody(message, request.body, context);
  if ('reason' in body) return body;
  const { bytes, release } = body;
  return { ok: true, body: bytes, release, contentType: contentType(message), finalUrl: url.href };
}

function startClocks(request: HopRequest, controller: AbortController): Clocks {
  const { firstByteTimeoutMs, totalTimeoutMs, now } = request;
  const { host } = request.url;
  const noReply = passingFailure('timeout', `${host}: no reply within ${firstByteTimeoutMs} ms`);
  const left = `${Math.round(totalTimeoutMs)} ms were left`;
  // Not repeated: what trickles or never ends once will do so again.
  const late = finalFailure('timeout', `${host}: not complete in time (${left})`);
  return {
    firstByte: new HopClock(controller, now, firstByteTimeoutMs, noReply),
    total: new HopClock(controller, now, totalTimeoutMs, late),
  };
}

/**
 * Makes one request: checked address, head, body, all within their times.
 * @throws only the reason of a signal that fired
 */
export async function requestHop(
  transport: Transport,
  request: HopRequest,
): Promise<Success | Failure | Redirect> {
  const controller = new AbortController();
  const unlink = linkAbort(controller, [request.signal]);
  const clocks = startClocks(request, controller);
  try {
    return await exchange(transport, request, controller, clocks);
  } catch (error) {
    const reason: unknown = controller.signal.aborted ? controller.signal.reason : error;
    if (reason instanceof HopTimeout) return reason.failure;
    throw reason;
  } finally {
    clocks.firstByte.stop();
    clocks.total.stop();
    unlink();
  }
}
