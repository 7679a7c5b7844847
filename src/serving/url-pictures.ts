import type { OnApplicationShutdown } from '@nestjs/common';
import { createCrawler, FETCH_REASONS, type Crawler, type FetchOutcome } from '../../crawlers/index.js';
import { crawlerOptions } from '../collect/crawler-host.js';
import type { Env } from '../config/env.js';
import { PREDICT_LIMITS } from '../config/predict-limits.js';
import { GraftError } from '../runs/errors.js';
import type { PictureInput } from './picture-input.js';

/**
 * One person asks for one picture, once, and nothing is kept or trained on: so robots.txt and noai, which speak to crawlers, are
 * not asked, and nobody is made to wait for a host's pace. The guard against private addresses holds as it does everywhere.
 */
const LIMITS = {
  maxBytes: PREDICT_LIMITS.maxPictureBytes,
  connectTimeoutMs: 5_000,
  firstByteTimeoutMs: 10_000,
  totalTimeoutMs: 20_000,
  maxAttempts: 1,
  perHostIntervalMs: 0,
  perHostConcurrency: 8,
  concurrency: 8,
  respectRobots: false,
  respectNoAi: false,
};

/** Fetches the pictures whose addresses a predict request names. */
export class UrlPictures implements OnApplicationShutdown {
  private crawler: Crawler | null = null;
  private underWay = 0;

  constructor(private readonly env: Env) {}

  /** @throws GraftError 429 when too many addresses are under way */
  async fetchAll(urls: readonly string[]): Promise<PictureInput[]> {
    if (urls.length === 0) return [];
    if (this.underWay + urls.length > PREDICT_LIMITS.maxFetches) throw tooManyFetches(this.underWay);
    this.underWay += urls.length;
    try {
      return await Promise.all(urls.map((url) => this.fetch(url)));
    } finally {
      this.underWay -= urls.length;
    }
  }

  private async fetch(url: string): Promise<PictureInput> {
    this.crawler ??= createCrawler({ ...crawlerOptions(this.env, null), limits: LIMITS });
    const outcome = await this.crawler.fetchImage({ imageUrl: url });
    if (outcome.kind === 'dropped') return { file: url, error: errorOf(outcome) };
    const bytes = Uint8Array.from(outcome.bytes); // the crawler's memory goes to its next download
    outcome.release?.();
    return { file: url, bytes };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.crawler?.close();
  }
}

/** To a stranger, what lies behind a name inside this network is nobody's business: the reason alone is told. */
function errorOf({ reason, detail }: Extract<FetchOutcome, { kind: 'dropped' }>): {
  code: string;
  message: string;
} {
  const known = (FETCH_REASONS as Readonly<Record<string, string>>)[reason];
  return { code: reason, message: reason === 'private-address' ? (known ?? reason) : detail };
}

const tooManyFetches = (underWay: number): GraftError =>
  new GraftError({
    code: 'busy',
    message: `${underWay} pictures are being fetched from their addresses, and no more are taken in.`,
    fix: 'Try again in 5 s, or send the pictures themselves.',
    status: 429,
    retryAfterS: 5,
  });
