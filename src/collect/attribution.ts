import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, isNull } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { candidates, categories, duplicates, fetches, splits } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';
import { formatCsv } from './csv.js';

/** Name of the file, beside a data set or a package. */
export const ATTRIBUTION_FILE = 'ATTRIBUTION.csv';

const HEADER = [
  'sha256',
  'category',
  'provider',
  'query',
  'rank',
  'page',
  'creator',
  'licence',
  'licence_url',
  'title',
  'image',
];

/** Where each picture of a data set comes from, who made it and under which licence: what a CC licence asks to be named. */
@Injectable()
export class AttributionFile {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** One line a kept picture of the run, by category and sha256. */
  async csv(runId: string): Promise<string> {
    const rows = await this.database.db
      .select({
        sha256: fetches.sha256,
        category: categories.name,
        provider: candidates.provider,
        query: candidates.query,
        rank: candidates.rank,
        page: candidates.pageUrl,
        creator: candidates.creator,
        licence: candidates.licence,
        licenceUrl: candidates.licenceUrl,
        title: candidates.title,
        image: candidates.imageUrl,
      })
      .from(duplicates)
      .innerJoin(candidates, eq(candidates.id, duplicates.candidateId))
      .innerJoin(categories, eq(categories.id, candidates.categoryId))
      .innerJoin(fetches, eq(fetches.candidateId, duplicates.candidateId))
      .leftJoin(splits, eq(splits.candidateId, duplicates.candidateId))
      .where(and(eq(duplicates.runId, runId), isNull(duplicates.reason), isNull(splits.reason)))
      .orderBy(asc(categories.position), asc(fetches.sha256));
    return formatCsv([
      HEADER,
      ...rows.map((row) => [
        row.sha256,
        row.category,
        row.provider,
        row.query,
        row.rank,
        row.page,
        row.creator,
        row.licence,
        row.licenceUrl,
        row.title,
        row.image,
      ]),
    ]);
  }
}
