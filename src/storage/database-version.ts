import { PGlite } from '@electric-sql/pglite';
import pg from 'pg';

interface VersionRow {
  server_version: string;
}

/**
 * Asks the database for its version without touching any data: PGlite starts in memory, a server is only greeted.
 * @throws Error saying what to do, when it can't be used
 */
export async function databaseVersion(databaseUrl: string | null): Promise<string> {
  return databaseUrl === null ? pgliteVersion() : serverVersion(databaseUrl);
}

async function pgliteVersion(): Promise<string> {
  const client = await PGlite.create();
  try {
    const { rows } = await client.query<VersionRow>('show server_version');
    return `PGlite (PostgreSQL ${rows[0]?.server_version})`;
  } finally {
    await client.close();
  }
}

async function serverVersion(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<VersionRow>('show server_version');
    return `PostgreSQL ${rows[0]?.server_version} at DATABASE_URL`;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const fix = 'start it, correct the address, or unset DATABASE_URL to use PGlite';
    throw new Error(`the server at DATABASE_URL cannot be used (${why}): ${fix}`, { cause });
  } finally {
    await client.end().catch(() => undefined);
  }
}
