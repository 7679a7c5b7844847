import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { candidates, categories, fetches, listedUrls, uploads } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

export interface PendingFetch {
  readonly id: string;
  readonly categoryId: string;
  /** Who found it: only what a local provider found is read from this machine. */
  readonly provider: string;
  readonly imageUrl: string;
  readonly pageUrl: string | null;
  readonly licence: string | null;
  /** Address of the same picture, found before in the same category. */
  readonly twinOf: string | null;
  /** Set for own pictures: their bytes are stored already. */
  readonly uploadSha256: string | null;
  readonly uploadBytes: number | null;
}

export interface StoredPicture {
  readonly sha256: string;
  readonly bytes: number;
  readonly mime: string;
  readonly finalUrl: string | null;
}

export interface FinishedFetch {
  readonly categoryId: string;
  readonly imageUrl: string;
  readonly stored: StoredPicture;
}

/** The provider of the addresses that a person listed. */
export const URL_LIST = 'url-list';

/** SQL of own and listed pictures entering a run, and of the stage fetch. */
@Injectable()
export class CollectRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

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

  /** Listed addresses enter the run as candidates of the provider `url-list`, all of them. */
  async addListed(runId: string, projectId: string): Promise<void> {
    await this.database.db.execute(sql`
      insert into ${candidates}
        (run_id, category_id, round, provider, query, rank, image_url, page_url, creator, licence, licence_url)
      select ${runId}, l.category_id, 0, ${URL_LIST}, k.name,
        (row_number() over (partition by l.category_id order by l.position, l.image_url) - 1)::int,
        l.image_url, l.page_url, l.creator, l.licence, l.licence_url
      from ${listedUrls} l join ${categories} k on k.id = l.category_id
      where k.project_id = ${projectId}
      on conflict do nothing`);
  }

  /** @param among ids, as one parameter: a list of parameters would end at 65,535 */
  pendingFetches(runId: string, among?: readonly string[]): Promise<PendingFetch[]> {
    return this.database.db
      .select({
        id: candidates.id,
        categoryId: candidates.categoryId,
        imageUrl: candidates.imageUrl,
        provider: candidates.provider,
        pageUrl: candidates.pageUrl,
        licence: candidates.licence,
        twinOf: candidates.twinOf,
        uploadSha256: uploads.sha256,
        uploadBytes: uploads.bytes,
      })
      .from(candidates)
      .leftJoin(fetches, eq(fetches.candidateId, candidates.id))
      .leftJoin(uploads, eq(uploads.id, candidates.uploadId))
      .where(
        and(
          eq(candidates.runId, runId),
          isNull(fetches.candidateId),
          among && sql`${candidates.id} = any(${sql.param([...among])}::uuid[])`,
        ),
      )
      .orderBy(
        asc(candidates.rank),
        asc(candidates.provider),
        asc(candidates.query),
        asc(candidates.imageUrl),
      );
  }

  /** Every address the run has the bytes of, or those among the ones given. */
  async finishedFetches(runId: string, among?: readonly string[]): Promise<FinishedFetch[]> {
    const rows = await this.database.db
      .select({
        categoryId: candidates.categoryId,
        imageUrl: candidates.imageUrl,
        sha256: fetches.sha256,
        bytes: fetches.bytes,
        mime: fetches.mime,
        finalUrl: fetches.finalUrl,
      })
      .from(fetches)
      .innerJoin(candidates, eq(candidates.id, fetches.candidateId))
      .where(
        and(
          eq(fetches.runId, runId),
          isNotNull(fetches.sha256),
          among && sql`${candidates.imageUrl} = any(${sql.param([...among])}::text[])`,
        ),
      );
    return rows.map(({ categoryId, imageUrl, sha256, bytes, mime, finalUrl }) => ({
      categoryId,
      imageUrl,
      stored: { sha256: sha256 ?? '', bytes: bytes ?? 0, mime: mime ?? '', finalUrl },
    }));
  }

  async countCandidates(runId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ count: sql<number>`count(*)::int` })
      .from(candidates)
      .where(eq(candidates.runId, runId));
    return row?.count ?? 0;
  }

  async addFetched(runId: string, candidateId: string, stored: StoredPicture): Promise<void> {
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
