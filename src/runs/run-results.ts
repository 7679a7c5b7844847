import { Inject, Injectable } from '@nestjs/common';
import { and, asc, count, eq, isNull } from 'drizzle-orm';
import { SearchReport } from '../collect/search-report.js';
import { VersionsRepository } from '../dataset/versions/versions.repository.js';
import type { Report } from '../http/api.js';
import type { Database } from '../storage/database.js';
import { curationReports, models, runs, selections, splits, trials } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';
import { GraftError } from './errors.js';
import { countRun } from './run-counts.js';
import type { CategorySearch, TrialView } from './run.js';
import type { SelectionView } from './selection.js';
import { markPareto, withCost } from './trial-view.js';
import { RunEvidence } from './run-evidence.js';
import { RunsRepository } from './runs.repository.js';
import type { RunRecord } from './stage.js';

/** What a run has come to: its trials, its split, its model, and the report made of them. */
@Injectable()
export class RunResults {
  constructor(
    private readonly repository: RunsRepository,
    private readonly searches: SearchReport,
    private readonly versions: VersionsRepository,
    private readonly evidence: RunEvidence,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  async modelIdOf(runId: string): Promise<string | null> {
    const [row] = await this.database.db
      .select({ id: models.id })
      .from(models)
      .where(eq(models.runId, runId));
    return row?.id ?? null;
  }

  /** The leaderboard, best first. */
  async trialsOf(runId: string): Promise<TrialView[]> {
    const rows = await this.database.db
      .select()
      .from(trials)
      .where(eq(trials.runId, runId))
      .orderBy(asc(trials.position));
    return markPareto(rows);
  }

  async selectionOf(runId: string): Promise<SelectionView | null> {
    const [row] = await this.database.db.select().from(selections).where(eq(selections.runId, runId));
    return row ? { leftOut: [], ...row.summary } : null;
  }

  async splitOf(runId: string): Promise<Report['split']> {
    const rows = await this.database.db
      .select({ part: splits.part, pictures: count() })
      .from(splits)
      .where(and(eq(splits.runId, runId), isNull(splits.reason)))
      .groupBy(splits.part);
    const of = (part: string): number => rows.find((row) => row.part === part)?.pictures ?? 0;
    return { train: of('train'), validation: of('validation'), test: of('test') };
  }

  async leakDeltaOf(runId: string): Promise<Report['leakDelta']> {
    const [row] = await this.database.db
      .select({ leakDelta: curationReports.leakDelta })
      .from(curationReports)
      .where(eq(curationReports.runId, runId));
    return row?.leakDelta ?? null;
  }

  /** What was searched for each category, and why it stopped. */
  async searchOf(run: RunRecord): Promise<CategorySearch[]> {
    return this.searches.of(run, await this.repository.categoriesOf(run.projectId));
  }

  /** @throws GraftError 409 while the run has no model */
  async report(runId: string): Promise<Report> {
    const [model] = await this.database.db.select().from(models).where(eq(models.runId, runId));
    if (!model) throw await this.noReport(runId);
    const [run] = await this.database.db.select().from(runs).where(eq(runs.id, runId));
    const categories = await this.repository.categoriesOf(model.projectId);
    const all = await this.trialsOf(runId);
    return {
      runId: run?.id ?? runId,
      modality: run?.settings.modality ?? 'image',
      categories: categories.map((category) => category.name),
      counts: await countRun(this.database, runId),
      search: run ? await this.searchOf(run) : [],
      split: await this.splitOf(runId),
      dataset: await this.versions.versionOfRun(runId),
      leakDelta: await this.leakDeltaOf(runId),
      trials: all.flatMap(({ state: _state, reason: _reason, validation, ...trial }) =>
        validation ? [{ ...trial, validation }] : [],
      ),
      selection: await this.selectionOf(runId),
      selected: withCost(model.summary),
      ...(await this.evidence.of(runId)),
      package: model.folder,
    };
  }

  private async noReport(runId: string): Promise<GraftError> {
    const run = await this.repository.find(runId);
    return new GraftError({
      code: 'no-model-yet',
      message: run ? `The run ${runId} has no model: it is ${run.state}.` : `There is no run ${runId}.`,
      fix: run?.error?.fix ?? 'Wait until the run has succeeded (GET /api/runs/{runId}/events).',
      status: run ? 409 : 404,
    });
  }
}
