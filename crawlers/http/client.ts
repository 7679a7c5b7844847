import type http from 'node:http';
import type { FetchLimits } from '../limits.js';
import type { Pace } from '../provider.js';
import { linkAbort } from './abort.js';
import { AddressGuard, type Resolver } from './address-guard.js';
import type { BodyRule } from './body.js';
import { requestHop, type Redirect } from './hop.js';
import { HostPacer } from './host-pacer.js';
import { PinnedAgents } from './pinned-agents.js';
import { finalFailure, type Failure, type Success } from './result.js';
import { retryDelayMs } from './retry.js';
import { MAX_ROBOTS_BYTES, RobotsGate } from './robots.js';
import { SlabPool } from './slab-pool.js';
import type { Timing } from './timing.js';
import { Transport } from './transport.js';

/** What the client is made of. */
export interface HttpClientOptions {
  userAgent: string;
  limits: FetchLimits;
  timing: Timing;
  resolve: Resolver;
  allowPrivateHosts: readonly string[];
}

/** One resource to get, with its redirects and repetitions. */
export interface GetRequest {
  url: string;
  headers?: Readonly<Record<string, string>>;
  body: BodyRule;
  /** Ask robots.txt first; for pages and pictures, not for APIs, which are made for programs. */
  robots: boolean;
  /** Looks at the head of a 2xx reply before its body is read. */
  inspectHead?: (message: http.IncomingMessage) => Failure | null;
  signal?: AbortSignal;
}

/** Parses an address that is going to be requested; a refusal is a value. */
export function parseHttpUrl(text: string, base?: string): URL | Failure {
  if (!URL.canParse(text, base))
    return finalFailure('bad-url', `not an absolute address: ${text.slice(0, 200)}`);
  const url = new URL(text, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return finalFailure('bad-url', `${url.protocol} addresses are not fetched, only http: and https:`);
  }
  if (url.username || url.password)
    return finalFailure('bad-url', `${url.host}: an address with a user name in it`);
  url.hash = '';
  return url;
}

