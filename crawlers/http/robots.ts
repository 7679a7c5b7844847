import robotsModule from 'robots-parser';
import { raceAbort } from './abort.js';
import { finalFailure, type Failure, type Success } from './result.js';

type ParsedRobots = ReturnType<typeof robotsModule.default>;

// The package is CommonJS whose types declare an ES default: at run time the default import is the function itself.
const parseRobots = robotsModule as unknown as typeof robotsModule.default;

/** What a host's robots.txt came to. */
type Policy = { kind: 'rules'; rules: ParsedRobots } | { kind: 'all' } | { kind: 'none'; failure: Failure };

/** Fetches one robots.txt: no caller's signal, since its result serves every later caller. */
export type RobotsFetcher = (url: URL) => Promise<Success | Failure>;

/** RFC 9309: a day at most. */
const CACHE_MS = 24 * 60 * 60 * 1000;
/** A host that failed is asked again soon, but not for each of its pictures. */
const FAILURE_CACHE_MS = 5 * 60 * 1000;
/** RFC 9309 wants at least 500 KiB to be read. */
export const MAX_ROBOTS_BYTES = 512 * 1024;
/** A longer Crawl-delay would stop the crawl rather than slow it. */
const MAX_CRAWL_DELAY_MS = 30_000;

const CLIENT_ERROR = /^http-4\d\d$/;

/** RFC 9309, 2.3.1: client errors allow everything, server errors forbid everything; no answer is its own reason. */
function policyOf(url: URL, reply: Success | Failure): Policy {
  if (reply.ok) {
    return { kind: 'rules', rules: parseRobots(url.href, new TextDecoder().decode(reply.body)) };
  }
  if (CLIENT_ERROR.test(reply.reason)) return { kind: 'all' };
  const reason =
    reply.reason.startsWith('http-') || reply.reason === 'redirect-loop' ? 'robots' : reply.reason;
  // Final, since repeating the picture's request would only meet this cached answer again.
  return { kind: 'none', failure: finalFailure(reason, `robots.txt cannot be read: ${reply.detail}`) };
}

/** Keeps one policy for each origin, fetched once however many ask at the same time. */
export class RobotsGate {
  private readonly policies = new Map<string, { policy: Promise<Policy>; expiresAtMs: number }>();

  /**
   * @param agent product name of our User-Agent, as robots.txt groups name it
   * @param onCrawlDelay called with the host and its Crawl-delay, capped
   */
  constructor(
    private readonly agent: string,
    private readonly fetchRobots: RobotsFetcher,
    private readonly now: () => number,
    private readonly onCrawlDelay: (host: string, delayMs: number) => void,
  ) {}

  /** `null` when this URL may be fetched. */
  async refusal(url: URL, signal: AbortSignal): Promise<Failure | null> {
    const policy = await raceAbort(this.policyFor(url), signal);
    if (policy.kind === 'all') return null;
    if (policy.kind === 'none') return policy.failure;
    const allowed = policy.rules.isAllowed(url.href, this.agent) ?? true;
    return allowed
      ? null
      : finalFailure('robots', `${url.host}/robots.txt keeps ${this.agent} out of ${url.pathname}`);
  }

  private policyFor(url: URL): Promise<Policy> {
    const known = this.policies.get(url.origin);
    if (known && known.expiresAtMs > this.now()) return known.policy;
    const entry = { policy: this.load(new URL('/robots.txt', url)), expiresAtMs: this.now() + CACHE_MS };
    this.policies.set(url.origin, entry);
    const shorten = (): void => {
      entry.expiresAtMs = this.now() + FAILURE_CACHE_MS;
    };
    entry.policy.then((policy) => policy.kind === 'none' && shorten(), shorten);
    return entry.policy;
  }

  private async load(url: URL): Promise<Policy> {
    const policy = policyOf(url, await this.fetchRobots(url));
    const delayS = policy.kind === 'rules' ? policy.rules.getCrawlDelay(this.agent) : undefined;
    if (delayS) this.onCrawlDelay(url.host, Math.min(delayS * 1000, MAX_CRAWL_DELAY_MS));
    return policy;
  }
}
