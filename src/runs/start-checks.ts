import { Injectable } from '@nestjs/common';
import { CrawlerHost } from '../collect/crawler-host.js';
import type { RunSettings } from '../config/settings.js';
import type { ProjectView } from '../http/api.js';
import { modalities } from '../modalities/registry.js';
import { ProjectZoo } from '../training/project-zoo.js';
import { checkEnough } from './check-enough.js';
import { GraftError } from './errors.js';
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
  async settle(settings: RunSettings, { id, categories, modality }: ProjectView): Promise<RunSettings> {
    const { chooseBackbones, wording } = modalities[modality];
    if (modality === 'text') refuseSearch(settings.providers);
    const own = categories.reduce((sum, { uploads, urls }) => sum + uploads + urls, 0);
    const providers =
      settings.providers.length > 0 || own > 0 || modality === 'text'
        ? settings.providers
        : this.crawlers.defaultProviders();
    this.crawlers.checkProviders(providers);
    checkPhrases(settings, categories);
    if (providers.length === 0) checkEnough(categories, wording);
    const backbones = await chooseBackbones(await this.zoo.of(id), settings.backbones);
    return { ...settings, modality, providers, backbones };
  }
}

function refuseSearch(providers: readonly string[]): void {
  if (providers.length === 0) return;
  throw new GraftError({
    code: 'no-text-providers',
    message: 'Texts are not searched for: the providers find pictures.',
    fix: 'Leave the providers out and bring texts (POST /api/projects/{id}/texts, or --from on the command line).',
  });
}
