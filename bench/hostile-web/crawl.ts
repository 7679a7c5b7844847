import { createHash } from 'node:crypto';
import net from 'node:net';
import pLimit from 'p-limit';
import {
  createCrawler,
  ProviderError,
  type Crawler,
  type FetchLimits,
  type FetchOutcome,
} from '../../crawlers/index.js';
import { answer, peakRssBytes } from '../child.js';
import {
  caseOf,
  CASES,
  GOOD_HOSTS,
  hostOf,
  LARGE_HOSTS,
  PROVIDER_HOSTS,
  RESET_HOST,
  RESET_ONCE_HOST,
  urlOf,
} from './cases.js';
import { LARGE_BYTES, MAX_BYTES, PNG, WHOLE_REPLY, type Ports } from './wire.js';

/** What came of one address. */
export interface Seen {
  what: string;
  detail: string;
  /** A picture that must arrive on the same host, when there is one. */
  beside: string | null;
}

/** What the crawl came to. */
export interface HostileReport {
  cases: readonly Seen[];
  /** Outcome by position, of connections that always break and of those that break once. */
  resets: readonly string[];
  resetsOnce: readonly string[];
  good: { asked: number; arrived: number };
  large: { asked: number; arrived: number; bombs: Record<string, number> };
  providers: { repeats: string; changes: string };
  /** Connections that were tried to addresses off this machine; all were stopped. */
  outside: readonly string[];
  peakRssBytes: number;
  peakAfterCasesBytes: number;
}

/** Limits that make hanging servers cheap; all else as it is in use. */
const SHORT: Partial<FetchLimits> = {
  maxBytes: MAX_BYTES,
  connectTimeoutMs: 800,
  firstByteTimeoutMs: 1500,
  totalTimeoutMs: 4000,
  maxRetryAfterMs: 2000,
  perHostIntervalMs: 0,
  perHostConcurrency: 16,
  concurrency: 24,
};

const GOOD_PICTURES = 400;
const LARGE_PICTURES = 60;
const LARGE_SHA256 = createHash('sha256').update(PNG).update(Buffer.alloc(LARGE_BYTES)).digest('hex');
const outside: string[] = [];

/** Nothing leaves this machine: a connection to elsewhere is noted, and fails as one that finds no way. */
function stayInside(): void {
  const connect = Reflect.get(net.Socket.prototype, 'connect') as (...args: unknown[]) => net.Socket;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
    const first: unknown = Array.isArray(args[0]) ? args[0][0] : args[0];
    const { host } = first as { host?: string };
    if (!host || host.startsWith('127.')) return connect.apply(this, args);
    outside.push(host);
    const error = Object.assign(new Error(`no way to ${host}`), { code: 'ENETUNREACH' });
    // Later, as a real connection would fail: nobody listens yet.
    Object.defineProperty(this, 'connecting', { value: true });
    setImmediate(() => this.destroy(error));
    return this;
  };
}

/** Names of the test's own web; how often each was looked up decides what a rebinding name says. */
function createResolver(): (hostname: string) => Promise<readonly string[]> {
  const lookUps = new Map<string, number>();
  return (hostname) => {
    const times = lookUps.get(hostname) ?? 0;
    lookUps.set(hostname, times + 1);
    const answers = caseOf(hostname)?.resolvesTo ?? [['127.0.0.1']];
    return Promise.resolve(answers[Math.min(times, answers.length - 1)] ?? []);
  };
}

function openCrawler(limits: Partial<FetchLimits>, baseUrl = ''): Crawler {
  const cases = CASES.map((_, at) => hostOf(at)).filter((host) => caseOf(host)?.allowed !== false);
  return createCrawler({
    userAgent: 'GraftTest/1.0 (+https://example.org/contact)',
    settings: baseUrl ? { 'gallery.baseUrl': baseUrl } : {},
    allowPrivateHosts: [
      ...cases,
      ...GOOD_HOSTS,
      ...LARGE_HOSTS,
      ...Object.values(PROVIDER_HOSTS),
      RESET_HOST,
      RESET_ONCE_HOST,
    ],
    resolve: createResolver(),
    limits,
  });
}

/** 'fetched' only for exactly the bytes that were sent. */
function nameOf(outcome: FetchOutcome): string {
  if (outcome.kind === 'dropped') return outcome.reason;
  return PNG.equals(outcome.bytes) ? 'fetched' : 'other bytes';
}

