import { Inject, Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import type { TrialView } from '../runs/run.js';
import type { Database } from '../storage/database.js';
import { trials } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

/** SQL of the stage trials. */
@Injectable()
export class TrainingRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Writes the leaderboard of a run in one piece; a trials stage that is done again replaces an unfinished one. */
  async saveTrials(runId: string, views: readonly TrialView[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await tx.delete(trials).where(eq(trials.runId, runId));
      for (const [position, view] of views.entries())
        await tx.insert(trials).values({ runId, position, ...view });
    });
  }
}
