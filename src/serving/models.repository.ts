import { Inject, Injectable } from '@nestjs/common';
import { and, desc, eq } from 'drizzle-orm';
import type { Database } from '../storage/database.js';
import { modelAliases, models } from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';

export type ModelRow = typeof models.$inferSelect;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isModelId = (name: string): boolean => UUID.test(name);

/** SQL of packaged models and their aliases. */
@Injectable()
export class ModelsRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  list(): Promise<ModelRow[]> {
    return this.database.db.select().from(models).orderBy(desc(models.createdAt)).limit(500);
  }

  /** The models that aliases point to, the alias set last first. */
  async aliased(limit: number): Promise<ModelRow[]> {
    const rows = await this.database.db
      .select({ model: models })
      .from(modelAliases)
      .innerJoin(models, eq(models.id, modelAliases.modelId))
      .orderBy(desc(modelAliases.updatedAt))
      .limit(limit);
    return rows.map(({ model }) => model);
  }

  async aliasesOf(modelId: string): Promise<string[]> {
    const rows = await this.database.db
      .select({ alias: modelAliases.alias })
      .from(modelAliases)
      .where(eq(modelAliases.modelId, modelId));
    return rows.map((row) => row.alias);
  }

  /** By id, by `<projectId>:<alias>`, or by an alias alone: then the one that was set last, over all projects. */
  async find(idOrAlias: string): Promise<ModelRow | null> {
    if (UUID.test(idOrAlias)) {
      const [row] = await this.database.db.select().from(models).where(eq(models.id, idOrAlias));
      return row ?? null;
    }
    const [projectId, alias] = idOrAlias.includes(':') ? idOrAlias.split(':', 2) : [null, idOrAlias];
    if (projectId !== null && !UUID.test(projectId ?? '')) return null;
    const [row] = await this.database.db
      .select({ model: models })
      .from(modelAliases)
      .innerJoin(models, eq(models.id, modelAliases.modelId))
      .where(
        and(
          eq(modelAliases.alias, alias ?? ''),
          projectId ? eq(modelAliases.projectId, projectId) : undefined,
        ),
      )
      .orderBy(desc(modelAliases.updatedAt))
      .limit(1);
    return row?.model ?? null;
  }
}
