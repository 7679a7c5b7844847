import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../src/config/version.js';
import { startPictureServer, type PictureServer } from '../../tests/support/picture-server.js';
import { startPostgres, type PostgresServer } from '../../tests/support/postgres.js';
import { startServiceProcess, type ServiceProcess } from '../../tests/support/service-process.js';
import { startFaultyS3, type FaultyS3 } from './faulty-s3.js';
import { jumpingClock } from './jumping-clock.js';
import { mountSmallDisk, type SmallDisk } from './small-disk.js';

const WORKERS = 2;
/** The shortest lease there is: a worker is taken for dead after it. */
const LEASE_S = 1;
const DISK_MIB = 96;
/** Few hosts, so that fetching takes as long as the other stages. */
const HOSTS = 3;

/** A process that is started again whenever it ends, as a supervisor would. */
export interface Kept {
  readonly name: string;
  readonly folder: string;
  readonly clockFile: string;
  readonly disk: SmallDisk | null;
  /** The process of now. */
  child(): ChildProcess;
  /** Ends that nobody had asked for. */
  deaths(): readonly string[];
  kill(signal: NodeJS.Signals): void;
  /** Resolves when it is at work. */
  ready(): Promise<void>;
  stop(): Promise<void>;
}

/** Service and workers with all they stand on, and a service beside them that nobody disturbs. */
export interface Cluster {
  readonly database: PostgresServer;
  readonly s3: FaultyS3;
  readonly pictures: PictureServer;
  readonly api: Kept;
  readonly workers: readonly Kept[];
  readonly alone: ServiceProcess;
  url(): string;
  close(): Promise<void>;
}

const LISTENS = /Listening on (http:\/\/\S+);/;
const WORKS = /works on/;

interface Recipe {
  readonly name: string;
  readonly root: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly announces: RegExp;
  readonly onReady: (said: RegExpExecArray) => void;
}

async function keep({ name, root, args, env, announces, onReady }: Recipe): Promise<Kept> {
  const folder = join(root, name);
  const disk = await mountSmallDisk(folder, DISK_MIB);
  const clockFile = join(root, `${name}.clock`);
  await writeFile(clockFile, '0');
  await cp(join(root, 'cache'), join(folder, 'cache'), { recursive: true });
  const deaths: string[] = [];
  let isWanted = true;
  let wasKilled = false;
  let child: ChildProcess;
  let ready: Promise<void>;
  const start = (): void => {
    wasKilled = false;
    const folders = { GRAFT_DATA_DIR: folder, GRAFT_CACHE_DIR: join(folder, 'cache') };
    const all = { ...process.env, ...env, ...folders, ...jumpingClock(clockFile), NO_COLOR: '1' };
    child = spawn(process.execPath, [...args], { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    ready = new Promise((resolve) => {
      const hear = (chunk: Buffer): void => {
        said = (said + chunk.toString()).slice(-4000);
        if (process.env.GRAFT_BENCH_SHOW) process.stderr.write(`${name}: ${chunk.toString()}`);
        const match = announces.exec(said);
        if (!match) return;
        onReady(match);
        resolve();
      };
      child.stdout?.on('data', hear);
      child.stderr?.on('data', hear);
      child.once('exit', (code) => {
        if (!isWanted) return resolve();
        if (!wasKilled) deaths.push(`${name} ended with ${code}: ${said.slice(-600)}`);
        start();
        void ready.then(resolve);
      });
    });
  };
  start();
  return {
    name,
    folder,
    clockFile,
    disk,
    child: () => child,
    deaths: () => deaths,
    ready: () => ready,
    kill: (signal) => {
      wasKilled ||= signal === 'SIGKILL';
      child.kill(signal);
    },
    stop: async () => {
      isWanted = false;
      if (child.exitCode === null && child.signalCode === null) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
      await disk?.remove();
    },
  };
}

/** @throws where there is no PostgreSQL */
export async function startCluster(pictureCount: number): Promise<Cluster> {
  const database = await startPostgres();
  if (!database) throw new Error('No PostgreSQL here; on Debian: apt-get install postgresql');
  const root = await mkdtemp(join(tmpdir(), 'graft-faults-'));
  const s3 = await startFaultyS3();
  const pictures = await startPictureServer(pictureCount, HOSTS);
  const hosts = { GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(',') };
  const alone = await startServiceProcess(join(root, 'alone'), {
    ...hosts,
    GRAFT_CACHE_DIR: join(root, 'cache'),
  });
  await warm(root);
  const shared = { ...s3.env, ...hosts, DATABASE_URL: database.url, GRAFT_LEASE_SECONDS: `${LEASE_S}` };
  const env = { ...shared, GRAFT_RATE_LIMIT: '100000', GRAFT_PORT: '0' };
  let url = '';
  const api = await keep({
    name: 'api',
    root,
    args: [join(projectRoot(), 'dist', 'src', 'main.js')],
    env: { ...env, GRAFT_ROLE: 'api' },
    announces: LISTENS,
    onReady: ([, address]) => (url = address ?? ''),
  });
  const workers: Kept[] = [];
  for (let i = 1; i <= WORKERS; i++)
    workers.push(
      await keep({
        name: `worker-${i}`,
        root,
        args: [join(projectRoot(), 'bin', 'graft.js'), 'worker'],
        env,
        announces: WORKS,
        onReady: () => undefined,
      }),
    );
  await Promise.all([api, ...workers].map((one) => one.ready()));
  return {
    database,
    s3,
    pictures,
    api,
    workers,
    alone,
    url: () => url,
    close: async () => {
      for (const one of [...workers, api]) await one.stop();
      await alone.kill('SIGKILL');
      await Promise.all([pictures.close(), s3.close(), database.stop()]);
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** The converted backbone, once for all of them; what is measured is not its conversion. */
async function warm(root: string): Promise<void> {
  const { backbones, installBackbone } = await import('../../zoo/index.js');
  const card = backbones.find(({ id }) => id === BACKBONE);
  if (card) await installBackbone(card, join(root, 'cache'));
}

/** The smallest one. */
export const BACKBONE = 'nsfwjs-mobilenet-v2';
