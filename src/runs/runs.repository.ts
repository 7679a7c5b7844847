import { Inject, Injectable } from '@nestjs/common';
import { and, asc, desc, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import { DATABASE, type Clock, CLOCK } from '../storage/tokens.js';
import type { Database } from '../storage/database.js';
import { DATABASE_NOW, fromNow } from '../storage/database-time.js';
import { categories, runs, runStages } from '../storage/schema.js';
import type { RunSettings } from '../config/settings.js';
import type { RunError, RunState, StageName } from './run.js';
import type { CategoryRecord, RunRecord } from './stage.js';

export type StageRow = typeof runStages.$inferSelect;

/** The run ledger's SQL. */
@Injectable()
export class RunsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async create(projectId: string, settings: RunSettings): Promise<RunRecord> {
    const [row] = await this.database.db.insert(runs).values({ projectId, settings }).returning();
    return row as RunRecord;
  }

  async find(runId: string): Promise<RunRecord | null> {
    const [row] = await this.database.db.select().from(runs).where(eq(runs.id, runId));
    return row ?? null;
  }

  list(projectId?: string): Promise<RunRecord[]> {
    const query = this.database.db.select().from(runs).$dynamic();
    return (projectId ? query.where(eq(runs.projectId, projectId)) : query)
      .orderBy(desc(runs.createdAt))
      .limit(200);
  }

  /** Runs nobody works on although they are not finished: their process died, or they were never started. */
  async findOrphans(includeAllLeases: boolean): Promise<RunRecord[]> {
    const unfinished = inArray(runs.state, ['queued', 'running']);
    const free = or(isNull(runs.leaseUntil), lt(runs.leaseUntil, DATABASE_NOW));
    return this.database.db
      .select()
      .from(runs)
      .where(includeAllLeases ? unfinished : and(unfinished, free))
      .orderBy(asc(runs.createdAt));
  }

  /**
   * Frees an orphan's lease. If its owner died with it, counts how often in a row that has happened without the stage getting
   * any further in between.
   */
  async countLoss({ id, leaseOwner, stage, losses, lossMark }: RunRecord): Promise<number> {
    if (leaseOwner === null) return 0;
    const at = (await this.stagesOf(id)).find((row) => row.stage === stage);
    const mark = `${stage} ${at?.done ?? 0} ${at?.note ?? ''}`;
    const count = mark === lossMark ? losses + 1 : 1;
    await this.database.db
      .update(runs)
      .set({ leaseOwner: null, leaseUntil: null, losses: count, lossMark: mark })
      .where(and(eq(runs.id, id), eq(runs.leaseOwner, leaseOwner)));
    return count;
  }

  async countUnfinished(projectId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ count: sql<number>`count(*)::int` })
      .from(runs)
      .where(and(eq(runs.projectId, projectId), inArray(runs.state, ['queued', 'running'])));
    return row?.count ?? 0;
  }

  /** Takes or renews the lease. False when another live owner has it or the run is over. */
  async lease(runId: string, owner: string, leaseMs: number): Promise<boolean> {
    const rows = await this.database.db
      .update(runs)
      .set({ leaseOwner: owner, leaseUntil: fromNow(leaseMs) })
      .where(
        and(
          eq(runs.id, runId),
          inArray(runs.state, ['queued', 'running']),
          or(isNull(runs.leaseUntil), lt(runs.leaseUntil, DATABASE_NOW), eq(runs.leaseOwner, owner)),
        ),
      )
      .returning({ id: runs.id });
    return rows.length > 0;
  }

  async release(runId: string, owner: string): Promise<void> {
    await this.database.db
      .update(runs)
      .set({ leaseOwner: null, leaseUntil: null })
      .where(and(eq(runs.id, runId), eq(runs.leaseOwner, owner)));
  }

  async markRunning(runId: string): Promise<void> {
    await this.database.db
      .update(runs)
      .set({
        state: 'running',
        startedAt: sql`coalesce(${runs.startedAt}, ${this.clock.now().toISOString()}::timestamptz)`,
      })
      .where(and(eq(runs.id, runId), inArray(runs.state, ['queued', 'running'])));
  }

  /** Sends a run on to its next stage; only who holds its lease may, for others have been overtaken. */
  async moveTo(runId: string, owner: string, stage: StageName, round: number): Promise<void> {
    await this.database.db
      .update(runs)
      .set({ stage, round })
      .where(and(eq(runs.id, runId), eq(runs.leaseOwner, owner), inArray(runs.state, ['queued', 'running'])));
  }

  /**
   * Ends a run, unless it has ended already: a cancelled run stays cancelled.
   * @param owner when given, only as long as it holds the lease
   */
  async finish(runId: string, state: RunState, error: RunError | null, owner?: string): Promise<void> {
    const unfinished = and(eq(runs.id, runId), inArray(runs.state, ['queued', 'running']));
    await this.database.db
      .update(runs)
      .set({ state, error, finishedAt: this.clock.now(), leaseOwner: null, leaseUntil: null })
      .where(owner === undefined ? unfinished : and(unfinished, eq(runs.leaseOwner, owner)));
  }

  /** Puts a failed or cancelled run back in line at the stage where it stopped. */
  async reopen(runId: string): Promise<void> {
    await this.database.db
      .update(runs)
      .set({
        state: 'queued',
        error: null,
        finishedAt: null,
        leaseOwner: null,
        leaseUntil: null,
        losses: 0,
        lossMark: null,
      })
      .where(and(eq(runs.id, runId), inArray(runs.state, ['failed', 'cancelled'])));
  }

  categoriesOf(projectId: string): Promise<CategoryRecord[]> {
    return this.database.db
      .select()
      .from(categories)
      .where(eq(categories.projectId, projectId))
      .orderBy(asc(categories.position));
  }

  stagesOf(runId: string): Promise<StageRow[]> {
    return this.database.db.select().from(runStages).where(eq(runStages.runId, runId));
  }

  /** Milliseconds that a stage has taken, over all its turns, as it was last written down. */
  async elapsedOf(runId: string, stage: StageName): Promise<number> {
    return (await this.stagesOf(runId)).find((row) => row.stage === stage)?.elapsedMs ?? 0;
  }

  async saveStage(row: Omit<StageRow, 'updatedAt'>): Promise<void> {
    const values = { ...row, updatedAt: this.clock.now() };
    await this.database.db
      .insert(runStages)
      .values(values)
      .onConflictDoUpdate({ target: [runStages.runId, runStages.stage], set: values });
  }
}
