import http from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  createCrawler,
  type Crawler,
  type CrawlerOptions,
  type FetchLimits,
} from '../../../crawlers/index.js';

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void;

/** The smallest real PNG: one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** No politeness among tests, and time enough that a machine which stands still for a while fails none of them. */
export const LOOPBACK: Partial<FetchLimits> = {
  maxBytes: 64 * 1024,
  connectTimeoutMs: 20_000,
  firstByteTimeoutMs: 20_000,
  totalTimeoutMs: 30_000,
  perHostIntervalMs: 0,
};

/** For servers that hang, so that the test need not wait long for the end. */
export const IMPATIENT: Partial<FetchLimits> = { firstByteTimeoutMs: 800, totalTimeoutMs: 1200 };

export function sendPng(response: http.ServerResponse, headers: http.OutgoingHttpHeaders = {}): void {
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': PNG.length, ...headers }).end(PNG);
}

/** Real servers on 127.0.0.1, reached by invented names, and the crawlers that visit them. */
export class LoopbackWeb {
  readonly waits: number[] = [];
  /** Names looked up, in order. */
  readonly resolved: string[] = [];
  /** 'METHOD host path' of every request that reached a server. */
  readonly requests: string[] = [];
  private readonly servers: http.Server[] = [];
  private readonly crawlers: Crawler[] = [];

  /** Starts a server; robots.txt is answered with 404 unless the handler is asked for it. */
  async serve(handler: Handler, options: { ownRobots?: boolean } = {}): Promise<number> {
    const server = http.createServer((request, response) => {
      this.requests.push(`${request.headers.host?.split(':')[0]} ${request.url}`);
      if (request.url === '/robots.txt' && !options.ownRobots) response.writeHead(404).end();
      else handler(request, response);
    });
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** A crawler for which every name is 127.0.0.1, unless `options` say otherwise, and no wait takes time. */
  crawler(options: Partial<CrawlerOptions> = {}): Crawler {
    const crawler = createCrawler({
      userAgent: 'GraftTest/1.0 (+https://example.org/contact)',
      settings: {},
      allowPrivateHosts: ['cats.test', 'dogs.test'],
      resolve: (hostname) => {
        this.resolved.push(hostname);
        return Promise.resolve(['127.0.0.1']);
      },
      wait: (ms) => {
        this.waits.push(ms);
        return Promise.resolve();
      },
      random: () => 0.5,
      ...options,
      limits: { ...LOOPBACK, ...options.limits },
    });
    this.crawlers.push(crawler);
    return crawler;
  }

  async close(): Promise<void> {
    for (const crawler of this.crawlers) await crawler.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}
