import pLimit from 'p-limit';
import { createCrawler, type FetchLimits } from '../../crawlers/index.js';
import { createFileBlobStore } from '../../src/storage/blob-store.js';
import { answer, peakRssBytes } from '../child.js';

/** What to fetch, and where to. */
export interface CrawlRequest {
  urls: readonly string[];
  hosts: readonly string[];
  folder: string;
  limits: Partial<FetchLimits>;
  /** Pictures in hand at once: more than requests, since they are also stored. */
  inHand: number;
}

/** What came of it. */
export interface CrawlReport {
  ms: number;
  cpuMs: number;
  pictures: number;
  bytes: number;
  dropped: Record<string, number>;
  peakRssBytes: number;
}

/** Fetches, hashes and stores durably, as a run's fetch stage does. */
async function crawl({ urls, hosts, folder, limits, inHand }: CrawlRequest): Promise<CrawlReport> {
  const crawler = createCrawler({
    userAgent: 'GraftBench/1.0',
    settings: {},
    allowPrivateHosts: hosts,
    limits,
  });
  const blobs = createFileBlobStore(folder);
  const report: CrawlReport = { ms: 0, cpuMs: 0, pictures: 0, bytes: 0, dropped: {}, peakRssBytes: 0 };
  const stored = new Set<string>();
  const one = async (imageUrl: string): Promise<void> => {
    const outcome = await crawler.fetchImage({ imageUrl });
    if (outcome.kind === 'dropped') {
      report.dropped[outcome.reason] = (report.dropped[outcome.reason] ?? 0) + 1;
      return;
    }
    stored.add(await blobs.put(outcome.bytes));
    report.bytes += outcome.bytes.length;
    outcome.release?.();
  };
  const [startMs, startCpu] = [performance.now(), process.cpuUsage()];
  const hand = pLimit(inHand);
  await Promise.all(urls.map((url) => hand(one, url)));
  report.ms = performance.now() - startMs;
  const { user, system } = process.cpuUsage(startCpu);
  report.cpuMs = (user + system) / 1000;
  await crawler.close();
  return { ...report, pictures: stored.size, peakRssBytes: await peakRssBytes() };
}

answer<CrawlRequest>(crawl);
