import { Inject, Injectable } from '@nestjs/common';
import { and, asc, eq, inArray, isNotNull, isNull, like, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Database } from '../storage/database.js';
import { lockStage } from '../storage/lock-stage.js';
import { MEASURES_VERSION, type InspectMeasures } from './inspect/inspect.js';
import {
  candidates,
  categories,
  curations,
  duplicates,
  fetches,
  inspections,
  runs,
  splits,
} from '../storage/schema.js';
import { DATABASE } from '../storage/tokens.js';
import { insertInParts } from './insert-in-parts.js';

export type InspectionRow = typeof inspections.$inferInsert;
export type DuplicateRow = typeof duplicates.$inferInsert;
export type SplitRow = typeof splits.$inferInsert;

/** A fetched picture that nobody has looked at yet. */
export interface PendingInspection {
  readonly candidateId: string;
  readonly provider: string;
  readonly sha256: string;
}

/** A picture that passed inspection, as dedupe wants it; its hashes are asked for apart, since most are known already. */
export interface InspectedPicture {
  readonly candidateId: string;
  readonly categoryId: string;
  readonly provider: string;
  readonly query: string;
  readonly rank: number;
  readonly licence: string | null;
  readonly imageUrl: string;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  /** Share of the area inside the plain border. */
  readonly contentShare: number;
}

/** A picture that is to be dealt out. */
export interface KeptPicture {
  readonly candidateId: string;
  readonly categoryId: string;
  readonly groupKey: string;
  readonly sha256: string;
}

/** Where a picture was in an earlier run. */
export interface EarlierPlacement {
  readonly sha256: string;
  readonly part: 'train' | 'validation' | 'test';
  readonly fold: number;
}

/** A picture of the data set. `fold` is -1 for test. */
export interface SplitPicture {
  readonly candidateId: string;
  readonly sha256: string;
  /** Position of its category: the class number. */
  readonly label: number;
  readonly part: 'train' | 'validation' | 'test';
  readonly fold: number;
  /** Its duplicate group. */
  readonly group: string;
  readonly provider: string;
  /** How surely its label is wrong, and the position of the category it looks like; null where nobody doubts it. */
  readonly suspicion: number | null;
  readonly suggestion: number | null;
}

/** What a picture looks like, where it is doubted. */
const suggested = alias(categories, 'suggested');

/** SQL of the stages inspect, dedupe and split. */
@Injectable()
export class DatasetRepository {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  /** @param digits only pictures whose names begin so; all of them when empty */
  async pendingInspections(runId: string, digits = ''): Promise<PendingInspection[]> {
    const rows = await this.database.db
      .select({ candidateId: candidates.id, provider: candidates.provider, sha256: fetches.sha256 })
      .from(fetches)
      .innerJoin(candidates, eq(candidates.id, fetches.candidateId))
      .leftJoin(inspections, eq(inspections.candidateId, fetches.candidateId))
      .where(
        and(
          eq(fetches.runId, runId),
          isNotNull(fetches.sha256),
          isNull(inspections.candidateId),
          like(fetches.sha256, `${digits}%`),
        ),
      );
    return rows as PendingInspection[]; // the condition says that each has a sha256
  }

  /** What any run has measured, as it is measured today, on the pictures that this one has yet to inspect. By sha256. */
  async measuredBefore(runId: string): Promise<Map<string, InspectMeasures>> {
    const rows = await this.database.rows<{ sha256: string; measures: InspectMeasures }>(sql`
      select distinct on (f.sha256) f.sha256, i.measures
      from ${fetches} mine
      left join ${inspections} done on done.candidate_id = mine.candidate_id
      join ${fetches} f on f.sha256 = mine.sha256
      join ${inspections} i on i.candidate_id = f.candidate_id
      where mine.run_id = ${runId} and done.candidate_id is null
        and i.measures->>'version' = ${String(MEASURES_VERSION)}
      order by f.sha256, (i.measures->'safety') is null`);
    return new Map(rows.map(({ sha256, measures }) => [sha256, measures]));
  }

  /** Where the candidates of a run come from, each source once. */
  async providersOf(runId: string): Promise<string[]> {
    const rows = await this.database.db
      .selectDistinct({ provider: candidates.provider })
      .from(candidates)
      .where(eq(candidates.runId, runId));
    return rows.map(({ provider }) => provider);
  }

  async countFetched(runId: string): Promise<number> {
    const [row] = await this.database.db
      .select({ count: sql<number>`count(*)::int` })
      .from(fetches)
      .where(and(eq(fetches.runId, runId), isNotNull(fetches.sha256)));
    return row?.count ?? 0;
  }

  async addInspections(rows: InspectionRow[]): Promise<void> {
    await this.database.db.insert(inspections).values(rows).onConflictDoNothing();
  }

  /** In an order that depends on nothing but the pictures and where they were found. */
  async inspected(runId: string): Promise<InspectedPicture[]> {
    const rows = await this.database.db
      .select({
        candidateId: candidates.id,
        categoryId: candidates.categoryId,
        provider: candidates.provider,
        query: candidates.query,
        rank: candidates.rank,
        licence: candidates.licence,
        imageUrl: candidates.imageUrl,
        sha256: fetches.sha256,
        width: inspections.width,
        height: inspections.height,
        format: inspections.format,
        bytes: sql<number>`(${inspections.measures}->>'bytes')::int`,
        contentShare: sql<number>`coalesce((${inspections.measures}->>'contentShare')::float8, 1)`,
      })
      .from(inspections)
      .innerJoin(candidates, eq(candidates.id, inspections.candidateId))
      .innerJoin(fetches, eq(fetches.candidateId, inspections.candidateId))
      .innerJoin(categories, eq(categories.id, candidates.categoryId))
      .where(and(eq(inspections.runId, runId), isNull(inspections.reason)))
      .orderBy(
        asc(categories.position),
        asc(candidates.provider),
        asc(candidates.query),
        asc(candidates.rank),
      );
    return rows as InspectedPicture[]; // kept rows have all of these: see inspect.stage.ts
  }

