import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, isNull, lt, sql } from 'drizzle-orm';
import type { PoolProgress } from '../../crawlers/index.js';
import type { Database } from '../storage/database.js';
import { lockStage } from '../storage/lock-stage.js';
import { candidates, duplicates, searches } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

export type SearchRow = typeof searches.$inferSelect;

/** Where progress belongs. */
export interface SearchPlace {
  readonly runId: string;
  readonly categoryId: string;
  readonly round: number;
}

/** One query at one provider, and what came of it. */
export interface QueryYield {
  readonly categoryId: string;
  readonly provider: string;
  readonly query: string;
  readonly found: number;
  readonly kept: number;
}

/** Candidates of one licence in one category that are worth a download, as far as can be told without their licence. */
export interface LicenceCount {
  readonly categoryId: string;
  readonly licence: string | null;
  readonly count: number;
}

/** SQL of the stage search: its candidates, and how far each search has come. */
@Injectable()
export class SearchRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Keeps candidates and the state of their searches together, so that after a crash none is lost and none comes twice. */
  async keep({ runId, categoryId, round }: SearchPlace, progress: PoolProgress): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'search');
      const rows = progress.candidates.map(({ candidate, twinOf }) => ({
        ...candidate,
        runId,
        categoryId,
        round,
        twinOf,
      }));
      if (rows.length > 0) await tx.insert(candidates).values(rows).onConflictDoNothing();
      for (const [position, source] of progress.sources.entries()) {
        const values = { ...source, runId, categoryId, position };
        await tx
          .insert(searches)
          .values(values)
          .onConflictDoUpdate({
            target: [searches.runId, searches.categoryId, searches.provider, searches.query],
            set: values,
          });
      }
    });
  }

  searchesOf(runId: string): Promise<SearchRow[]> {
    return this.database.db
      .select()
      .from(searches)
      .where(eq(searches.runId, runId))
      .orderBy(asc(searches.categoryId), asc(searches.position));
  }

  /** The pictures of a category that the run knows, twins behind those they are twins of. */
  knownPictures(
    runId: string,
    categoryId: string,
  ): Promise<{ imageUrl: string; pageUrl: string | null; sha1: string | null }[]> {
    return this.database.db
      .select({ imageUrl: candidates.imageUrl, pageUrl: candidates.pageUrl, sha1: candidates.sha1 })
      .from(candidates)
      .where(
        and(eq(candidates.runId, runId), eq(candidates.categoryId, categoryId), isNull(candidates.uploadId)),
      )
      .orderBy(sql`${candidates.twinOf} is not null`);
  }

  /** Found candidates that are no twins, of this round or of the rounds before it. */
  async countByLicence(runId: string, round: number, which: 'this' | 'earlier'): Promise<LicenceCount[]> {
    return this.database.db
      .select({
        categoryId: candidates.categoryId,
        licence: candidates.licence,
        count: sql<number>`count(*)::int`,
      })
      .from(candidates)
      .where(
        and(
          eq(candidates.runId, runId),
          which === 'this' ? eq(candidates.round, round) : lt(candidates.round, round),
          isNull(candidates.uploadId),
          isNull(candidates.twinOf),
        ),
      )
      .groupBy(candidates.categoryId, candidates.licence);
  }

  /** What each query has brought so far; own pictures are not counted. */
  async yields(runId: string): Promise<QueryYield[]> {
    return this.database.db
      .select({
        categoryId: candidates.categoryId,
        provider: candidates.provider,
        query: candidates.query,
        found: sql<number>`count(*)::int`,
        kept: sql<number>`(count(*) filter (where ${duplicates.candidateId} is not null and ${duplicates.reason} is null))::int`,
      })
      .from(candidates)
      .leftJoin(duplicates, eq(duplicates.candidateId, candidates.id))
      .where(and(eq(candidates.runId, runId), isNull(candidates.uploadId)))
      .groupBy(candidates.categoryId, candidates.provider, candidates.query);
  }
}
