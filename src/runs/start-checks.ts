import { Injectable } from '@nestjs/common';
import { CrawlerHost } from '../collect/crawler-host.js';
import type { RunSettings } from '../config/settings.js';
import type { ProjectView } from '../http/api.js';
import { ProjectZoo } from '../training/project-zoo.js';
import { chooseBackbones } from '../training/zoo.js';
import { checkEnoughPictures } from './check-enough.js';
import { checkPhrases } from './check-phrases.js';

/** Everything about a run that can be known to fail is refused here, before any long work. */
@Injectable()
export class StartChecks {
  constructor(
    private readonly crawlers: CrawlerHost,
    private readonly zoo: ProjectZoo,
  ) {}

  /**
   * The settings with the providers and backbones that stand for "the usual ones" by name, so that the run stays the same
   * whatever is added later.
   *
   * @throws GraftError saying what cannot be done, and what to do
   */
  async settle(settings: RunSettings, { id, categories }: ProjectView): Promise<RunSettings> {
    const own = categories.reduce((sum, { uploads, urls }) => sum + uploads + urls, 0);
    const providers =
      settings.providers.length > 0 || own > 0 ? settings.providers : this.crawlers.defaultProviders();
    this.crawlers.checkProviders(providers);
    checkPhrases(settings, categories);
    if (providers.length === 0) checkEnoughPictures(categories);
    return {
      ...settings,
      providers,
      backbones: await chooseBackbones(await this.zoo.of(id), settings.backbones),
    };
  }
}
