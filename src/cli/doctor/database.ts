import { duration } from '../render/format.js';
import { essential, ok, type Check } from './check.js';

/** Starts an embedded database in memory, so that no data folder is touched; or connects to the server that is set. */
const database: Check = {
  id: 'database',
  title: 'Database',
  onFailure: essential,
  run: async ({ databaseUrl }) => {
    const startedAtMs = performance.now();
    const version = databaseUrl === null ? await askPglite() : await askServer(databaseUrl);
    return ok(`${version}, answered in ${duration(performance.now() - startedAtMs)}`);
  },
};

async function askPglite(): Promise<string> {
  const { PGlite } = await import('@electric-sql/pglite');
  const client = await PGlite.create();
  try {
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return `PGlite (PostgreSQL ${rows[0]?.server_version})`;
  } finally {
    await client.close();
  }
}

async function askServer(url: string): Promise<string> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('show server_version');
    return `PostgreSQL ${rows[0]?.server_version} at DATABASE_URL`;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `The server at DATABASE_URL cannot be used (${why}): start it, correct the address, or unset it to use PGlite.`,
    );
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const databaseChecks: readonly Check[] = [database];
