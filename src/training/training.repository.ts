import { Inject, Injectable } from '@nestjs/common';
import { eq, max } from 'drizzle-orm';
import type { PackageManifest } from '../../zoo/index.js';
import type { ModelSummary, TrialView } from '../runs/run.js';
import type { Database } from '../storage/database.js';
import { modelAliases, models, trials } from '../storage/schema.js';
import { DATABASE, CLOCK, type Clock } from '../storage/tokens.js';

export interface NewModel {
  readonly projectId: string;
  readonly runId: string;
  readonly folder: string;
  readonly summary: ModelSummary;
  readonly manifest: PackageManifest;
}

/** SQL of the stages trials and package. */
@Injectable()
export class TrainingRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Writes the leaderboard of a run in one piece; a trials stage that is done again replaces an unfinished one. */
  async saveTrials(runId: string, views: readonly TrialView[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await tx.delete(trials).where(eq(trials.runId, runId));
      for (const [position, view] of views.entries())
        await tx.insert(trials).values({ runId, position, ...view });
    });
  }

  async nextVersion(projectId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ version: max(models.version) })
      .from(models)
      .where(eq(models.projectId, projectId));
    return (row?.version ?? 0) + 1;
  }

  /** Registers the packaged model as a version of its project and makes it the champion. Idempotent by run. */
  async register(model: NewModel): Promise<void> {
    const version = await this.nextVersion(model.projectId);
    await this.database.db.transaction(async (tx) => {
      const [row] = await tx
        .insert(models)
        .values({ ...model, version })
        .onConflictDoNothing({ target: models.runId })
        .returning({ id: models.id });
      if (!row) return;
      const alias = { modelId: row.id, updatedAt: this.clock.now() };
      await tx
        .insert(modelAliases)
        .values({ projectId: model.projectId, alias: 'champion', ...alias })
        .onConflictDoUpdate({ target: [modelAliases.projectId, modelAliases.alias], set: alias });
    });
  }
}
