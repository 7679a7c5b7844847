import { Inject, Injectable } from '@nestjs/common';
import { and, count, desc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Schedule } from '../http/api/retraining.js';
import type { Database, Transaction } from '../storage/database.js';
import { feedback, firings, retrainings, schedules } from '../storage/freshness-schema.js';
import { categories, decisions, runs, uploads } from '../storage/schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';

export type ScheduleRow = typeof schedules.$inferSelect;

/** What has changed in a project since a run read its data. */
export interface Changes {
  readonly runId: string;
  readonly pictures: number;
  readonly corrections: number;
}

/** SQL of schedules and their firings. */
@Injectable()
export class SchedulesRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async find(projectId: string): Promise<ScheduleRow | null> {
    const [row] = await this.database.db.select().from(schedules).where(eq(schedules.projectId, projectId));
    return row ?? null;
  }

  list(): Promise<ScheduleRow[]> {
    return this.database.db.select().from(schedules).orderBy(schedules.updatedAt);
  }

  /** @param known ids of the backbones that are no news; those of a schedule that is there stay known */
  async save(projectId: string, schedule: Schedule, known: readonly string[]): Promise<void> {
    const now = this.clock.now();
    const values = { ...schedule, polledAt: null, pollError: null, updatedAt: now };
    await this.database.db
      .insert(schedules)
      .values({ projectId, ...values, known: [...known], firedUntil: now })
      .onConflictDoUpdate({ target: schedules.projectId, set: { ...values, firedUntil: now } });
  }

  async remove(projectId: string): Promise<boolean> {
    const rows = await this.database.db
      .delete(schedules)
      .where(eq(schedules.projectId, projectId))
      .returning({ projectId: schedules.projectId });
    return rows.length > 0;
  }

  async markPolled(projectId: string, pollError: string | null): Promise<void> {
    await this.database.db
      .update(schedules)
      .set({ polledAt: this.clock.now(), pollError })
      .where(eq(schedules.projectId, projectId));
  }

  /** Takes a firing for this process. False when another had it: the key is unique in the database. */
  async claim(tx: Transaction, projectId: string, key: string, firedUntil: Date | null): Promise<boolean> {
    const rows = await tx
      .insert(firings)
      .values({ projectId, key, at: this.clock.now() })
      .onConflictDoNothing()
      .returning({ key: firings.key });
    if (rows.length > 0 && firedUntil)
      await tx.update(schedules).set({ firedUntil }).where(eq(schedules.projectId, projectId));
    return rows.length > 0;
  }

  /** Since the newest run that read the project's data anew; null when there was none. */
  async changes(projectId: string): Promise<Changes | null> {
    const { db } = this.database;
    const anew = or(isNull(retrainings.id), eq(sql`jsonb_array_length(${retrainings.backbones})`, 0));
    const [run] = await db
      .select({ id: runs.id, createdAt: runs.createdAt })
      .from(runs)
      .leftJoin(retrainings, eq(retrainings.runId, runs.id))
      .where(and(eq(runs.projectId, projectId), anew))
      .orderBy(desc(runs.createdAt))
      .limit(1);
    if (!run) return null;
    const one = { rows: count() };
    const [sent] = await db
      .select(one)
      .from(uploads)
      .innerJoin(categories, eq(categories.id, uploads.categoryId))
      .where(and(eq(categories.projectId, projectId), gt(uploads.createdAt, run.createdAt)));
    const [decided] = await db
      .select(one)
      .from(decisions)
      .where(and(eq(decisions.projectId, projectId), gt(decisions.decidedAt, run.createdAt)));
    const [corrected] = await db
      .select(one)
      .from(feedback)
      .where(
        and(
          eq(feedback.projectId, projectId),
          eq(feedback.state, 'accepted'),
          gt(feedback.decidedAt, run.createdAt),
        ),
      );
    const pictures = (sent?.rows ?? 0) + (decided?.rows ?? 0);
    return { runId: run.id, pictures, corrections: corrected?.rows ?? 0 };
  }

  /** Backbones that runs of the project have searched, or that failed too often to be tried again. */
  async tried(projectId: string): Promise<{ ids: Set<string>; failures: Map<string, number> }> {
    const { db } = this.database;
    const searched = await db
      .select({ settings: runs.settings })
      .from(runs)
      .where(and(eq(runs.projectId, projectId), inArray(runs.state, ['succeeded', 'queued', 'running'])));
    const alone = await db
      .select({ backbones: retrainings.backbones, state: retrainings.state })
      .from(retrainings)
      .where(eq(retrainings.projectId, projectId));
    const failures = new Map<string, number>();
    const ids = new Set(searched.flatMap(({ settings }) => settings.backbones));
    for (const { backbones, state } of alone)
      for (const id of backbones)
        if (state === 'failed') failures.set(id, (failures.get(id) ?? 0) + 1);
        else ids.add(id);
    return { ids, failures };
  }
}
