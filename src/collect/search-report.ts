import { Injectable } from '@nestjs/common';
import { LIMITS } from '../config/settings.js';
import { STAGES, type CategorySearch } from '../runs/run.js';
import type { CategoryRecord, RunRecord } from '../runs/stage.js';
import { summarise } from './search-summary.js';
import { SearchRepository } from './search.repository.js';

/** Tells of each category of a run what was searched, what was kept, and why the search stopped. */
@Injectable()
export class SearchReport {
  constructor(private readonly searches: SearchRepository) {}

  /** Empty for a run over own pictures alone. */
  async of(run: RunRecord, categories: readonly CategoryRecord[]): Promise<CategorySearch[]> {
    const [searches, yields] = await Promise.all([
      this.searches.searchesOf(run.id),
      this.searches.yields(run.id),
    ]);
    if (searches.length === 0 && yields.length === 0) return [];
    const judged = STAGES.indexOf(run.stage) >= STAGES.indexOf('dedupe');
    const roundsOver = judged && run.round + 1 >= LIMITS.maxRounds;
    const wanted = run.settings.imagesPerCategory;
    return categories.map((category) => summarise({ category, wanted, roundsOver, searches, yields }));
  }
}
