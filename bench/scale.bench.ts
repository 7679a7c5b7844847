import { startPostgres } from '../tests/support/postgres.js';
import { crawlRates, type CrawlRate } from './scale/crawl-rate.js';
import { queueRate, type QueueRate } from './scale/queue-rate.js';

/** What more workers bring, and what the queue bears; about three minutes, with PostgreSQL. */
export async function run(): Promise<{ queue: QueueRate; crawl: CrawlRate[] }> {
  const database = await startPostgres();
  if (!database) throw new Error('No PostgreSQL here; on Debian: apt-get install postgresql');
  try {
    return { queue: await queueRate(database.url), crawl: await crawlRates(database.url, [1, 2, 4]) };
  } finally {
    await database.stop();
  }
}
