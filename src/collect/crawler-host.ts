import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import {
  createCrawler,
  getProvider,
  providers,
  type Crawler,
  type CrawlerOptions,
} from '../../crawlers/index.js';
import { variableOf, type Env } from '../config/env.js';
import { VERSION } from '../config/version.js';
import { createGalleryHost, type GalleryHost } from '../gallery/gallery-host.js';
import { GraftError } from '../runs/errors.js';
import { ENV } from '../storage/tokens.js';

/**
 * Refuses what is known to fail before any long work: providers that do not exist, whose terms forbid it, or whose key is
 * not set.
 * @throws GraftError
 */
export function checkProviders(ids: readonly string[], settings: Readonly<Record<string, string>>): void {
  const unknown = ids.filter((id) => !providers.some((provider) => provider.id === id));
  if (unknown.length > 0) throw unknownProvider(unknown);
  for (const provider of ids.map(getProvider)) {
    if (provider.kind === 'refused') throw refusedProvider(provider.id, provider.refusal);
    const unset = provider.needs.filter((name) => !settings[name]).flatMap((name) => variableOf(name) ?? []);
    if (unset.length > 0) throw keyMissing(provider.id, unset);
  }
}

const unknownProvider = (unknown: readonly string[]): GraftError =>
  new GraftError({
    code: 'unknown-provider',
    message: `There is no provider ${unknown.join(', ')}.`,
    fix: `Choose among: ${providers.map((provider) => provider.id).join(', ')}.`,
  });

const refusedProvider = (id: string, refusal: string): GraftError =>
  new GraftError({
    code: 'refused-provider',
    message: `Graft does not search ${id}: ${refusal}`,
    fix: 'Choose another provider with --provider.',
  });

const keyMissing = (id: string, variables: readonly string[]): GraftError =>
  new GraftError({
    code: 'needs-key',
    message: `The provider ${id} needs ${variables.join(' and ')}, which is not set.`,
    fix: `Set ${variables.join(' and ')} in the environment, or choose another provider with --provider.`,
  });

/** How the crawlers of this process behave. @param galleryUrl opened for the crawler when there is a gallery */
export const crawlerOptions = (env: Env, galleryUrl: string | null): CrawlerOptions => ({
  userAgent: `graft/${VERSION} (${env.contact}) axios`,
  settings: { ...env.providerSettings, ...(galleryUrl ? { 'gallery.baseUrl': galleryUrl } : {}) },
  allowPrivateHosts: galleryUrl
    ? [...env.allowPrivateHosts, new URL(galleryUrl).host]
    : env.allowPrivateHosts,
});

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

  /** @throws GraftError naming the providers that cannot be searched, and what to do about it */
  checkProviders(ids: readonly string[]): void {
    checkProviders(ids, this.env.providerSettings);
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
    return createCrawler(crawlerOptions(this.env, baseUrl));
  }

  async onApplicationShutdown(): Promise<void> {
    for (const crawler of this.crawlers.values()) await (await crawler.catch(() => null))?.close();
    await this.gallery.close();
  }
}
