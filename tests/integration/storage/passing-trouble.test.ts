import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { openDatabase } from '../../../src/storage/database.js';
import { isPassingTrouble } from '../../../src/storage/passing-trouble.js';
import { postgresUrl, temporaryDatabase } from '../../support/postgres.js';

const server = await postgresUrl();
if (!server) console.warn('\n*** No PostgreSQL server binaries here: skipped. ***\n');

const reasonOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

it.runIf(server)(
  'a connection lost in a transaction is the database’s trouble, whatever step meets it',
  async () => {
    const { url, remove } = await temporaryDatabase();
    const { db, close } = await openDatabase({ dataDir: '/nowhere', databaseUrl: url });
    const end = sql`select pg_terminate_backend(pg_backend_pid())`;
    const step = await reasonOf(db.transaction((tx) => tx.execute(end)));
    // What the driver then says of the rollback takes the place of what went wrong before it.
    const rollback = await reasonOf(
      db.transaction(async (tx) => {
        await reasonOf(tx.execute(end));
        await new Promise((resolve) => setTimeout(resolve, 100));
        throw new Error('something else');
      }),
    );
    const wrong = await reasonOf(Promise.resolve(db.execute(sql`select nothing from nowhere`)));
    await close();
    await remove();
    expect([step, rollback].map(String)).toEqual([
      expect.stringContaining('Failed query'),
      expect.stringContaining('rollback'),
    ]);
    expect([step, rollback, wrong].map(isPassingTrouble)).toEqual([true, true, false]);
  },
);
