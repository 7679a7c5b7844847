import { Inject, Injectable } from '@nestjs/common';
import { and, asc, desc, eq, max, type SQL } from 'drizzle-orm';
import { alias as tableAlias } from 'drizzle-orm/pg-core';
import type { PackageManifest } from '../../zoo/index.js';
import type { ModelEventView } from '../http/api/registry.js';
import type { ModelSummary } from '../runs/run.js';
import type { ModelRow } from '../serving/models.repository.js';
import type { Database, Transaction } from '../storage/database.js';
import { modelEvents, retrainings } from '../storage/freshness-schema.js';
import { modelAliases, models, projects } from '../storage/schema.js';
import { CLOCK, DATABASE, type Clock } from '../storage/tokens.js';
import { championBefore } from './champions.js';

export interface NewModel {
  readonly projectId: string;
  readonly runId: string;
  readonly folder: string;
  readonly summary: ModelSummary;
  readonly manifest: PackageManifest;
}

export type Alias = 'champion' | 'challenger';

/** A change of an alias and why. */
export interface AliasChange {
  readonly projectId: string;
  readonly alias: Alias;
  readonly action: ModelEventView['action'];
  /** Null takes the alias away. */
  readonly toId: string | null;
  readonly actor: string;
  readonly reason: string;
}

/** SQL of the versions of a project, their aliases and the history of those. */
@Injectable()
export class RegistryRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Registers a packaged model as the next version of its project. A run that a person started makes it the champion; one of a
   * retraining makes it the challenger, which has to win first. Idempotent by run.
   *
   * @returns its id
   */
  async register(model: NewModel): Promise<string> {
    const { projectId, runId } = model;
    return this.inProject(projectId, async (tx) => {
      const [last] = await tx
        .select({ version: max(models.version) })
        .from(models)
        .where(eq(models.projectId, projectId));
      const [row] = await tx
        .insert(models)
        .values({ ...model, version: (last?.version ?? 0) + 1 })
        .onConflictDoNothing({ target: models.runId })
        .returning({ id: models.id });
      if (!row) return this.renew(tx, model);
      const [retraining] = await tx.select().from(retrainings).where(eq(retrainings.runId, runId));
      const challenges = retraining !== undefined && (await this.aliasOf(projectId, 'champion', tx)) !== null;
      if (challenges)
        await tx.update(retrainings).set({ challengerId: row.id }).where(eq(retrainings.id, retraining.id));
      await this.change(tx, {
        projectId,
        alias: challenges ? 'challenger' : 'champion',
        action: challenges ? 'challenged' : 'built',
        toId: row.id,
        actor: retraining ? 'schedule' : 'local',
        reason: retraining ? `Retraining: ${retraining.detail}` : `Built by the run ${runId}`,
      });
      return row.id;
    });
  }

  /** A stage that was done again after a crash has written its package anew: what is known of it must be what lies there. */
  private async renew(tx: Transaction, { runId, folder, summary, manifest }: NewModel): Promise<string> {
    const [row] = await tx
      .update(models)
      .set({ folder, summary, manifest })
      .where(eq(models.runId, runId))
      .returning({ id: models.id });
    return row?.id ?? '';
  }

  /** Does work while nobody else changes the versions of the project. */
  inProject<T>(projectId: string, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.database.db.transaction(async (tx) => {
      await tx.select({ id: projects.id }).from(projects).where(eq(projects.id, projectId)).for('update');
      return work(tx);
    });
  }

  /** Sets or takes away an alias, and records it. Call it in `inProject`. */
  async change(tx: Transaction, change: AliasChange): Promise<string> {
    const { projectId, alias, toId } = change;
    const at = this.clock.now();
    const fromId = await this.aliasOf(projectId, alias, tx);
    if (toId === null) await this.dropAlias(tx, projectId, alias);
    else {
      const values = { modelId: toId, updatedAt: at };
      await tx
        .insert(modelAliases)
        .values({ projectId, alias, ...values })
        .onConflictDoUpdate({ target: [modelAliases.projectId, modelAliases.alias], set: values });
    }
    const [row] = await tx
      .insert(modelEvents)
      .values({ ...change, at, fromId })
      .returning({ id: modelEvents.id });
    return row?.id ?? '';
  }

  /** The model an alias of the project names, or null. */
  async aliasOf(
    projectId: string,
    alias: Alias,
    db: Pick<Transaction, 'select'> = this.database.db,
  ): Promise<string | null> {
    const [row] = await db
      .select({ modelId: modelAliases.modelId })
      .from(modelAliases)
      .where(isAlias(projectId, alias));
    return row?.modelId ?? null;
  }

  async model(id: string): Promise<ModelRow | null> {
    const [row] = await this.database.db.select().from(models).where(eq(models.id, id));
    return row ?? null;
  }

  async modelOf(projectId: string, alias: Alias): Promise<ModelRow | null> {
    const id = await this.aliasOf(projectId, alias);
    return id === null ? null : this.model(id);
  }

  /** The models that answer. */
  async champions(): Promise<string[]> {
    const rows = await this.database.db
      .select({ modelId: modelAliases.modelId })
      .from(modelAliases)
      .where(eq(modelAliases.alias, 'champion'));
    return rows.map(({ modelId }) => modelId);
  }

  async dropAlias(tx: Transaction, projectId: string, alias: Alias): Promise<void> {
    await tx.delete(modelAliases).where(isAlias(projectId, alias));
  }

  /** The champion to go back to, or null. */
  async championBefore(
    projectId: string,
    db: Pick<Transaction, 'select'> = this.database.db,
  ): Promise<string | null> {
    const events = await db
      .select()
      .from(modelEvents)
      .where(and(eq(modelEvents.projectId, projectId), eq(modelEvents.alias, 'champion')))
      .orderBy(asc(modelEvents.position));
    return championBefore(events);
  }

  /** Newest first. */
  async history(projectId: string, eventId?: string): Promise<ModelEventView[]> {
    const [from, to] = [tableAlias(models, 'from_model'), tableAlias(models, 'to_model')];
    const rows = await this.database.db
      .select({ event: modelEvents, fromVersion: from.version, toVersion: to.version })
      .from(modelEvents)
      .leftJoin(from, eq(from.id, modelEvents.fromId))
      .leftJoin(to, eq(to.id, modelEvents.toId))
      .where(and(eq(modelEvents.projectId, projectId), eventId ? eq(modelEvents.id, eventId) : undefined))
      .orderBy(desc(modelEvents.position))
      .limit(500);
    return rows.map(({ event, fromVersion, toVersion }) => ({
      id: event.id,
      projectId,
      at: event.at.toISOString(),
      actor: event.actor,
      action: event.action,
      alias: event.alias,
      from: event.fromId === null ? null : { id: event.fromId, version: fromVersion ?? 0 },
      to: event.toId === null ? null : { id: event.toId, version: toVersion ?? 0 },
      reason: event.reason,
    }));
  }
}

const isAlias = (projectId: string, alias: Alias): SQL | undefined =>
  and(eq(modelAliases.projectId, projectId), eq(modelAliases.alias, alias));
