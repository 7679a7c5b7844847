import { Inject, Injectable } from '@nestjs/common';
import { asc, eq } from 'drizzle-orm';
import { insertInParts } from '../dataset/insert-in-parts.js';
import type { Database } from '../storage/database.js';
import { uploads } from '../storage/schema.js';
import { textCorpora } from '../storage/texts-schema.js';
import { DATABASE } from '../storage/tokens.js';

export type NewText = Pick<typeof uploads.$inferInsert, 'categoryId' | 'fileName' | 'sha256' | 'bytes'>;

/** SQL of a project's own texts. */
@Injectable()
export class TextsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** The same row sent again (a retried request) is stored once. */
  async addLabelled(rows: readonly NewText[]): Promise<void> {
    await insertInParts(rows, (part) => this.database.db.insert(uploads).values(part).onConflictDoNothing());
  }

  async addCorpus(projectId: string, sha256: string, texts: number): Promise<void> {
    await this.database.db.insert(textCorpora).values({ projectId, sha256, texts });
  }

  /** Blobs of unlabelled texts, in the order they came. */
  async corporaOf(projectId: string): Promise<string[]> {
    const rows = await this.database.db
      .select({ sha256: textCorpora.sha256 })
      .from(textCorpora)
      .where(eq(textCorpora.projectId, projectId))
      .orderBy(asc(textCorpora.createdAt), asc(textCorpora.sha256));
    return [...new Set(rows.map(({ sha256 }) => sha256))];
  }
}
