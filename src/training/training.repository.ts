import { Inject, Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import type { SelectionView } from '../runs/selection.js';
import type { StoredTrial } from '../runs/trial-view.js';
import type { Database } from '../storage/database.js';
import { lockStage } from '../storage/lock-stage.js';
import { selections, trials } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

/** SQL of the stage trials. */
@Injectable()
export class TrainingRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Writes the leaderboard of a run, and how its winner was chosen, in one piece; a trials stage that is done again replaces an unfinished one. */
  async saveTrials(runId: string, views: readonly StoredTrial[], summary: SelectionView): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'trials');
      await tx.delete(trials).where(eq(trials.runId, runId));
      for (const [position, view] of views.entries())
        await tx.insert(trials).values({ runId, position, ...view });
      await tx
        .insert(selections)
        .values({ runId, summary })
        .onConflictDoUpdate({ target: selections.runId, set: { summary } });
    });
  }
}
