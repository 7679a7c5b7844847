import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, isNull, sql } from 'drizzle-orm';
import type { Candidate } from '../../crawlers/index.js';
import type { Database } from '../storage/database.js';
import { candidates, categories, fetches, uploads } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

export interface PendingFetch {
  readonly id: string;
  readonly imageUrl: string;
  readonly pageUrl: string | null;
  /** Set for own pictures: their bytes are stored already. */
  readonly uploadSha256: string | null;
  readonly uploadBytes: number | null;
}

/** SQL of the stages search and fetch. */
@Injectable()
export class CollectRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Stores a candidate; false when the run has its address already. */
  async addCandidate(
    runId: string,
    categoryId: string,
    round: number,
    candidate: Candidate,
  ): Promise<boolean> {
    const {
      provider,
      query,
      rank,
      imageUrl,
      pageUrl,
      title,
      width,
      height,
      sha1,
      creator,
      licence,
      licenceUrl,
    } = candidate;
    const rows = await this.database.db
      .insert(candidates)
      .values({
        runId,
        categoryId,
        round,
        provider,
        query,
        rank,
        imageUrl,
        pageUrl,
        title,
        width,
        height,
        sha1,
        creator,
        licence,
        licenceUrl,
      })
      .onConflictDoNothing()
      .returning({ id: candidates.id });
    return rows.length > 0;
  }

  /** Own pictures enter the run as candidates of the provider `upload`. */
  async addUploads(runId: string, projectId: string): Promise<void> {
    await this.database.db.execute(sql`
      insert into ${candidates} (run_id, category_id, round, provider, query, rank, image_url, title, upload_id)
      select ${runId}, u.category_id, 0, 'upload', k.name,
        (row_number() over (partition by u.category_id order by u.file_name, u.sha256) - 1)::int,
        'upload:' || u.id, u.file_name, u.id
      from ${uploads} u join ${categories} k on k.id = u.category_id
      where k.project_id = ${projectId}
      on conflict do nothing`);
  }

  async countCrawledByCategory(runId: string, round: number): Promise<Map<string, number>> {
    const rows = await this.database.db
      .select({ categoryId: candidates.categoryId, count: sql<number>`count(*)::int` })
      .from(candidates)
      .where(and(eq(candidates.runId, runId), eq(candidates.round, round), isNull(candidates.uploadId)))
      .groupBy(candidates.categoryId);
    return new Map(rows.map((row) => [row.categoryId, row.count]));
  }

  pendingFetches(runId: string): Promise<PendingFetch[]> {
    return this.database.db
      .select({
        id: candidates.id,
        imageUrl: candidates.imageUrl,
        pageUrl: candidates.pageUrl,
        uploadSha256: uploads.sha256,
        uploadBytes: uploads.bytes,
      })
      .from(candidates)
      .leftJoin(fetches, eq(fetches.candidateId, candidates.id))
      .leftJoin(uploads, eq(uploads.id, candidates.uploadId))
      .where(and(eq(candidates.runId, runId), isNull(fetches.candidateId)))
      .orderBy(asc(candidates.rank), asc(candidates.provider));
  }

  async countCandidates(runId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ count: sql<number>`count(*)::int` })
      .from(candidates)
      .where(eq(candidates.runId, runId));
    return row?.count ?? 0;
  }

  async addFetched(
    runId: string,
    candidateId: string,
    stored: { sha256: string; bytes: number; mime: string; finalUrl: string | null },
  ): Promise<void> {
    await this.database.db
      .insert(fetches)
      .values({ runId, candidateId, ...stored })
      .onConflictDoNothing();
  }

  async addDropped(
    runId: string,
    candidateId: string,
    dropped: { reason: string; detail: string },
  ): Promise<void> {
    await this.database.db
      .insert(fetches)
      .values({ runId, candidateId, reason: dropped.reason, detail: dropped.detail })
      .onConflictDoNothing();
  }
}