/** The product name of a User-Agent, as robots.txt and X-Robots-Tag name robots: 'graft' of 'Graft/1.0 (+mail)'. */
export function productName(userAgent: string): string {
  return (/^[^\s/;(]+/.exec(userAgent.trim())?.[0] ?? 'graft').toLowerCase();
}

/** A request whose signal also fires when the client closes. */
type LinkedRequest = GetRequest & { signal: AbortSignal };

/** Time that an attempt has left; turns, pauses and waits are not counted. */
interface Budget {
  leftMs: number;
}

/** Polite, bounded GET: pacing, robots, guarded addresses, redirects by hand, retries. */
export class HttpClient {
  readonly pacer: HostPacer;
  private readonly agents: PinnedAgents;
  private readonly transport: Transport;
  private readonly robots: RobotsGate;
  private readonly slabs: SlabPool;
  private readonly closing = new AbortController();

  constructor(private readonly options: HttpClientOptions) {
    const { limits, timing } = options;
    const pace: Pace = { intervalMs: limits.perHostIntervalMs, concurrency: limits.perHostConcurrency };
    this.pacer = new HostPacer(pace, limits.concurrency, timing);
    this.slabs = new SlabPool(
      limits.maxBytes,
      Math.max(1, Math.floor(limits.maxBytesInFlight / limits.maxBytes)),
    );
    this.agents = new PinnedAgents(limits.connectTimeoutMs);
    const guard = new AddressGuard(options.allowPrivateHosts, options.resolve, () => timing.now());
    this.transport = new Transport(guard, this.agents);
    this.robots = new RobotsGate(
      productName(options.userAgent),
      (url) =>
        this.get({ url: url.href, robots: false, body: { maxBytes: MAX_ROBOTS_BYTES, overflow: 'cut' } }),
      () => timing.now(),
      (host, delayMs) => this.pacer.slowDown(host, delayMs),
    );
  }

  /**
   * Gets a resource, repeating what may succeed.
   * @throws only the reason of the request's signal, or an AbortError after `close`
   */
  async get(request: GetRequest): Promise<Success | Failure> {
    const start = parseHttpUrl(request.url);
    if (!(start instanceof URL)) return start;
    const controller = new AbortController();
    const unlink = linkAbort(controller, [request.signal, this.closing.signal]);
    try {
      return await this.attempts(start, { ...request, signal: controller.signal });
    } finally {
      unlink();
    }
  }

  /** Ends what is under way and closes every connection. */
  close(): void {
    this.closing.abort();
    this.agents.close();
  }

  private async attempts(start: URL, request: LinkedRequest): Promise<Success | Failure> {
    const { limits, timing } = this.options;
    for (let attempt = 1; ; attempt++) {
      const { result, host } = await this.follow(start, request);
      if (result.ok) return result;
      const delayMs = retryDelayMs(result, attempt, limits, () => timing.random());
      if (delayMs === null) return result;
      // What a server asks for itself holds for every request to it; our own backoff concerns this request alone.
      if (result.retryAfterMs !== null) this.pacer.pause(host, delayMs);
      else await timing.wait(delayMs, request.signal);
    }
  }

  /** One attempt: the chain of redirects from the first address to a body or a failure, and the host it ended at. */
  private async follow(
    start: URL,
    request: LinkedRequest,
  ): Promise<{ result: Success | Failure; host: string }> {
    const visited = new Set<string>();
    const budget: Budget = { leftMs: this.options.limits.totalTimeoutMs };
    let url = start;
    for (;;) {
      visited.add(url.href);
      // A provider's key is for the provider: another origin that it redirects to is sent none of its headers.
      const own = url.origin === start.origin ? request : { ...request, headers: undefined };
      const reply = await this.hop(url, own, budget);
      if (reply.ok !== 'redirect') return { result: reply, host: url.host };
      const next = this.nextUrl(reply, url, visited);
      if (!(next instanceof URL)) return { result: next, host: url.host };
      url = next;
    }
  }

  private nextUrl(reply: Redirect, from: URL, visited: ReadonlySet<string>): URL | Failure {
    const next = parseHttpUrl(reply.location, from.href);
    if (!(next instanceof URL)) return { ...next, detail: `${from.host} redirects: ${next.detail}` };
    if (visited.has(next.href)) {
      const wall = reply.setsCookie ? ' until its cookie is kept, which is not done' : '';
      return finalFailure('redirect-loop', `${from.host} redirects back to ${next.href}${wall}`);
    }
    const { maxRedirects } = this.options.limits;
    if (visited.size <= maxRedirects) return next;
    return finalFailure('redirect-loop', `${from.host} redirects on after ${maxRedirects} hops`);
  }

  private async hop(url: URL, request: LinkedRequest, budget: Budget): Promise<Success | Failure | Redirect> {
    const refusal = await this.robotsRefusal(url, request);
    if (refusal) return refusal;
    return this.pacer.run(url.host, request.signal, async (sent) => {
      const startedMs = this.options.timing.now();
      try {
        return await this.request(url, request, { totalTimeoutMs: budget.leftMs, sent });
      } finally {
        // At least 1: a timer of 0 would also abort what is already there.
        budget.leftMs = Math.max(1, budget.leftMs - (this.options.timing.now() - startedMs));
      }
    });
  }

  private async robotsRefusal(url: URL, request: LinkedRequest): Promise<Failure | null> {
    if (!request.robots || !this.options.limits.respectRobots) return null;
    return this.robots.refusal(url, request.signal);
  }

  private request(
    url: URL,
    request: LinkedRequest,
    turn: { totalTimeoutMs: number; sent: () => void },
  ): Promise<Success | Failure | Redirect> {
    const { timing, limits, userAgent } = this.options;
    return requestHop(this.transport, {
      url,
      headers: { 'Accept-Encoding': 'gzip, deflate, br', ...request.headers, 'User-Agent': userAgent },
      body: request.body,
      slabs: this.slabs,
      firstByteTimeoutMs: limits.firstByteTimeoutMs,
      ...turn,
      inspectHead: request.inspectHead,
      now: () => timing.now(),
      signal: request.signal,
    });
  }
}
