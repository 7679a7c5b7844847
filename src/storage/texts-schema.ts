import { index, integer, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { projects } from './schema.js';

/** Texts without labels that a person brought for word vectors to learn from: a blob holds a JSON list of many. */
export const textCorpora = pgTable(
  'text_corpora',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    projectId: uuid('project_id')
      .notNull()
      .references(() => projects.id, { onDelete: 'cascade' }),
    sha256: text('sha256').notNull(),
    texts: integer('texts').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('text_corpora_project').on(table.projectId)],
);
