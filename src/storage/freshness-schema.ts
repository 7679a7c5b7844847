import {
  boolean,
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
import type { MODEL_ACTIONS } from '../http/api/registry.js';
import type {
  FEEDBACK_STATES,
  Policy,
  RETRAINING_STATES,
  RETRAINING_TRIGGERS,
  Shadow,
  Triggers,
  Verdict,
} from '../http/api/retraining.js';
import { categories, models, projects, runs } from './schema.js';

/** What keeps models fresh: the history of their aliases, schedules, retrainings, and corrections from users. */

const moment = (name: string) => timestamp(name, { withTimezone: true });
const ofProject = () =>
  uuid('project_id')
    .notNull()
    .references(() => projects.id, { onDelete: 'cascade' });
const modelRef = (name: string) => uuid(name).references(() => models.id, { onDelete: 'cascade' });

/** Every change of an alias, with its reason. Only ever added to. */
export const modelEvents = pgTable(
  'model_events',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    /** Order of the events: two may have the same time. */
    position: integer('position').notNull().generatedAlwaysAsIdentity(),
    projectId: ofProject(),
    at: moment('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').$type<(typeof MODEL_ACTIONS)[number]>().notNull(),
    alias: text('alias').$type<'champion' | 'challenger'>().notNull(),
    fromId: modelRef('from_id'),
    toId: modelRef('to_id'),
    reason: text('reason').notNull(),
  },
  (table) => [index('model_events_project').on(table.projectId)],
);

export const schedules = pgTable('schedules', {
  projectId: ofProject().primaryKey(),
  cron: text('cron'),
  timeZone: text('time_zone').notNull(),
  paused: boolean('paused').notNull(),
  feed: text('feed'),
  triggers: jsonb('triggers').$type<Triggers>().notNull(),
  policy: jsonb('policy').$type<Policy>().notNull(),
  /** Backbones that are no news: those there were when the schedule was first set. */
  known: jsonb('known').$type<string[]>().notNull(),
  polledAt: moment('polled_at'),
  pollError: text('poll_error'),
  /** Firings of the clock up to here are done with; those missed while no service ran count as one. */
  firedUntil: moment('fired_until').notNull(),
  updatedAt: moment('updated_at').notNull(),
});

/** The key of every firing: whoever writes it first does the work, so that several workers fire once. */
export const firings = pgTable(
  'firings',
  {
    projectId: ofProject(),
    key: text('key').notNull(),
    at: moment('at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.key] })],
);

export const retrainings = pgTable(
  'retrainings',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: ofProject(),
    trigger: text('trigger').$type<(typeof RETRAINING_TRIGGERS)[number]>().notNull(),
    detail: text('detail').notNull(),
    state: text('state').$type<(typeof RETRAINING_STATES)[number]>().notNull().default('queued'),
    /** Tried alone on the champion's data set; empty: everything anew. */
    backbones: jsonb('backbones').$type<string[]>().notNull(),
    runId: uuid('run_id')
      .references(() => runs.id, { onDelete: 'cascade' })
      .unique(),
    championId: modelRef('champion_id'),
    challengerId: modelRef('challenger_id'),
    verdict: jsonb('verdict').$type<Verdict>(),
    shadow: jsonb('shadow').$type<Shadow>(),
    error: text('error'),
    createdAt: moment('created_at').notNull(),
    finishedAt: moment('finished_at'),
  },
  (table) => [index('retrainings_project').on(table.projectId), index('retrainings_state').on(table.state)],
);

/** "This was wrong: it is X". A person accepts it, then it is an own picture of X. */
export const feedback = pgTable(
  'feedback',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: ofProject(),
    modelId: modelRef('model_id').notNull(),
    sha256: text('sha256').notNull(),
    categoryId: uuid('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
    predicted: text('predicted'),
    note: text('note'),
    state: text('state').$type<(typeof FEEDBACK_STATES)[number]>().notNull().default('pending'),
    actor: text('actor').notNull(),
    createdAt: moment('created_at').notNull(),
    decidedAt: moment('decided_at'),
  },
  (table) => [unique('feedback_picture').on(table.projectId, table.sha256, table.categoryId)],
);