async function visit(crawler: Crawler, at: number, ports: Ports): Promise<Seen> {
  const outcome = await crawler.fetchImage({ imageUrl: urlOf(at, ports) });
  const detail = outcome.kind === 'dropped' ? outcome.detail : '';
  if (CASES[at]?.goodBeside === false) return { what: nameOf(outcome), detail, beside: null };
  const beside = await crawler.fetchImage({ imageUrl: `http://${hostOf(at)}:${ports.http}/good.png` });
  return { what: nameOf(outcome), detail, beside: nameOf(beside) };
}

async function crawlCases(
  ports: Ports,
): Promise<Pick<HostileReport, 'cases' | 'resets' | 'resetsOnce' | 'good'>> {
  const crawler = openCrawler(SHORT);
  const nameAt = async (url: string): Promise<string> => nameOf(await crawler.fetchImage({ imageUrl: url }));
  const positions = Array.from({ length: WHOLE_REPLY.length + 1 }, (_, at) => at);
  // All at once: whatever a bad host does, it does beside the good ones.
  const [cases, resets, resetsOnce, good] = await Promise.all([
    Promise.all(CASES.map((_, at) => visit(crawler, at, ports))),
    Promise.all(positions.map((at) => nameAt(`http://${RESET_HOST}:${ports.http}/${at}`))),
    Promise.all(positions.map((at) => nameAt(`http://${RESET_ONCE_HOST}:${ports.http}/${at}`))),
    Promise.all(
      Array.from({ length: GOOD_PICTURES }, (_, at) =>
        nameAt(`http://${GOOD_HOSTS[at % GOOD_HOSTS.length]}:${ports.http}/${at}`),
      ),
    ),
  ]);
  await crawler.close();
  return {
    cases,
    resets,
    resetsOnce,
    good: { asked: good.length, arrived: good.filter((name) => name === 'fetched').length },
  };
}

/** Large pictures and large bombs together under the limits of use, each hashed and let go, as a run does. */
async function crawlLarge(ports: Ports): Promise<HostileReport['large']> {
  const crawler = openCrawler({ perHostIntervalMs: 0 });
  const large: HostileReport['large'] = { asked: LARGE_PICTURES, arrived: 0, bombs: {} };
  const one = async (at: number, kind: '' | 'bomb-'): Promise<void> => {
    const url = `http://${LARGE_HOSTS[at % LARGE_HOSTS.length]}:${ports.http}/${kind}${at}`;
    const outcome = await crawler.fetchImage({ imageUrl: url });
    if (kind !== '') large.bombs[nameOf(outcome)] = (large.bombs[nameOf(outcome)] ?? 0) + 1;
    else if (outcome.kind === 'fetched') {
      if (createHash('sha256').update(outcome.bytes).digest('hex') === LARGE_SHA256) large.arrived++;
      outcome.release?.();
    }
  };
  const hand = pLimit(24);
  await Promise.all(
    Array.from({ length: LARGE_PICTURES }, (_, at) => [
      hand(one, at, ''),
      ...(at < 12 ? [hand(one, at, 'bomb-' as const)] : []),
    ]).flat(),
  );
  await crawler.close();
  return large;
}

async function searchAt(host: string, ports: Ports): Promise<string> {
  const crawler = openCrawler(SHORT, `http://${host}:${ports.http}`);
  let found = 0;
  try {
    for await (const _ of crawler.search({ provider: 'gallery', query: 'cat' })) found++;
    return `ends after ${found}`;
  } catch (error) {
    return error instanceof ProviderError ? `${error.reason} after ${found}` : String(error);
  } finally {
    await crawler.close();
  }
}

async function crawl(ports: Ports): Promise<HostileReport> {
  stayInside();
  const done = await crawlCases(ports);
  const providers = {
    repeats: await searchAt(PROVIDER_HOSTS.repeats, ports),
    changes: await searchAt(PROVIDER_HOSTS.changes, ports),
  };
  const peakAfterCasesBytes = await peakRssBytes();
  const large = await crawlLarge(ports);
  return { ...done, providers, large, outside, peakAfterCasesBytes, peakRssBytes: await peakRssBytes() };
}

answer<Ports>(crawl);