  /** What was measured on some pictures, by candidate. */
  async measuresOf(candidateIds: readonly string[]): Promise<Map<string, InspectMeasures>> {
    const rows = await this.database.db
      .select({ id: inspections.candidateId, measures: inspections.measures })
      .from(inspections)
      .where(inArray(inspections.candidateId, [...candidateIds]));
    return new Map(rows.flatMap(({ id, measures }) => (measures ? [[id, measures]] : [])));
  }

  /** Dedupe looks at all pictures anew each round, so its records are replaced as a whole. */
  async replaceDuplicates(runId: string, rows: readonly DuplicateRow[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'dedupe');
      await tx.delete(duplicates).where(eq(duplicates.runId, runId));
      await insertInParts(rows, (part) => tx.insert(duplicates).values(part));
    });
  }

  /** Kept pictures that a provider found, by category id. */
  async keptCrawledByCategory(runId: string): Promise<Map<string, number>> {
    const rows = await this.database.db
      .select({ categoryId: candidates.categoryId, count: sql<number>`count(*)::int` })
      .from(duplicates)
      .innerJoin(candidates, eq(candidates.id, duplicates.candidateId))
      .where(and(eq(duplicates.runId, runId), isNull(duplicates.reason), isNull(candidates.uploadId)))
      .groupBy(candidates.categoryId);
    return new Map(rows.map((row) => [row.categoryId, row.count]));
  }

  /** What curation kept, with the group and the category of each, in a stable order. */
  async kept(runId: string): Promise<KeptPicture[]> {
    const rows = await this.database.db
      .select({
        candidateId: curations.candidateId,
        categoryId: curations.categoryId,
        groupKey: duplicates.groupKey,
        sha256: fetches.sha256,
      })
      .from(curations)
      .innerJoin(duplicates, eq(duplicates.candidateId, curations.candidateId))
      .innerJoin(categories, eq(categories.id, curations.categoryId))
      .innerJoin(fetches, eq(fetches.candidateId, curations.candidateId))
      .where(and(eq(curations.runId, runId), isNull(curations.reason)))
      .orderBy(asc(categories.position), asc(duplicates.groupKey));
    return rows as KeptPicture[]; // what was kept was fetched
  }

  /** The duplicate group of every picture that dedupe has seen, copies included. */
  async groupsOf(runId: string): Promise<{ sha256: string; groupKey: string }[]> {
    const rows = await this.database.db
      .selectDistinct({ sha256: fetches.sha256, groupKey: duplicates.groupKey })
      .from(duplicates)
      .innerJoin(fetches, eq(fetches.candidateId, duplicates.candidateId))
      .where(eq(duplicates.runId, runId));
    return rows as { sha256: string; groupKey: string }[];
  }

  /** Where earlier runs of the project put their pictures: a copy that was dropped stands where its group stands. */
  earlierPlacements(projectId: string, runId: string): Promise<EarlierPlacement[]> {
    return this.database.rows<EarlierPlacement>(sql`
      select distinct f.sha256, s.part, s.fold
      from ${splits} s
      join ${runs} r on r.id = s.run_id
      join ${duplicates} placed on placed.candidate_id = s.candidate_id
      join ${duplicates} d on d.run_id = s.run_id and d.group_key = placed.group_key
      join ${fetches} f on f.candidate_id = d.candidate_id
      where r.project_id = ${projectId} and r.id <> ${runId} and s.reason is null`);
  }

  async replaceSplits(runId: string, rows: readonly SplitRow[]): Promise<void> {
    await this.database.db.transaction(async (tx) => {
      await lockStage(tx, runId, 'split');
      await tx.delete(splits).where(eq(splits.runId, runId));
      await insertInParts(rows, (part) => tx.insert(splits).values(part));
    });
  }

  /** The data set of a run, in a stable order: the row order of every feature matrix. */
  async splitPictures(runId: string): Promise<SplitPicture[]> {
    const rows = await this.database.db
      .select({
        candidateId: splits.candidateId,
        sha256: fetches.sha256,
        label: categories.position,
        part: splits.part,
        fold: splits.fold,
        group: duplicates.groupKey,
        provider: candidates.provider,
        suspicion: curations.suspicion,
        suggestion: suggested.position,
      })
      .from(splits)
      .innerJoin(curations, eq(curations.candidateId, splits.candidateId))
      .innerJoin(categories, eq(categories.id, curations.categoryId))
      .innerJoin(fetches, eq(fetches.candidateId, splits.candidateId))
      .innerJoin(candidates, eq(candidates.id, splits.candidateId))
      .innerJoin(duplicates, eq(duplicates.candidateId, splits.candidateId))
      .leftJoin(suggested, eq(suggested.id, curations.suggestedId))
      .where(and(eq(splits.runId, runId), isNull(splits.reason)))
      .orderBy(asc(categories.position), asc(fetches.sha256));
    return rows as SplitPicture[]; // a split picture was fetched, so its sha256 is set
  }
}
