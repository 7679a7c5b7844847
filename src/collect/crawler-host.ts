import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { createCrawler, getProvider, providers, type Crawler } from '../../crawlers/index.js';
import type { Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import { createGalleryHost, type GalleryHost } from '../gallery/gallery-host.js';
import { GraftError } from '../runs/errors.js';
import { ENV } from '../storage/tokens.js';

/** Owns the crawlers of this process, and the sample gallery when a run asks for it. */
@Injectable()
export class CrawlerHost implements OnApplicationShutdown {
  private readonly gallery: GalleryHost;
  private readonly crawlers = new Map<boolean, Promise<Crawler>>();

  constructor(@Inject(ENV) private readonly env: Env) {
    this.gallery = createGalleryHost(env.dataDir);
  }

  defaultProviders(): string[] {
    return providers.filter((provider) => provider.enabledByDefault).map((provider) => provider.id);
  }

  /** @throws GraftError naming the unknown provider and those there are */
  checkProviders(ids: readonly string[]): void {
    const unknown = ids.filter((id) => !providers.some((provider) => provider.id === id));
    if (unknown.length === 0) return;
    throw new GraftError({
      code: 'unknown-provider',
      message: `There is no provider ${unknown.join(', ')}.`,
      fix: `Choose among: ${providers.map((provider) => provider.id).join(', ')}.`,
    });
  }

  /** A crawler for these providers. The gallery's loopback address is opened only for runs that asked for the gallery. */
  crawlerFor(providerIds: readonly string[]): Promise<Crawler> {
    const withGallery = providerIds.some((id) => getProvider(id).id === 'gallery');
    let crawler = this.crawlers.get(withGallery);
    if (!crawler) {
      crawler = this.create(withGallery);
      this.crawlers.set(withGallery, crawler);
      crawler.catch(() => this.crawlers.delete(withGallery));
    }
    return crawler;
  }

  private async create(withGallery: boolean): Promise<Crawler> {
    const baseUrl = withGallery ? await this.gallery.baseUrl() : null;
    return createCrawler({
      userAgent: `graft/${VERSION} (${this.env.contact}) axios`,
      settings: baseUrl ? { 'gallery.baseUrl': baseUrl } : {},
      allowPrivateHosts: baseUrl
        ? [...this.env.allowPrivateHosts, new URL(baseUrl).host]
        : this.env.allowPrivateHosts,
    });
  }

  async onApplicationShutdown(): Promise<void> {
    for (const crawler of this.crawlers.values()) await (await crawler.catch(() => null))?.close();
    await this.gallery.close();
  }
}
