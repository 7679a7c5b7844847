import { Inject, Injectable } from '@nestjs/common';
import { and, asc, desc, eq, sql } from 'drizzle-orm';
import type { ProjectView } from '../http/api.js';
import type { Database } from '../storage/database.js';
import { categories, listedUrls, projects, uploads } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

type ProjectRow = typeof projects.$inferSelect;
export type UploadRow = typeof uploads.$inferSelect;

export type NewUrl = Omit<typeof listedUrls.$inferInsert, 'id' | 'position'>;

/** Rows an insert statement takes at once; PostgreSQL allows 65,535 values in one. */
const INSERT_ROWS = 1000;

export interface NewCategory {
  readonly name: string;
  readonly key: string;
}

/** SQL of projects, their categories and their uploaded pictures. */
@Injectable()
export class ProjectsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** One transaction: a project without its categories never exists. */
  create(
    project: Pick<ProjectRow, 'name' | 'modality'>,
    newCategories: readonly NewCategory[],
  ): Promise<ProjectRow> {
    return this.database.db.transaction(async (tx) => {
      const [created] = await tx.insert(projects).values(project).returning();
      const row = created as ProjectRow;
      await tx
        .insert(categories)
        .values(newCategories.map((category, position) => ({ ...category, projectId: row.id, position })));
      return row;
    });
  }

  async find(projectId: string): Promise<ProjectRow | null> {
    const [row] = await this.database.db.select().from(projects).where(eq(projects.id, projectId));
    return row ?? null;
  }

  list(): Promise<ProjectRow[]> {
    return this.database.db.select().from(projects).orderBy(desc(projects.createdAt)).limit(200);
  }

  async categoriesWithUploads(projectId: string): Promise<ProjectView['categories']> {
    return this.database.db
      .select({
        id: categories.id,
        name: categories.name,
        uploads: sql<number>`count(distinct ${uploads.id})::int`,
        urls: sql<number>`count(distinct ${listedUrls.id})::int`,
      })
      .from(categories)
      .leftJoin(uploads, eq(uploads.categoryId, categories.id))
      .leftJoin(listedUrls, eq(listedUrls.categoryId, categories.id))
      .where(eq(categories.projectId, projectId))
      .groupBy(categories.id)
      .orderBy(asc(categories.position));
  }

  /** Appends addresses to the lists of their categories; one that is there already stays where it is. */
  async addUrls(rows: readonly NewUrl[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      const [last] = await tx
        .select({ position: sql<number>`coalesce(max(${listedUrls.position}), -1)::int` })
        .from(listedUrls);
      const first = (last?.position ?? -1) + 1;
      for (let start = 0; start < rows.length; start += INSERT_ROWS) {
        const part = rows.slice(start, start + INSERT_ROWS);
        await tx
          .insert(listedUrls)
          .values(part.map((row, n) => ({ ...row, position: first + start + n })))
          .onConflictDoNothing();
      }
    });
  }

  async findCategory(projectId: string, key: string): Promise<{ id: string; name: string } | null> {
    const [row] = await this.database.db
      .select({ id: categories.id, name: categories.name })
      .from(categories)
      .where(and(eq(categories.projectId, projectId), eq(categories.key, key)));
    return row ?? null;
  }

  /** The same file sent again (a retried request) is stored once. */
  async addUpload(upload: {
    categoryId: string;
    fileName: string;
    sha256: string;
    bytes: number;
  }): Promise<void> {
    await this.database.db.insert(uploads).values(upload).onConflictDoNothing();
  }

  uploadsOf(projectId: string): Promise<UploadRow[]> {
    return this.database.db
      .select({
        id: uploads.id,
        categoryId: uploads.categoryId,
        fileName: uploads.fileName,
        sha256: uploads.sha256,
        bytes: uploads.bytes,
        createdAt: uploads.createdAt,
      })
      .from(uploads)
      .innerJoin(categories, eq(categories.id, uploads.categoryId))
      .where(eq(categories.projectId, projectId))
      .orderBy(asc(categories.position), asc(uploads.fileName), asc(uploads.sha256));
  }
}
