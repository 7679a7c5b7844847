import { realpath } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Env } from '../config/env.js';
import { DataFolderHeldError, findHolder, type Holder } from '../storage/data-folder.js';
import { readLocalKey } from '../access/local-key.js';
import { GraftClient } from './client.js';
import { CliError } from './errors.js';

/** A service the command talks to: one that was running already, or one of its own. */
export interface ServiceLink {
  client: GraftClient;
  /** Whether the service lives in this process, and so ends with it. */
  own: boolean;
  close(): Promise<void>;
}

export interface ConnectOptions {
  env: Env;
  signal: AbortSignal;
  /** Called before a service is started in this process, which takes seconds. */
  onStarting?: () => void;
  /** A look only: a service of its own leaves unfinished runs alone. */
  idle?: boolean;
}

/** A holder without an address is starting or stopping. */
const HOLDER_WAIT_MS = 20_000;
const LOOK_EVERY_MS = 250;
const CLOSE_WAIT_MS = 20_000;

/**
 * Goes through the service that holds the data folder, or starts one in this process on a free loopback port.
 * @throws CliError when another process holds the folder and offers no service
 */
export async function connectService(options: ConnectOptions): Promise<ServiceLink> {
  const { env, signal } = options;
  const looks = Math.ceil(HOLDER_WAIT_MS / LOOK_EVERY_MS);
  let holder: Holder | null = null;
  for (let look = 0; look < looks; look++) {
    signal.throwIfAborted();
    holder = await findHolder(env.dataDir);
    if (holder?.url) return linkTo(holder.url, env, signal);
    if (!holder) {
      const own = await startOwn(options);
      if (own) return own;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw heldWithoutService(env.dataDir, holder);
}

/** @returns null when another process took the folder first */
async function startOwn({ env, signal, onStarting, idle }: ConnectOptions): Promise<ServiceLink | null> {
  onStarting?.();
  const { startService } = await import('../app.js');
  try {
    const service = await startService({
      env,
      host: '127.0.0.1',
      port: 0,
      logLevel: 'silent',
      idle,
      own: true,
    });
    const link = {
      client: new GraftClient(service.url, signal),
      own: true,
      close: () => closeWithin(service.close()),
    };
    if (signal.aborted) await link.close();
    signal.throwIfAborted();
    return link;
  } catch (error) {
    if (error instanceof DataFolderHeldError) return null;
    throw error;
  }
}

/** Work that doesn't stop in time is cut off when the process ends; the run is resumed at the next start all the same. */
function closeWithin(closing: Promise<void>): Promise<void> {
  return Promise.race([closing, delay(CLOSE_WAIT_MS, undefined, { ref: false })]);
}

async function linkTo(url: string, env: Env, signal: AbortSignal): Promise<ServiceLink> {
  const key = env.key ?? (await readLocalKey(env.dataDir));
  const client = new GraftClient(url, signal, key);
  const { dataDir } = await client.health();
  const [theirs, ours] = await Promise.all(
    [dataDir ?? '', env.dataDir].map((dir) => realpath(dir).catch(() => dir)),
  );
  if (theirs === ours) return { client, own: false, close: () => Promise.resolve() };
  throw new CliError({
    code: 'wrong-service',
    message: `The service at ${url} works on ${dataDir}, not on ${env.dataDir}.`,
    fix: `Use its folder (--data-dir ${dataDir}), or stop it.`,
  });
}

function heldWithoutService(dataDir: string, holder: Holder | null): CliError {
  const who = holder ? `process ${holder.pid}, since ${holder.startedAt}` : 'processes that come and go';
  return new CliError({
    code: 'data-folder-held',
    message: `The data folder ${dataDir} is held by ${who}, and it offers no service to go through.`,
    fix: 'Wait until it has started or ended, stop it, or choose another folder with --data-dir.',
  });
}
