import { Inject, Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, gt, gte, isNotNull, lt, sql } from 'drizzle-orm';
import { insertInParts } from '../dataset/insert-in-parts.js';
import type { Monitoring, PredictionLog } from '../http/api/monitoring.js';
import type { Database } from '../storage/database.js';
import { predictions } from '../storage/operations-schema.js';
import { DATABASE } from '../storage/tokens.js';

export type NewPrediction = Omit<typeof predictions.$inferInsert, 'id'>;

/** A live prediction, as the drift checks see it. */
export interface LivePrediction {
  readonly id: number;
  readonly confidence: number;
  readonly sketch: readonly number[] | null;
}

/** SQL of the prediction log. */
@Injectable()
export class PredictionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  async add(rows: readonly NewPrediction[]): Promise<void> {
    await insertInParts(rows, (part) => this.database.db.insert(predictions).values(part));
  }

  async removeBefore(moment: Date): Promise<void> {
    await this.database.db.delete(predictions).where(lt(predictions.at, moment));
  }

  async since(modelId: string, moment: Date): Promise<{ total: number; errors: number }> {
    const [row] = await this.database.db
      .select({ total: count(), errors: sql<number>`count(${predictions.error})::int` })
      .from(predictions)
      .where(and(eq(predictions.modelId, modelId), gte(predictions.at, moment)));
    return row ?? { total: 0, errors: 0 };
  }

  /** Answered pictures after a prediction, oldest first. */
  async after(modelId: string, id: number, limit: number): Promise<LivePrediction[]> {
    const rows = await this.database.db
      .select({
        id: predictions.id,
        confidence: predictions.confidence,
        sketch: predictions.sketch,
      })
      .from(predictions)
      .where(and(eq(predictions.modelId, modelId), gt(predictions.id, id), isNotNull(predictions.confidence)))
      .orderBy(asc(predictions.id))
      .limit(limit);
    return rows.map((row) => ({ ...row, confidence: row.confidence ?? 0 }));
  }

  async page(modelId: string, { offset, limit }: { offset: number; limit: number }): Promise<PredictionLog> {
    const { db } = this.database;
    const own = eq(predictions.modelId, modelId);
    const [counted] = await db.select({ total: count() }).from(predictions).where(own);
    const rows = await db
      .select()
      .from(predictions)
      .where(own)
      .orderBy(desc(predictions.id))
      .offset(offset)
      .limit(limit);
    const items = rows.map(({ at, sha256, label, confidence, latencyMs, error, kept }) => ({
      at: at.toISOString(),
      sha256,
      label,
      confidence,
      latencyMs,
      error,
      kept,
    }));
    return { total: counted?.total ?? 0, offset, items };
  }

  async summary(modelId: string): Promise<Omit<Monitoring, 'modelId' | 'drift'>> {
    const { db } = this.database;
    const own = eq(predictions.modelId, modelId);
    const [all] = await db
      .select({
        predictions: count(),
        errors: sql<number>`count(${predictions.error})::int`,
        meanConfidence: sql<number | null>`avg(${predictions.confidence})`,
        meanLatencyMs: sql<number | null>`avg(${predictions.latencyMs})`,
      })
      .from(predictions)
      .where(own);
    const byLabel = await db
      .select({ label: predictions.label, answers: count() })
      .from(predictions)
      .where(and(own, isNotNull(predictions.label)))
      .groupBy(predictions.label);
    return {
      ...(all ?? { predictions: 0, errors: 0, meanConfidence: null, meanLatencyMs: null }),
      labels: Object.fromEntries(byLabel.map(({ label, answers }) => [label ?? '', answers])),
    };
  }
}
