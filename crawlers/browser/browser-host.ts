import pLimit from 'p-limit';
import type { Browser, BrowserContext, Page, Route } from 'playwright';
import { ProviderError, THIS_MACHINE } from '../errors.js';
import { AddressGuard, type Resolver } from '../http/address-guard.js';
import { parseHttpUrl, type HttpClient } from '../http/client.js';
import { linkAbort } from '../http/abort.js';
import type { Failure } from '../http/result.js';
import type { HarvestRecipe } from '../provider.js';
import { findChromium } from './find-chromium.js';
import { GuardProxy } from './guard-proxy.js';
import { PageHarvester, VisitError, type Harvest } from './harvest.js';
import type { BrowserLimits } from './limits.js';
import { toVisitProblem } from './visit-problem.js';

/** What pages are rendered with. */
export interface BrowserHostOptions {
  userAgent: string;
  allowPrivateHosts: readonly string[];
  resolve: Resolver;
  now: () => number;
  connectTimeoutMs: number;
  /** Path of the browser; found by itself when not given. */
  path: string | undefined;
  limits: BrowserLimits;
}

/** One page to open and read. */
export interface Visit {
  /** Named in errors. */
  provider: string;
  url: string;
  recipe: HarvestRecipe;
  signal?: AbortSignal;
}

/** What is not needed to see which pictures a page has. */
const BLOCKED_TYPES: ReadonlySet<string> = new Set([
  'media',
  'font',
  'websocket',
  'eventsource',
  'manifest',
  'ping',
]);

const LAUNCH_ARGS: readonly string[] = [
  '--disable-smooth-scrolling',
  '--disable-quic',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
];

/** Nothing listens there: what does not go through a visit's own proxy goes nowhere. */
const NO_PROXY = { server: 'http://127.0.0.1:9' };

/** Asks robots.txt whether a page may be opened, by opening it without rendering; `null` when it may. */
export async function robotsRefusal(
  client: HttpClient,
  url: string,
  signal?: AbortSignal,
): Promise<Failure | null> {
  const result = await client.get({ url, robots: true, body: { maxBytes: 1, overflow: 'cut' }, signal });
  return result.ok ? null : result;
}

/**
 * Renders pages in Chromium. The browser starts with the first visit and ends with the last, so that nobody pays for it
 * who does not use it; each visit has a context and a guarded way out of its own, and both are closed whatever happens.
 */
export class BrowserHost {
  private readonly limit;
  private readonly guard: AddressGuard;
  private readonly closing = new AbortController();
  private browser: Promise<Browser> | null = null;
  private visits = 0;

  constructor(private readonly options: BrowserHostOptions) {
    this.limit = pLimit(options.limits.concurrency);
    this.guard = new AddressGuard(options.allowPrivateHosts, options.resolve, options.now);
  }

  /**
   * Opens a page, passes its consent page, scrolls to its end and reads it on the way. Bounded in time and rows.
   * @throws ProviderError when there is no browser, or the page cannot be had or read
   * @throws the reason of the signal
   */
  visit(visit: Visit): Promise<Harvest> {
    return this.limit(async () => {
      visit.signal?.throwIfAborted();
      return this.withBrowser(visit.provider, (browser) => this.guarded(browser, visit));
    });
  }

  /** Ends every visit and the browser. */
  async close(): Promise<void> {
    this.closing.abort(new Error('the crawler was closed'));
    const browser = await this.browser?.catch(() => null);
    await browser?.close();
  }

  private async withBrowser<T>(provider: string, use: (browser: Browser) => Promise<T>): Promise<T> {
    this.visits += 1;
    try {
      this.closing.signal.throwIfAborted();
      this.browser ??= this.launch(provider);
      return await use(await this.browser);
    } finally {
      this.visits -= 1;
      if (this.visits === 0) await this.endBrowser();
    }
  }

  private async endBrowser(): Promise<void> {
    const ending = this.browser;
    this.browser = null;
    const browser = await ending?.catch(() => null);
    await browser?.close();
  }

