import { Inject, Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, ne, type SQL } from 'drizzle-orm';
import { learningCurveSchema } from '../../zoo/index.js';
import { insertInParts } from '../dataset/insert-in-parts.js';
import type { Confusion, Evidence, PredictionPage, PredictionQuery } from '../http/api.js';
import type { Database } from '../storage/database.js';
import { lockStage } from '../storage/lock-stage.js';
import { heldOutPredictions, runEvidence } from '../storage/evidence-schema.js';
import { DATABASE } from '../storage/tokens.js';
import { GraftError } from './errors.js';

export type NewEvidence = typeof runEvidence.$inferInsert;
export type NewPrediction = typeof heldOutPredictions.$inferInsert;

/** SQL of what a run says about its own result. */
@Injectable()
export class RunEvidence {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** In one piece; a trials stage that is done again replaces an unfinished one. */
  async save(evidence: NewEvidence, predictions: readonly NewPrediction[]): Promise<void> {
    const { runId } = evidence;
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'trials');
      await tx.delete(runEvidence).where(eq(runEvidence.runId, runId));
      await tx.delete(heldOutPredictions).where(eq(heldOutPredictions.runId, runId));
      await tx.insert(runEvidence).values(evidence);
      await insertInParts(predictions, (part) => tx.insert(heldOutPredictions).values(part));
    });
  }

  /** For the report; what a run of an older version lacks is null. */
  async of(runId: string): Promise<Evidence> {
    const row = await this.find(runId);
    if (!row) return { learningCurve: null, diagnosis: [], confusion: null };
    const { diagnosis, labels } = row;
    // Runs of older versions lack what came later.
    const learningCurve = learningCurveSchema.parse(row.learningCurve);
    return { learningCurve, diagnosis, confusion: await this.confusionOf(runId, labels) };
  }

  /** @throws GraftError for a run that has none yet, or a category it does not have */
  async predictions(runId: string, query: PredictionQuery): Promise<PredictionPage> {
    const row = await this.find(runId);
    if (!row) throw noneYet(runId);
    const { labels } = row;
    const where = and(eq(heldOutPredictions.runId, runId), ...filters(query, labels));
    const [total] = await this.database.db.select({ count: count() }).from(heldOutPredictions).where(where);
    const rows = await this.database.db
      .select()
      .from(heldOutPredictions)
      .where(where)
      .orderBy(desc(heldOutPredictions.confidence), asc(heldOutPredictions.candidateId))
      .limit(query.limit)
      .offset(query.offset);
    const items = rows.map(({ candidateId, sha256, truth, predicted, confidence }) => ({
      imageId: candidateId,
      sha256,
      truth: labels[truth] ?? '',
      predicted: labels[predicted] ?? '',
      confidence,
    }));
    return { total: total?.count ?? 0, offset: query.offset, items };
  }

  private async find(runId: string) {
    const [row] = await this.database.db.select().from(runEvidence).where(eq(runEvidence.runId, runId));
    return row;
  }

  private async confusionOf(runId: string, labels: string[]): Promise<Confusion> {
    const { truth, predicted } = heldOutPredictions;
    const cells = await this.database.db
      .select({ truth, predicted, count: count() })
      .from(heldOutPredictions)
      .where(eq(heldOutPredictions.runId, runId))
      .groupBy(truth, predicted);
    const counts = labels.map((_, row) =>
      labels.map(
        (_, column) => cells.find((cell) => cell.truth === row && cell.predicted === column)?.count ?? 0,
      ),
    );
    return { labels, counts, pictures: cells.reduce((sum, cell) => sum + cell.count, 0) };
  }
}

function filters({ truth, predicted, wrong }: PredictionQuery, labels: readonly string[]): SQL[] {
  const table = heldOutPredictions;
  const conditions: SQL[] = [];
  if (truth !== undefined) conditions.push(eq(table.truth, classOf(truth, labels)));
  if (predicted !== undefined) conditions.push(eq(table.predicted, classOf(predicted, labels)));
  if (wrong !== undefined)
    conditions.push(wrong === 'true' ? ne(table.truth, table.predicted) : eq(table.truth, table.predicted));
  return conditions;
}

function classOf(name: string, labels: readonly string[]): number {
  const at = labels.indexOf(name);
  if (at >= 0) return at;
  throw new GraftError({
    code: 'unknown-category',
    message: `This run has no category ${JSON.stringify(name)}.`,
    fix: `Its categories are: ${labels.join(', ')}.`,
    status: 404,
  });
}

const noneYet = (runId: string): GraftError =>
  new GraftError({
    code: 'no-predictions-yet',
    message: `The run ${runId} has no predictions: its trials are not over.`,
    fix: 'Wait until the stage trials is done (GET /api/runs/{runId}/events).',
    status: 409,
  });
