import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { RunSettings } from '../config/settings.js';
import type { ModalityId } from '../modalities/modality.js';
import type { ModelSummary, RunError, StageName, TrialCost, TrialValidation } from '../runs/run.js';
import type { KeptSelection } from '../runs/selection.js';
import type { Candidate, ProviderErrorReason, SearchCursor, SourceState } from '../../crawlers/index.js';
import type { PackageManifest } from '../../zoo/index.js';
import type { InspectMeasures } from '../dataset/inspect/inspect.js';
import type { DecisionAction, LeakDelta, WrongQuery } from '../dataset/curate/curation.js';

/**
 * One schema for PGlite and PostgreSQL. Each stage owns one table and writes only there; a picture's story is the join of
 * its rows from `candidates` onwards, all keyed by the candidate's id.
 */

const id = () => uuid('id').primaryKey().defaultRandom();
const createdAt = () => timestamp('created_at', { withTimezone: true }).notNull().defaultNow();
const runId = () =>
  uuid('run_id')
    .notNull()
    .references(() => runs.id, { onDelete: 'cascade' });
const candidateKey = () =>
  uuid('candidate_id')
    .primaryKey()
    .references(() => candidates.id, { onDelete: 'cascade' });

export const projects = pgTable('projects', {
  id: id(),
  name: text('name').notNull(),
  modality: text('modality').$type<ModalityId>().notNull().default('image'),
  createdAt: createdAt(),
});

export const categories = pgTable(
  'categories',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    name: text('name').notNull(),
    /** The name folded for comparison (case, spaces, Unicode form): two names with one key are the same category. */
    key: text('key').notNull(),
    position: integer('position').notNull(),
  },
  (table) => [unique('categories_project_key').on(table.projectId, table.key)],
);

/** Own pictures, brought by a person. They enter a run as candidates of the provider `upload`. */
export const uploads = pgTable(
  'uploads',
  {
    id: id(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    fileName: text('file_name').notNull(),
    sha256: text('sha256').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique('uploads_category_file').on(table.categoryId, table.fileName, table.sha256)],
);

/** Addresses of pictures, listed by a person. They enter a run as candidates of the provider `url-list`. */
export const listedUrls = pgTable(
  'listed_urls',
  {
    id: id(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    /** Order of the list: sent rows are appended. */
    position: integer('position').notNull(),
    imageUrl: text('image_url').notNull(),
    pageUrl: text('page_url'),
    creator: text('creator'),
    licence: text('licence'),
    licenceUrl: text('licence_url'),
  },
  (table) => [unique('listed_urls_address').on(table.categoryId, table.imageUrl)],
);

export const runs = pgTable(
  'runs',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    state: text('state')
      .$type<'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'>()
      .notNull()
      .default('queued'),
    /** The stage to run next, or the one running now. */
    stage: text('stage').$type<StageName>().notNull().default('search'),
    /** How often the run has gone back to search for more pictures. */
    round: integer('round').notNull().default(0),
    settings: jsonb('settings').$type<RunSettings>().notNull(),
    error: jsonb('error').$type<RunError>(),
    /** Which process works on the run, and until when it may be believed alive. */
    leaseOwner: text('lease_owner'),
    leaseUntil: timestamp('lease_until', { withTimezone: true }),
    /** How often in a row a worker died with the run at the place that `lossMark` names. */
    losses: integer('losses').notNull().default(0),
    lossMark: text('loss_mark'),
    createdAt: createdAt(),
    startedAt: timestamp('started_at', { withTimezone: true }),
    finishedAt: timestamp('finished_at', { withTimezone: true }),
  },
  (table) => [index('runs_project').on(table.projectId), index('runs_state').on(table.state)],
);

export const runStages = pgTable(
  'run_stages',
  {
    runId: runId(),
    stage: text('stage').$type<StageName>().notNull(),
    state: text('state').$type<'running' | 'done' | 'failed'>().notNull(),
    done: integer('done').notNull().default(0),
    total: integer('total').notNull().default(0),
    note: text('note'),
    /** Working time so far, summed over rounds and restarts. */
    elapsedMs: doublePrecision('elapsed_ms').notNull().default(0),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.stage] })],
);