  private async launch(provider: string): Promise<Browser> {
    const fail = (detail: string): ProviderError =>
      new ProviderError(provider, THIS_MACHINE, 'needs-browser', detail);
    const { chromium } = await import('playwright').catch(() => {
      throw fail('the package playwright is not installed');
    });
    const { path } = this.options;
    const executablePath = await findChromium(path, chromium.executablePath());
    if (!executablePath) throw fail(path ? `${path} is no program` : 'no Chromium was found');
    const start = (chromiumSandbox: boolean): Promise<Browser> =>
      chromium.launch({ executablePath, chromiumSandbox, args: [...LAUNCH_ARGS], proxy: NO_PROXY });
    // Chromium refuses its sandbox to root and in many containers; there the container is the sandbox.
    return start(true)
      .catch(() => start(false))
      .catch((error: Error) => {
        throw fail(`${executablePath} does not start: ${firstLine(error)}`);
      });
  }

  /** Gives a visit its way out and its clock, and takes both away again. */
  private async guarded(browser: Browser, visit: Visit): Promise<Harvest> {
    const { limits, connectTimeoutMs } = this.options;
    const proxy = new GuardProxy({ guard: this.guard, connectTimeoutMs, maxBytes: limits.maxBytes });
    const stop = new AbortController();
    const unlink = linkAbort(stop, [visit.signal, this.closing.signal]);
    const timer = setTimeout(
      () => stop.abort(new VisitTimeout(limits.visitTimeoutMs)),
      limits.visitTimeoutMs,
    );
    try {
      return await this.inContext(browser, proxy, stop.signal, (page) => harvest(page, visit, limits));
    } catch (error) {
      visit.signal?.throwIfAborted();
      this.closing.signal.throwIfAborted();
      throw toVisitProblem(
        visit,
        (stop.signal.aborted ? stop.signal.reason : error) as Error,
        proxy.refusals,
      );
    } finally {
      clearTimeout(timer);
      unlink();
      await proxy.close();
    }
  }

  private async inContext(
    browser: Browser,
    proxy: GuardProxy,
    signal: AbortSignal,
    use: (page: Page) => Promise<Harvest>,
  ): Promise<Harvest> {
    const context = await browser.newContext({
      proxy: await proxy.start(),
      userAgent: this.userAgent(browser.version()),
      acceptDownloads: false,
      serviceWorkers: 'block',
      viewport: { width: 1366, height: 900 },
      locale: 'en-US',
    });
    const end = (): void => void context.close().catch(() => undefined);
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      return await use(await this.openPage(context));
    } finally {
      signal.removeEventListener('abort', end);
      await context.close();
    }
  }

  /** The one page of a context; others that it opens are closed. */
  private async openPage(context: BrowserContext): Promise<Page> {
    let requests = 0;
    await context.route('**/*', (route: Route) => {
      requests += 1;
      const blocked =
        BLOCKED_TYPES.has(route.request().resourceType()) || requests > this.options.limits.maxRequests;
      return blocked ? route.abort('blockedbyclient') : route.continue();
    });
    const page = await context.newPage();
    context.on('page', (other) => void other.close().catch(() => undefined));
    return page;
  }

  /** Says what renders the page and who asked for it, in the way of crawlers that render: a browser's name, then ours. */
  private userAgent(version: string): string {
    const major = version.split('.')[0];
    return `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${major}.0.0.0 Safari/537.36 ${this.options.userAgent}`;
  }
}

const firstLine = (error: Error): string => error.message.split('\n')[0] ?? '';

class VisitTimeout extends Error {
  constructor(timeoutMs: number) {
    super(`the page was not done after ${timeoutMs} ms`);
  }
}

async function harvest(page: Page, { url, recipe }: Visit, limits: BrowserLimits): Promise<Harvest> {
  const start = parseHttpUrl(url);
  if (!(start instanceof URL)) throw new VisitError(start);
  const harvester = new PageHarvester(page, start.href, recipe, limits);
  try {
    await harvester.run();
  } catch (error) {
    // What was read before a page broke or its time was over is as good as the rest.
    if (harvester.harvest.rows.length === 0) throw error;
  }
  return harvester.harvest;
}
