import { doublePrecision, index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import type { Diagnosis, LearningCurve } from '../../zoo/index.js';
import { candidates, runs } from './schema.js';

/** Stage trials: what a run says about its own result, as a whole. */
export const runEvidence = pgTable('run_evidence', {
  runId: uuid('run_id')
    .primaryKey()
    .references(() => runs.id, { onDelete: 'cascade' }),
  learningCurve: jsonb('learning_curve').$type<LearningCurve>().notNull(),
  diagnosis: jsonb('diagnosis').$type<Diagnosis[]>().notNull(),
  /** Names of the categories by class number, as they were then. */
  labels: jsonb('labels').$type<string[]>().notNull(),
});

/** Stage trials: what the winner says of each development picture when it has not seen it. */
export const heldOutPredictions = pgTable(
  'held_out_predictions',
  {
    candidateId: uuid('candidate_id')
      .primaryKey()
      .references(() => candidates.id, { onDelete: 'cascade' }),
    runId: uuid('run_id')
      .notNull()
      .references(() => runs.id, { onDelete: 'cascade' }),
    sha256: text('sha256').notNull(),
    /** Class numbers. */
    truth: integer('truth').notNull(),
    predicted: integer('predicted').notNull(),
    confidence: doublePrecision('confidence').notNull(),
  },
  (table) => [index('held_out_predictions_cell').on(table.runId, table.truth, table.predicted)],
);