export const candidates = pgTable(
  'candidates',
  {
    id: id(),
    runId: runId(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    round: integer('round').notNull(),
    provider: text('provider').notNull(),
    query: text('query').notNull(),
    rank: integer('rank').notNull(),
    imageUrl: text('image_url').notNull(),
    pageUrl: text('page_url'),
    title: text('title'),
    width: integer('width'),
    height: integer('height'),
    sha1: text('sha1'),
    creator: text('creator'),
    licence: text('licence'),
    licenceUrl: text('licence_url'),
    uploadId: uuid('upload_id').references(() => uploads.id, { onDelete: 'set null' }),
    /** Address of the candidate of this category that is the same picture, found before: told without downloading it. */
    twinOf: text('twin_of'),
    createdAt: createdAt(),
  },
  (table) => [
    unique('candidates_address').on(table.runId, table.categoryId, table.imageUrl),
    index('candidates_run').on(table.runId),
  ],
);

/** Stage search: how far each search of a run has come, one query at one provider, with what a restart needs to go on. */
export const searches = pgTable(
  'searches',
  {
    runId: runId(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    provider: text('provider').notNull(),
    query: text('query').notNull(),
    /** Place among the searches of its category, in the order of preference. */
    position: integer('position').notNull(),
    tier: integer('tier').notNull(),
    state: text('state').$type<SourceState['state']>().notNull(),
    cursor: jsonb('cursor').$type<SearchCursor>(),
    pages: integer('pages').notNull(),
    /** Candidates read and not yet taken. */
    rows: jsonb('rows').$type<Candidate[]>().notNull(),
    turn: integer('turn'),
    found: integer('found').notNull(),
    again: integer('again').notNull(),
    reason: text('reason').$type<ProviderErrorReason>(),
    detail: text('detail'),
  },
  (table) => [primaryKey({ columns: [table.runId, table.categoryId, table.provider, table.query] })],
);

/** Stage fetch: what became of each candidate's address. `sha256` names the blob when it was kept. */
export const fetches = pgTable(
  'fetches',
  {
    candidateId: candidateKey(),
    runId: runId(),
    reason: text('reason'),
    detail: text('detail'),
    sha256: text('sha256'),
    bytes: bigint('bytes', { mode: 'number' }),
    mime: text('mime'),
    finalUrl: text('final_url'),
    fetchedAt: timestamp('fetched_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('fetches_run').on(table.runId)],
);

/** Failed fetches that were asked for again: the record that was replaced stays here. Only ever added to. */
export const fetchRetries = pgTable(
  'fetch_retries',
  {
    id: id(),
    candidateId: uuid('candidate_id')
      .notNull()
      .references(() => candidates.id, { onDelete: 'cascade' }),
    runId: runId(),
    reason: text('reason').notNull(),
    detail: text('detail'),
    fetchedAt: timestamp('fetched_at', { withTimezone: true }).notNull(),
    retriedAt: timestamp('retried_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('fetch_retries_run').on(table.runId)],
);

/** Stage inspect: what one decode tells. A null `reason` means kept. */
export const inspections = pgTable(
  'inspections',
  {
    candidateId: candidateKey(),
    runId: runId(),
    reason: text('reason'),
    detail: text('detail'),
    width: integer('width'),
    height: integer('height'),
    format: text('format'),
    measures: jsonb('measures').$type<InspectMeasures>(),
  },
  (table) => [index('inspections_run').on(table.runId)],
);

/** Stage dedupe: the group of each inspected picture; `groupKey` is the sha256 of its keeper. */
export const duplicates = pgTable(
  'duplicates',
  {
    candidateId: candidateKey(),
    runId: runId(),
    groupKey: text('group_key').notNull(),
    reason: text('reason'),
    detail: text('detail'),
    keeperId: uuid('keeper_id'),
    distance: integer('distance'),
  },
  (table) => [index('duplicates_run').on(table.runId)],
);

/** Stage split: the part of each kept picture; `fold` is -1 for test. */
export const splits = pgTable(
  'splits',
  {
    candidateId: candidateKey(),
    runId: runId(),
    part: text('part').$type<'train' | 'validation' | 'test'>().notNull(),
    fold: integer('fold').notNull(),
    reason: text('reason'),
  },
  (table) => [index('splits_run').on(table.runId)],
);

/** Stage curate: what becomes of each picture that dedupe kept, or that a person put back. A null `reason` means kept. */
export const curations = pgTable(
  'curations',
  {
    candidateId: candidateKey(),
    runId: runId(),
    /** The category from here on: another than the candidate's when a person moved the picture. */
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    reason: text('reason'),
    detail: text('detail'),
    /** What a person decided, when one did: such a picture is not doubted. */
    decision: text('decision').$type<DecisionAction>(),
    doubt: text('doubt').$type<'outlier' | 'likely-mislabelled'>(),
    /** How sure the doubt is, 0..1. */
    suspicion: doublePrecision('suspicion'),
    /** Lead of the suggested category in held-out scores: ranks doubts that are as sure as one another. */
    margin: doublePrecision('margin'),
    suggestedId: uuid('suggested_id').references(() => categories.id, { onDelete: 'cascade' }),
  },
  (table) => [index('curations_run').on(table.runId)],
);

/** Stage curate: what it says of the run as a whole. */
export const curationReports = pgTable('curation_reports', {
  runId: runId().primaryKey(),
  /** Ids of those that were asked, with commas between; empty when curation did not look. */
  backbones: text('backbone'),
  leakDelta: jsonb('leak_delta').$type<LeakDelta>(),
  wrongQueries: jsonb('wrong_queries').$type<WrongQuery[]>().notNull(),
});

/** What persons decided about pictures of a project, by content: it holds for every later run. */
export const decisions = pgTable(
  'decisions',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    sha256: text('sha256').notNull(),
    action: text('action').$type<DecisionAction>().notNull(),
    /** Where the picture belongs; null when it is dropped. */
    categoryId: uuid('category_id').references(() => categories.id, { onDelete: 'cascade' }),
    decidedAt: timestamp('decided_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.sha256] })],
);

/** Frozen data sets. The key is made of the contents, so equal sets of two runs are one version. */
export const datasetVersions = pgTable('dataset_versions', {
  version: text('version').primaryKey(),
  categories: jsonb('categories').$type<string[]>().notNull(),
  createdAt: createdAt(),
});

export const datasetPictures = pgTable(
  'dataset_pictures',
  {
    version: text('version')
      .notNull()
      .references(() => datasetVersions.version, { onDelete: 'cascade' }),
    sha256: text('sha256').notNull(),
    category: text('category').notNull(),
    part: text('part').$type<'train' | 'validation' | 'test'>().notNull(),
    provider: text('provider').notNull(),
    query: text('query').notNull(),
    imageUrl: text('image_url').notNull(),
    pageUrl: text('page_url'),
    title: text('title'),
    creator: text('creator'),
    licence: text('licence'),
    licenceUrl: text('licence_url'),
  },
  (table) => [primaryKey({ columns: [table.version, table.sha256] })],
);

/** The version each run trains on; written by stage split. */
export const runVersions = pgTable(
  'run_versions',
  {
    runId: runId().primaryKey(),
    version: text('version')
      .notNull()
      .references(() => datasetVersions.version, { onDelete: 'cascade' }),
  },
  (table) => [index('run_versions_version').on(table.version)],
);

/** Stage trials: immutable once written. */
export const trials = pgTable(
  'trials',
  {
    id: id(),
    runId: runId(),
    position: integer('position').notNull(),
    backbone: text('backbone').notNull(),
    tap: text('tap').notNull(),
    head: text('head').notNull(),
    params: jsonb('params').$type<Record<string, number | string>>().notNull(),
    state: text('state').$type<'complete' | 'pruned' | 'failed'>().notNull(),
    validation: jsonb('validation').$type<TrialValidation>(),
    cost: jsonb('cost').$type<TrialCost>().notNull(),
    reason: text('reason'),
  },
  (table) => [index('trials_run').on(table.runId)],
);

/** Stage trials: how the winner was chosen. */
export const selections = pgTable('selections', {
  runId: runId().primaryKey(),
  summary: jsonb('summary').$type<KeptSelection>().notNull(),
});

/** Stages select and package: one model for each successful run; the test score was read once, when this row was made. */
export const models = pgTable(
  'models',
  {
    id: id(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    runId: runId().unique(),
    version: integer('version').notNull(),
    folder: text('folder').notNull(),
    summary: jsonb('summary').$type<ModelSummary>().notNull(),
    manifest: jsonb('manifest').$type<PackageManifest>().notNull(),
    createdAt: createdAt(),
  },
  (table) => [unique('models_project_version').on(table.projectId, table.version)],
);

export const modelAliases = pgTable(
  'model_aliases',
  {
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    alias: text('alias').notNull(),
    modelId: uuid('model_id')
      .notNull()
      .references(() => models.id, { onDelete: 'cascade' }),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.alias] })],
);

/** Shares of a stage's work that workers have taken; see src/runs/shares.ts. Only used where several processes share a database. */
export const claims = pgTable(
  'claims',
  {
    scope: text('scope').notNull(),
    item: text('item').notNull(),
    owner: text('owner').notNull(),
    until: timestamp('until', { withTimezone: true }).notNull(),
    done: boolean('done').notNull().default(false),
  },
  (table) => [primaryKey({ columns: [table.scope, table.item] }), index('claims_owner').on(table.owner)],
);
