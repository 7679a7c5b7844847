import { Inject, Injectable } from '@nestjs/common';
import { and, asc, count, desc, eq, isNull } from 'drizzle-orm';
import type { Database } from '../../storage/database.js';
import {
  candidates,
  categories,
  curations,
  datasetPictures,
  datasetVersions,
  fetches,
  runs,
  runVersions,
  splits,
} from '../../storage/schema.js';
import { DATABASE } from '../../storage/tokens.js';
import { insertInParts } from '../insert-in-parts.js';
import { versionOf, type FrozenPicture, type Part } from './frozen.js';

export type VersionRow = typeof datasetVersions.$inferSelect;

/** SQL of frozen data sets. */
@Injectable()
export class VersionsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** Freezes what a run has split. A version that is there already stays as it is: its name is its contents. */
  async freeze(runId: string, categoryNames: readonly string[]): Promise<string> {
    const pictures = await this.split(runId);
    const version = versionOf(pictures);
    await this.database.db.transaction(async (tx) => {
      const made = await tx
        .insert(datasetVersions)
        .values({ version, categories: [...categoryNames] })
        .onConflictDoNothing()
        .returning({ version: datasetVersions.version });
      if (made.length > 0)
        await insertInParts(pictures, (part) =>
          tx.insert(datasetPictures).values(part.map((picture) => ({ version, ...picture }))),
        );
      await tx
        .insert(runVersions)
        .values({ runId, version })
        .onConflictDoUpdate({ target: runVersions.runId, set: { version } });
    });
    return version;
  }

  private async split(runId: string): Promise<FrozenPicture[]> {
    const rows = await this.database.db
      .select({
        sha256: fetches.sha256,
        category: categories.name,
        part: splits.part,
        provider: candidates.provider,
        query: candidates.query,
        imageUrl: candidates.imageUrl,
        pageUrl: candidates.pageUrl,
        title: candidates.title,
        creator: candidates.creator,
        licence: candidates.licence,
        licenceUrl: candidates.licenceUrl,
      })
      .from(splits)
      .innerJoin(candidates, eq(candidates.id, splits.candidateId))
      .innerJoin(curations, eq(curations.candidateId, splits.candidateId))
      .innerJoin(categories, eq(categories.id, curations.categoryId))
      .innerJoin(fetches, eq(fetches.candidateId, splits.candidateId))
      .where(and(eq(splits.runId, runId), isNull(splits.reason)));
    return rows as FrozenPicture[]; // what was split was fetched
  }

  /** The version that a run trains on; null when it has split nothing. */
  async versionOfRun(runId: string): Promise<string | null> {
    const [row] = await this.database.db
      .select({ version: runVersions.version })
      .from(runVersions)
      .where(eq(runVersions.runId, runId));
    return row?.version ?? null;
  }

  list(): Promise<VersionRow[]> {
    return this.database.db.select().from(datasetVersions).orderBy(desc(datasetVersions.createdAt));
  }

  async find(version: string): Promise<VersionRow | null> {
    const [row] = await this.database.db
      .select()
      .from(datasetVersions)
      .where(eq(datasetVersions.version, version));
    return row ?? null;
  }

  pictures(version: string): Promise<FrozenPicture[]> {
    const columns = {
      sha256: datasetPictures.sha256,
      category: datasetPictures.category,
      part: datasetPictures.part,
      provider: datasetPictures.provider,
      query: datasetPictures.query,
      imageUrl: datasetPictures.imageUrl,
      pageUrl: datasetPictures.pageUrl,
      title: datasetPictures.title,
      creator: datasetPictures.creator,
      licence: datasetPictures.licence,
      licenceUrl: datasetPictures.licenceUrl,
    };
    return this.database.db
      .select(columns)
      .from(datasetPictures)
      .where(eq(datasetPictures.version, version))
      .orderBy(asc(datasetPictures.category), asc(datasetPictures.sha256));
  }

  countsOf(version: string): Promise<{ category: string; part: Part; pictures: number }[]> {
    return this.database.db
      .select({ category: datasetPictures.category, part: datasetPictures.part, pictures: count() })
      .from(datasetPictures)
      .where(eq(datasetPictures.version, version))
      .groupBy(datasetPictures.category, datasetPictures.part)
      .orderBy(asc(datasetPictures.category), asc(datasetPictures.part));
  }

  runsOf(version: string): Promise<{ runId: string; projectId: string }[]> {
    return this.database.db
      .select({ runId: runs.id, projectId: runs.projectId })
      .from(runVersions)
      .innerJoin(runs, eq(runs.id, runVersions.runId))
      .where(eq(runVersions.version, version))
      .orderBy(desc(runs.createdAt));
  }
}
