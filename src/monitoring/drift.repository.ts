import { Inject, Injectable } from '@nestjs/common';
import { and, desc, eq, gte } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { driftChecks, modelBaselines } from '../storage/operations-schema.js';
import { DATABASE } from '../storage/tokens.js';

export type DriftRow = typeof driftChecks.$inferSelect;

/** What a model said of pictures that it had not learnt from. */
export interface Baseline {
  readonly confidences: readonly number[];
  readonly sketches: readonly (readonly number[])[];
}

/** SQL of what models looked like when they were made, and of the comparisons with it. */
@Injectable()
export class DriftRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Null when it was not kept yet. */
  async baseline(modelId: string): Promise<Baseline | null> {
    const [row] = await this.database.db
      .select()
      .from(modelBaselines)
      .where(eq(modelBaselines.modelId, modelId));
    return row ?? null;
  }

  async saveBaseline(modelId: string, { confidences, sketches }: Baseline, createdAt: Date): Promise<void> {
    await this.database.db
      .insert(modelBaselines)
      .values({
        modelId,
        confidences: [...confidences],
        sketches: sketches.map((sketch) => [...sketch]),
        createdAt,
      })
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
