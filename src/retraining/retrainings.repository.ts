import { Inject, Injectable } from '@nestjs/common';
import { and, count, desc, eq, inArray, isNotNull, sql } from 'drizzle-orm';
import type { RetrainingView } from '../http/api/retraining.js';
import type { Database, Transaction } from '../storage/database.js';
import { retrainings } from '../storage/freshness-schema.js';
import { runs } from '../storage/schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';
import type { RunRecord } from '../runs/stage.js';

export type RetrainingRow = typeof retrainings.$inferSelect;
export type NewRetraining = Pick<
  typeof retrainings.$inferInsert,
  'projectId' | 'trigger' | 'detail' | 'backbones'
>;

const WORKING = ['queued', 'training'] as const;

/** SQL of retrainings. */
@Injectable()
export class RetrainingsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(tx: Transaction, retraining: NewRetraining): Promise<string> {
    const [row] = await tx
      .insert(retrainings)
      .values({ ...retraining, createdAt: this.clock.now() })
      .returning({ id: retrainings.id });
    return row?.id ?? '';
  }

  async find(id: string): Promise<RetrainingRow | null> {
    const [row] = await this.database.db.select().from(retrainings).where(eq(retrainings.id, id));
    return row ?? null;
  }

  async stateOf(tx: Transaction, id: string): Promise<RetrainingRow['state'] | null> {
    const [row] = await tx
      .select({ state: retrainings.state })
      .from(retrainings)
      .where(eq(retrainings.id, id));
    return row?.state ?? null;
  }

  /** Newest first. */
  list(projectId: string): Promise<RetrainingRow[]> {
    return this.database.db
      .select()
      .from(retrainings)
      .where(eq(retrainings.projectId, projectId))
      .orderBy(desc(retrainings.createdAt))
      .limit(200);
  }

  async isBusy(tx: Pick<Transaction, 'select'>, projectId: string): Promise<boolean> {
    const rows = await tx
      .select({ id: retrainings.id })
      .from(retrainings)
      .where(and(eq(retrainings.projectId, projectId), inArray(retrainings.state, [...WORKING])))
      .limit(1);
    return rows.length > 0;
  }

  /** Retrainings that wait for a next step: not begun, or with a run that is over. */
  async waiting(): Promise<string[]> {
    const rows = await this.database.db
      .select({ id: retrainings.id })
      .from(retrainings)
      .leftJoin(runs, eq(runs.id, retrainings.runId))
      .where(
        and(
          inArray(retrainings.state, [...WORKING]),
          sql`(${retrainings.runId} is null or ${runs.state} in ('succeeded', 'failed', 'cancelled'))`,
        ),
      );
    return rows.map(({ id }) => id);
  }

  inState(state: RetrainingRow['state']): Promise<RetrainingRow[]> {
    return this.database.db.select().from(retrainings).where(eq(retrainings.state, state));
  }

  async ofRun(runId: string): Promise<RetrainingRow | null> {
    const [row] = await this.database.db.select().from(retrainings).where(eq(retrainings.runId, runId));
    return row ?? null;
  }

  /** Challengers of the project that were judged. */
  async judged(projectId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ rows: count() })
      .from(retrainings)
      .where(and(eq(retrainings.projectId, projectId), isNotNull(retrainings.verdict)));
    return row?.rows ?? 0;
  }

  /** The newest run that succeeded in reading the project's data anew: what "everything" is for the next. */
  async lastWhole(projectId: string): Promise<RunRecord | null> {
    const [row] = await this.database.db
      .select({ run: runs })
      .from(runs)
      .leftJoin(retrainings, eq(retrainings.runId, runs.id))
      .where(
        and(
          eq(runs.projectId, projectId),
          eq(runs.state, 'succeeded'),
          sql`coalesce(jsonb_array_length(${retrainings.backbones}), 0) = 0`,
        ),
      )
      .orderBy(desc(runs.createdAt))
      .limit(1);
    return row?.run ?? null;
  }

  /** Moves on from a state, unless another process did: then false. */
  async moveOn(
    tx: Pick<Transaction, 'update'>,
    { id, state }: Pick<RetrainingRow, 'id' | 'state'>,
    facts: Partial<Omit<RetrainingRow, 'id' | 'finishedAt'>>,
  ): Promise<boolean> {
    const over = facts.state !== undefined && !['queued', 'training', 'shadowing'].includes(facts.state);
    const rows = await tx
      .update(retrainings)
      .set({ ...facts, ...(over ? { finishedAt: this.clock.now() } : {}) })
      .where(and(eq(retrainings.id, id), eq(retrainings.state, state)))
      .returning({ id: retrainings.id });
    return rows.length > 0;
  }

  async fail(row: RetrainingRow, error: string): Promise<void> {
    await this.moveOn(this.database.db, row, { state: 'failed', error });
  }
}

export const viewOf = (row: RetrainingRow): RetrainingView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});
