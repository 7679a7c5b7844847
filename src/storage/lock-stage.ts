import { and, eq } from 'drizzle-orm';
import type { Transaction } from './database.js';
import { runs } from './schema.js';

/** Any stage of a run, as its record names it. */
type StageOfRun = (typeof runs.$inferSelect)['stage'];

/** The run went on without this worker: it was paused, or cut off, for longer than its lease. */
export class StageOverError extends Error {
  override name = 'StageOverError';
}

/**
 * Begins what a stage replaces as a whole. Two workers may believe that they lead it, for a moment: one waits here for the other, and
 * whoever comes when the run has gone on writes nothing. Call it first in the transaction.
 * @throws StageOverError
 */
export async function lockStage(tx: Transaction, runId: string, stage: StageOfRun): Promise<void> {
  const rows = await tx
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.id, runId), eq(runs.stage, stage)))
    .for('update');
  if (rows.length === 0) throw new StageOverError(`The run ${runId} is not at its stage ${stage} any more.`);
}
