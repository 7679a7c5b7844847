import { getTableColumns, sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Transaction } from '../storage/database.js';
import { candidates } from '../storage/schema.js';

/** Copies of a run's records for another run of the same project, inside the database. */

/** All columns of a table but those named. */
const columnsBut = (table: PgTable, ...except: string[]): SQL[] =>
  Object.values(getTableColumns(table))
    .filter(({ name }) => !except.includes(name))
    .map(({ name }) => sql`${sql.identifier(name)}`);

const list = (columns: readonly SQL[], alias?: string): SQL =>
  sql.join(
    columns.map((column) => (alias ? sql`${sql.identifier(alias)}.${column}` : column)),
    sql`, `,
  );

/** Of one run for another. */
export interface Copy {
  readonly from: string;
  readonly to: string;
}

/** Copies the rows of a table that is keyed by run; candidates get new ids, and their addresses tell which is which. */
export async function copyByRun(tx: Transaction, table: PgTable, { from, to }: Copy): Promise<void> {
  const columns = columnsBut(table, 'id', 'run_id');
  await tx.execute(sql`
    insert into ${table} (run_id, ${list(columns)})
    select ${to}, ${list(columns)} from ${table} where run_id = ${from}`);
}

/** Rows `r` of the old run, each with the copy `n` of its candidate. */
export const twins = (to: string): SQL => sql`join ${candidates} o on o.id = r.candidate_id
  join ${candidates} n on n.run_id = ${to} and n.category_id = o.category_id and n.image_url = o.image_url`;

/** Copies the rows of a table that is keyed by candidate; `only` chooses among the rows `r`. */
export async function copyByCandidate(
  tx: Transaction,
  table: PgTable,
  { from, to, only }: Copy & { readonly only?: SQL },
): Promise<void> {
  const columns = columnsBut(table, 'candidate_id', 'run_id');
  await tx.execute(sql`
    insert into ${table} (candidate_id, run_id, ${list(columns)})
    select n.id, ${to}, ${list(columns, 'r')} from ${table} r ${twins(to)}
    where r.run_id = ${from} ${only ? sql`and ${only}` : sql``}`);
}
