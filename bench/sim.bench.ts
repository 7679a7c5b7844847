import { createRng } from '../zoo/index.js';
import { boundOfCrawl, simulateCrawl, type CrawlPlan } from './sim/crawl.js';
import { simulateQueue } from './sim/queue.js';

/** As Graft comes: two dozen hosts and a dozen downloads at a time, ten a second of a host; half a second an answer. */
const CRAWL = { hostsInHand: 24, inHand: 12, paceS: 0.1, latencyS: 0.5 };

const CRAWLS: Readonly<Record<string, CrawlPlan>> = {
  '10^6, 200 hosts alike, 1 worker': { ...CRAWL, pictures: 1e6, hosts: 200, workers: 1, skew: 0 },
  '10^6, 200 hosts alike, 10 workers': { ...CRAWL, pictures: 1e6, hosts: 200, workers: 10, skew: 0 },
  '10^6, 200 hosts by Zipf, 10 workers': { ...CRAWL, pictures: 1e6, hosts: 200, workers: 10, skew: 1 },
  '10^6, 20,000 hosts by Zipf, 10 workers': { ...CRAWL, pictures: 1e6, hosts: 20_000, workers: 10, skew: 1 },
  '10^6, 20,000 hosts alike, 100 workers': { ...CRAWL, pictures: 1e6, hosts: 20_000, workers: 100, skew: 0 },
};

/** Too many to walk through one by one: the bound that the others keep to. */
const VAST: Readonly<Record<string, CrawlPlan>> = {
  '10^9, 200 hosts alike, 10 workers': { ...CRAWL, pictures: 1e9, hosts: 200, workers: 10, skew: 0 },
  '10^9, 10^5 hosts alike, 100 workers': { ...CRAWL, pictures: 1e9, hosts: 1e5, workers: 100, skew: 0 },
  '10^9, 10^5 hosts by Zipf, 100 workers': { ...CRAWL, pictures: 1e9, hosts: 1e5, workers: 100, skew: 1 },
};

/** A thousand projects of 10^4 pictures: the minutes that docs/scale.md reckons for each kind of work. */
const LANES = [
  { name: 'fetch', seconds: 300, workers: 10 },
  { name: 'inspect', seconds: 60, workers: 10 },
  { name: 'features', seconds: 60, workers: 100 },
  { name: 'trials', seconds: 300, workers: 10 },
];
const QUEUE = { projects: 1000, runsPerDay: 1, days: 2, lanes: LANES };

/** Queue and crawl beyond what a test can run: events on a clock of their own; two minutes. */
export function run(): Promise<unknown> {
  const rng = createRng('sim');
  const walked = Object.entries(CRAWLS).map(([name, plan]) => [name, simulateCrawl(plan, rng.fork(name))]);
  const reckoned = Object.entries(VAST).map(([name, plan]) => [name, boundOfCrawl(plan)]);
  return Promise.resolve({
    crawl: Object.fromEntries(walked) as unknown,
    crawlBounds: Object.fromEntries(reckoned) as unknown,
    queue: {
      'a run a day each': simulateQueue({ ...QUEUE, burst: 0 }, rng.fork('day')),
      'six runs a day each': simulateQueue({ ...QUEUE, runsPerDay: 6, burst: 0 }, rng.fork('six')),
      'a run a day each, one project starts 500 at once': simulateQueue(
        { ...QUEUE, burst: 500 },
        rng.fork('burst'),
      ),
    },
  });
}
