import { Injectable } from '@nestjs/common';
import {
  licenceAllows,
  type CandidatePool,
  type LicenceFilter,
  type PooledCandidate,
} from '../../crawlers/index.js';
import { DatasetRepository } from '../dataset/dataset.repository.js';
import type { CategorySearch } from '../runs/run.js';
import { GraftError } from '../runs/errors.js';
import type { CategoryRecord, Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { CollectRepository, URL_LIST } from './collect.repository.js';
import { SearchPools, type Pools } from './search-pools.js';
import { SearchReport } from './search-report.js';
import { describeSearch } from './search-summary.js';
import { SearchRepository, type LicenceCount } from './search.repository.js';
import { wantedNow } from './wanted.js';

/** Candidates written at once. */
const BATCH = 25;

type Wanted = ReadonlyMap<string, number>;

/** Finds candidates: own and listed pictures first, then the providers, until each category may hope for its target. */
@Injectable()
export class SearchStage implements Stage {
  readonly name = 'search';

  constructor(
    private readonly collected: CollectRepository,
    private readonly searches: SearchRepository,
    private readonly dataset: DatasetRepository,
    private readonly pools: SearchPools,
    private readonly report: SearchReport,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run } = context;
    await this.collected.addUploads(run.id, run.projectId);
    await this.collected.addListed(run.id, run.projectId);
    const providers = searchedProviders(run.settings.providers);
    if (providers.length > 0) await this.search(context, providers);
    else await this.showAll(context);
    return 'done';
  }

  private async search(context: StageContext, providers: readonly string[]): Promise<void> {
    const { run, categories } = context;
    const wanted = await this.wantedByCategory(context);
    const pools = await this.pools.of(context, providers);
    try {
      await this.searchAll(context, wanted, pools);
      const summary = await this.report.of(run, categories);
      if ((await this.collected.countCandidates(run.id)) === 0) throw nothingFound(categories, summary);
      context.progress(total(wanted), total(wanted), describeSearch(summary));
    } catch (error) {
      this.pools.close(run.id); // the next attempt starts from what is recorded
      throw error;
    }
    this.pools.forgetOthers(run.id);
  }

  private async showAll(context: StageContext): Promise<void> {
    const all = await this.collected.countCandidates(context.run.id);
    context.progress(all, all);
  }

  private async wantedByCategory({ run, categories }: StageContext): Promise<Wanted> {
    const kept = await this.dataset.keptCrawledByCategory(run.id);
    const before = await this.searches.countByLicence(run.id, run.round, 'earlier');
    const now = await this.searches.countByLicence(run.id, run.round, 'this');
    const target = run.settings.imagesPerCategory;
    const usable = (rows: readonly LicenceCount[], { id }: CategoryRecord): number =>
      rows
        .filter((row) => row.categoryId === id && licenceAllows(row.licence, run.settings.licence ?? 'any'))
        .reduce((sum, row) => sum + row.count, 0);
    const want = (category: CategoryRecord): number =>
      wantedNow({
        target,
        kept: kept.get(category.id) ?? 0,
        foundBefore: usable(before, category),
        foundNow: usable(now, category),
      });
    return new Map(categories.map((category) => [category.id, want(category)]));
  }

  private async searchAll(context: StageContext, wanted: Wanted, pools: Pools): Promise<void> {
    let done = 0;
    const onUsable = (): void => context.progress(++done, total(wanted));
    const tasks = context.categories.map(async ({ id }) => {
      const pool = pools.get(id);
      const count = wanted.get(id) ?? 0;
      if (pool && count > 0) await this.searchOne(context, { pool, count, onUsable });
    });
    const ended = await Promise.allSettled(tasks);
    context.signal.throwIfAborted();
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }

  private async searchOne({ run, signal }: StageContext, search: CategorySearchTask): Promise<void> {
    const { pool } = search;
    pool.widen(run.round);
    for (let left = search.count, taken = 1; left > 0; taken++) {
      const next = await pool.next();
      signal.throwIfAborted();
      if (!next) break;
      if (taken % BATCH === 0) await pool.flush();
      if (!isUsable(next, run.settings.licence ?? 'any')) continue;
      left -= 1;
      search.onUsable();
    }
    await pool.flush();
  }
}

interface CategorySearchTask {
  readonly pool: CandidatePool;
  /** Usable candidates to find. */
  readonly count: number;
  onUsable(): void;
}

/** Worth a download: no twin of another, under a licence that was asked for. */
const isUsable = ({ candidate, twinOf }: PooledCandidate, licence: LicenceFilter): boolean =>
  twinOf === null && licenceAllows(candidate.licence, licence);

/** Listed addresses are in the run already. */
const searchedProviders = (providers: readonly string[]): string[] =>
  providers.filter((provider) => provider !== URL_LIST);

const total = (wanted: Wanted): number => [...wanted.values()].reduce((sum, count) => sum + count, 0);

function nothingFound(categories: readonly CategoryRecord[], summary: readonly CategorySearch[]): GraftError {
  const failed = summary.some((one) => one.providers.some((provider) => provider.state === 'failed'));
  if (failed) {
    return new GraftError({
      code: 'no-provider-answered',
      message: describeSearch(summary),
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
