import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, sql } from 'drizzle-orm';
import { isOwnProvider } from '../../collect/own-providers.js';
import type { Database } from '../../storage/database.js';
import { lockStage } from '../../storage/lock-stage.js';
import {
  candidates,
  categories,
  curationReports,
  curations,
  decisions,
  duplicates,
  fetches,
} from '../../storage/schema.js';
import { CLOCK, DATABASE, type Clock } from '../../storage/tokens.js';
import { insertInParts } from '../insert-in-parts.js';
import type { Decision, DedupedPicture } from './apply-decisions.js';

export type CurationRow = typeof curations.$inferInsert;
export type CurationReportRow = typeof curationReports.$inferSelect;

/** SQL of the stage curate and of what persons decide. */
@Injectable()
export class CurateRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Everything dedupe has judged, in an order that depends on the pictures alone. */
  async deduped(runId: string): Promise<DedupedPicture[]> {
    const rows = await this.database.db
      .select({
        candidateId: candidates.id,
        categoryId: candidates.categoryId,
        sha256: fetches.sha256,
        groupKey: duplicates.groupKey,
        reason: duplicates.reason,
        provider: candidates.provider,
        query: candidates.query,
      })
      .from(duplicates)
      .innerJoin(candidates, eq(candidates.id, duplicates.candidateId))
      .innerJoin(fetches, eq(fetches.candidateId, duplicates.candidateId))
      .innerJoin(categories, eq(categories.id, candidates.categoryId))
      .where(eq(duplicates.runId, runId))
      .orderBy(
        asc(categories.position),
        asc(fetches.sha256),
        asc(candidates.provider),
        asc(candidates.query),
        asc(candidates.rank),
      );
    return rows.map((row) => ({
      ...row,
      sha256: row.sha256 as string, // dedupe sees only what was fetched
      own: isOwnProvider(row.provider),
    }));
  }

  /** Decisions of a project by sha256. */
  async decisionsOf(projectId: string): Promise<Map<string, Decision>> {
    const rows = await this.database.db.select().from(decisions).where(eq(decisions.projectId, projectId));
    return new Map(rows.map(({ sha256, action, categoryId }) => [sha256, { sha256, action, categoryId }]));
  }

  /** The last word counts. */
  async decide(projectId: string, all: readonly Decision[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      for (const { sha256, action, categoryId } of all) {
        const said = { action, categoryId, decidedAt: this.clock.now() };
        await tx
          .insert(decisions)
          .values({ projectId, sha256, ...said })
          .onConflictDoUpdate({ target: [decisions.projectId, decisions.sha256], set: said });
      }
    });
  }

  async forget(projectId: string, sha256: string): Promise<boolean> {
    const gone = await this.database.db
      .delete(decisions)
      .where(and(eq(decisions.projectId, projectId), eq(decisions.sha256, sha256)))
      .returning({ sha256: decisions.sha256 });
    return gone.length > 0;
  }

  /** Whether a run of the project has ever fetched the picture. */
  async knows(projectId: string, sha256: string): Promise<boolean> {
    const rows = await this.database.rows<{ known: boolean }>(sql`
      select exists (
        select 1 from ${fetches} f join ${candidates} c on c.id = f.candidate_id
        join ${categories} k on k.id = c.category_id
        where k.project_id = ${projectId} and f.sha256 = ${sha256}) as known`);
    return rows[0]?.known ?? false;
  }

  /** Curation looks at all pictures anew, so its records are replaced as a whole. */
  async replace(
    runId: string,
    rows: readonly CurationRow[],
    report: Omit<CurationReportRow, 'runId'>,
  ): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'curate');
      await tx.delete(curations).where(eq(curations.runId, runId));
      await insertInParts(rows, (part) => tx.insert(curations).values(part));
      await tx
        .insert(curationReports)
        .values({ runId, ...report })
        .onConflictDoUpdate({ target: curationReports.runId, set: report });
    });
  }

  async reportOf(runId: string): Promise<CurationReportRow | null> {
    const [row] = await this.database.db
      .select()
      .from(curationReports)
      .where(eq(curationReports.runId, runId));
    return row ?? null;
  }
}
