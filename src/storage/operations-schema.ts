import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  real,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Scope } from '../http/api/access.js';
import { models } from './schema.js';

/** What running the service needs: who may use it, who did what, and what the models answered. */

const id = () => uuid('id').primaryKey().defaultRandom();
const moment = (name: string) => timestamp(name, { withTimezone: true });
const modelId = () =>
  uuid('model_id')
    .notNull()
    .references(() => models.id, { onDelete: 'cascade' });

/** Keys of the API: only hashes. A revoked key stays, for the audit log names it. */
export const apiKeys = pgTable('api_keys', {
  id: id(),
  name: text('name').notNull(),
  start: text('start').notNull(),
  hash: text('hash').notNull().unique(),
  scopes: jsonb('scopes').$type<Scope[]>().notNull(),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at'),
  lastUsedAt: moment('last_used_at'),
  revokedAt: moment('revoked_at'),
});

/** Acts that need the scope admin. Only ever added to. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    position: integer('position').notNull().generatedAlwaysAsIdentity(),
    at: moment('at').notNull(),
    actor: text('actor').notNull(),
    action: text('action').notNull(),
    target: jsonb('target').$type<Record<string, string>>().notNull(),
    status: integer('status').notNull(),
    address: text('address'),
    requestId: text('request_id').notNull(),
  },
  (table) => [index('audit_log_position').on(table.position)],
);

/** What models answered. Pictures themselves are kept only where the operator says so. */
export const predictions = pgTable(
  'predictions',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    modelId: modelId(),
    at: moment('at').notNull(),
    sha256: text('sha256').notNull(),
    /** Null when the prediction failed: see `error`. */
    label: text('label'),
    confidence: doublePrecision('confidence'),
    /** Of the embedding; null for models of before there was any. */
    sketch: real('sketch').array(),
    latencyMs: doublePrecision('latency_ms').notNull(),
    error: text('error'),
    kept: boolean('kept').notNull(),
  },
  (table) => [index('predictions_model').on(table.modelId, table.at), index('predictions_at').on(table.at)],
);

/** Confidences and embeddings of a model on held-out pictures: live ones are compared with them. */
export const modelBaselines = pgTable('model_baselines', {
  modelId: modelId().primaryKey(),
  confidences: jsonb('confidences').$type<number[]>().notNull(),
  sketches: jsonb('sketches').$type<number[][]>().notNull().default([]),
  createdAt: moment('created_at').notNull(),
});

export const driftChecks = pgTable(
  'drift_checks',
  {
    id: id(),
    modelId: modelId(),
    at: moment('at').notNull(),
    kind: text('kind').$type<'confidence' | 'embedding'>().notNull(),
    statistic: doublePrecision('statistic').notNull(),
    pValue: doublePrecision('p_value').notNull(),
    threshold: doublePrecision('threshold').notNull(),
    window: integer('window').notNull(),
    alarm: boolean('alarm').notNull(),
    /** The last prediction of the window: the next window begins after it. */
    lastPrediction: bigint('last_prediction', { mode: 'number' }).notNull(),
  },
  (table) => [index('drift_checks_model').on(table.modelId, table.at)],
);
