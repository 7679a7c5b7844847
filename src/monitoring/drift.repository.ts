import { Inject, Injectable } from '@nestjs/common';
import { and, desc, eq, gte } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { driftChecks, modelBaselines } from '../storage/operations-schema.js';
import { DATABASE } from '../storage/tokens.js';

export type DriftRow = typeof driftChecks.$inferSelect;

/** SQL of what models looked like when they were made, and of the comparisons with it. */
@Injectable()
export class DriftRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Confidences of a model on pictures it had not learnt from; null when they were not kept yet. */
  async baseline(modelId: string): Promise<number[] | null> {
    const [row] = await this.database.db
      .select()
      .from(modelBaselines)
      .where(eq(modelBaselines.modelId, modelId));
    return row?.confidences ?? null;
  }

  async saveBaseline(modelId: string, confidences: readonly number[], createdAt: Date): Promise<void> {
    await this.database.db
      .insert(modelBaselines)
      .values({ modelId, confidences: [...confidences], createdAt })
      .onConflictDoNothing();
  }

  async add(row: Omit<DriftRow, 'id'>): Promise<void> {
    await this.database.db.insert(driftChecks).values(row);
  }

  /** Newest first. */
  list(modelId: string, limit: number): Promise<DriftRow[]> {
    return this.database.db
      .select()
      .from(driftChecks)
      .where(eq(driftChecks.modelId, modelId))
      .orderBy(desc(driftChecks.lastPrediction), desc(driftChecks.at))
      .limit(limit);
  }

  async lastAlarm(modelId: string, since: Date): Promise<DriftRow | null> {
    const [row] = await this.database.db
      .select()
      .from(driftChecks)
      .where(and(eq(driftChecks.modelId, modelId), eq(driftChecks.alarm, true), gte(driftChecks.at, since)))
      .orderBy(desc(driftChecks.at))
      .limit(1);
    return row ?? null;
  }
}
