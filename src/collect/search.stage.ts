import { Injectable } from '@nestjs/common';
import { DatasetRepository } from '../dataset/dataset.repository.js';
import { GraftError } from '../runs/errors.js';
import type { CategoryRecord, Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { CollectRepository } from './collect.repository.js';
import { CrawlerHost } from './crawler-host.js';
import { SearchPool, type SearchFailure } from './search-pool.js';

/** Some of what is found is always dropped; asking for a little more at once saves a round. */
const OVERSHOOT = 1.15;

/** Finds candidates: own pictures first, then the providers, until each category has enough to hope for its target. */
@Injectable()
export class SearchStage implements Stage {
  readonly name = 'search';
  /** Open searches by run and category, so that a further round goes on where the last one stopped. */
  private readonly pools = new Map<string, Map<string, SearchPool>>();

  constructor(
    private readonly collected: CollectRepository,
    private readonly dataset: DatasetRepository,
    private readonly crawlers: CrawlerHost,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories } = context;
    await this.collected.addUploads(run.id, run.projectId);
    if (run.settings.providers.length === 0) {
      const own = await this.collected.countCandidates(run.id);
      context.progress(own, own);
      return 'done';
    }
    const wanted = await this.wantedByCategory(context);
    const pools = await this.openPools(context);
    await this.searchAll(context, wanted, pools);
    this.forgetOtherRuns(run.id);
    const failures = categories.flatMap((category) => pools.get(category.id)?.failures ?? []);
    if ((await this.collected.countCandidates(run.id)) === 0) throw nothingFound(categories, failures);
    if (failures.length > 0) context.progress(total(wanted), total(wanted), describe(failures));
    return 'done';
  }

  /** New candidates to look for: what is missing to the target, less what this round has found before a restart. */
  private async wantedByCategory({ run, categories }: StageContext): Promise<Map<string, number>> {
    const kept = await this.dataset.keptCrawledByCategory(run.id);
    const found = await this.collected.countCrawledByCategory(run.id, run.round);
    const want = (category: CategoryRecord): number => {
      const missing = run.settings.imagesPerCategory - (kept.get(category.id) ?? 0);
      return missing <= 0 ? 0 : Math.max(0, Math.ceil(missing * OVERSHOOT) - (found.get(category.id) ?? 0));
    };
    return new Map(categories.map((category) => [category.id, want(category)]));
  }

  private async openPools(context: StageContext): Promise<Map<string, SearchPool>> {
    const { run, categories, signal } = context;
    signal.addEventListener('abort', () => this.close(run.id), { once: true });
    const known = this.pools.get(run.id);
    if (known) return known;
    const crawler = await this.crawlers.crawlerFor(run.settings.providers);
    const pools = new Map(
      categories.map((category) => [
        category.id,
        new SearchPool(crawler, run.settings.providers, category.name),
      ]),
    );
    this.pools.set(run.id, pools);
    return pools;
  }

  private close(runId: string): void {
    for (const pool of this.pools.get(runId)?.values() ?? []) pool.close();
    this.pools.delete(runId);
  }

  private async searchAll(
    context: StageContext,
    wanted: Map<string, number>,
    pools: Map<string, SearchPool>,
  ): Promise<void> {
    let done = 0;
    const tasks = context.categories.map(async (category) => {
      const pool = pools.get(category.id) as SearchPool;
      for (let added = 0; added < (wanted.get(category.id) ?? 0);) {
        context.signal.throwIfAborted();
        const candidate = await pool.next();
        if (!candidate) return;
        if (!(await this.collected.addCandidate(context.run.id, category.id, context.run.round, candidate)))
          continue;
        added += 1;
        context.progress(++done, total(wanted));
      }
    });
    await Promise.all(tasks);
  }

  private forgetOtherRuns(runId: string): void {
    // Searches hold no connections between pages, so forgetting is closing; two runs may be in hand at once.
    for (const other of [...this.pools.keys()].slice(0, -4)) if (other !== runId) this.close(other);
  }
}

const total = (wanted: Map<string, number>): number =>
  [...wanted.values()].reduce((sum, count) => sum + count, 0);

function describe(failures: readonly SearchFailure[]): string {
  const byProvider = new Map(failures.map((failure) => [failure.provider, failure.error.message]));
  return [...byProvider].map(([provider, message]) => `${provider}: ${message}`).join('; ');
}

function nothingFound(categories: readonly CategoryRecord[], failures: readonly SearchFailure[]): GraftError {
  if (failures.length > 0) {
    return new GraftError({
      code: 'no-provider-answered',
      message: describe(failures),
      fix: 'Try --provider gallery (built in, needs no internet) or --from DIR (your own pictures).',
      status: 502,
    });
  }
  return new GraftError({
    code: 'nothing-found',
    message: `No provider has a picture of ${categories.map((category) => category.name).join(', ')}.`,
    fix: 'Check the spelling, use plainer words, add providers with --provider, or bring pictures with --from DIR.',
    status: 422,
  });
}
