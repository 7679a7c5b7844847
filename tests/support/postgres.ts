import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

const run = promisify(execFile);

/** A PostgreSQL server of its own. */
export interface PostgresServer {
  readonly url: string;
  /** As a crash would: every connection breaks, nothing is said good-bye to. Resolves when it answers again. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

let server: Promise<PostgresServer | null> | null = null;

/** A real PostgreSQL server for this test process, started at the first call; null when its binaries are not installed. */
export async function postgresUrl(): Promise<string | null> {
  server ??= startPostgres();
  return (await server)?.url ?? null;
}

/** A database of its own on that server. */
export async function temporaryDatabase(): Promise<{ url: string; remove(): Promise<void> }> {
  const base = await postgresUrl();
  if (!base) throw new Error('No PostgreSQL here: guard the test with postgresUrl().');
  const name = `graft_${randomBytes(6).toString('hex')}`;
  await query(base, `create database ${name}`);
  const url = new URL(base);
  url.pathname = `/${name}`;
  return { url: url.href, remove: () => query(base, `drop database if exists ${name} with (force)`) };
}

async function query(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(text).finally(() => client.end());
}

async function findBinaries(): Promise<string | null> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => [] as string[]);
  const newest = versions.sort((a, b) => Number(b) - Number(a))[0];
  return newest ? join('/usr/lib/postgresql', newest, 'bin') : null;
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
const asPostgres = (command: string[]): [string, string[]] =>
  process.getuid?.() === 0
    ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]]
    : [command[0] ?? '', command.slice(1)];

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** @returns null when its binaries are not installed */
export async function startPostgres(): Promise<PostgresServer | null> {
  const binaries = await findBinaries();
  if (!binaries) return null;
  const folder = await mkdtemp(join(tmpdir(), 'graft-postgres-'));
  await chmod(folder, 0o777);
  const data = join(folder, 'data');
  const init = [join(binaries, 'initdb'), '-D', data, '-U', 'graft', '-A', 'trust', '--no-sync'];
  await run(...asPostgres(init), { cwd: folder });
  const port = String(await freePort());
  const serve = [join(binaries, 'postgres'), '-D', data, '-p', port, '-k', folder, '-h', '127.0.0.1', '-F'];
  const begin = async (): Promise<ChildProcess> => {
    const child = spawn(...asPostgres(serve), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    await ready(child);
    return child;
  };
  let child = await begin();
  const end = async (): Promise<void> => {
    const gone = once(child, 'exit');
    child.kill('SIGQUIT');
    await gone;
  };
  process.once('exit', () => child.kill('SIGKILL'));
  process.once('beforeExit', () => void rm(folder, { recursive: true, force: true }));
  return {
    url: `postgresql://graft@127.0.0.1:${port}/postgres`,
    crash: async () => {
      await end();
      child = await begin();
    },
    stop: async () => {
      await end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function ready(child: ChildProcess): Promise<void> {
  let output = '';
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes('ready to accept connections')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${output}`)));
  });
}
