import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Logger, type LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiKeys } from './access/api-keys.js';
import { useDoor } from './access/door.js';
import { keysDemanded } from './access/keys-demanded.js';
import { writeLocalKey } from './access/local-key.js';
import { SafeLogger } from './access/safe-logger.js';
import { AppModule, type Platform } from './app.module.js';
import { EnvError, type Env } from './config/env.js';
import { LIMITS } from './config/settings.js';
import { dashboard } from './http/dashboard.js';
import { mountDocs } from './http/openapi.js';
import { urlOf } from './http/server.js';
import { createJobQueue, type QueueName } from './jobs/queue.js';
import { Metrics, measureRequests } from './monitoring/metrics.js';
import { Observers } from './monitoring/monitoring.providers.js';
import { PredictionWatch } from './monitoring/prediction-watch.js';
import { GraftError } from './runs/errors.js';
import { Shadow } from './retraining/shadow.js';
import { RetrainingScheduler } from './retraining/scheduler.js';
import { RunMachine } from './runs/run-machine.js';
import { WarmStart } from './serving/warm-start.js';
import { usePictureBodies } from './serving/serving.providers.js';
import { holdDataFolder, type HeldFolder } from './storage/data-folder.js';
import { openDatabase } from './storage/database.js';
import { openStorage } from './storage/open-storage.js';
import { systemClock } from './storage/tokens.js';

export interface ServiceOptions {
  readonly env: Env;
  /** Overrides GRAFT_PORT; 0 takes a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly logLevel: 'silent' | 'info';
  /** Only answers requests; unfinished runs are left alone. For a look at a data folder. */
  readonly idle?: boolean;
  /** For one command of this machine, on a free loopback port: no key is demanded. */
  readonly own?: boolean;
}

export interface Service {
  readonly url: string;
  /** Lets the work in hand come to a safe point, then frees the data folder. Unfinished runs go on at the next start. */
  close(): Promise<void>;
}

/**
 * Starts the whole service in this process.
 * @throws DataFolderHeldError when another live process holds the data folder
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const held = await holdDataFolder(options.env.dataDir, () => systemClock.now());
  try {
    return await startHolding(options, held);
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function startHolding(options: ServiceOptions, held: HeldFolder): Promise<Service> {
  const env = { ...options.env, host: options.host ?? options.env.host };
  const platform = await openPlatform(env, held.instanceId);
  try {
    await rm(join(env.dataDir, 'tmp'), { recursive: true, force: true }); // uploads that a crash left behind
    const app = await createApp(platform, options.logLevel, options.own);
    if (keysDemanded(env) && !options.own) await prepareKeys(app, env);
    if (!options.idle) await platform.queue.start(env.role === 'api' ? [] : undefined);
    await app.listen(options.port ?? env.port, env.host);
    const url = urlOf(app);
    await held.announce(url);
    if (!options.idle) {
      if (options.env.role === 'all') await app.get(RunMachine).start();
      void app.get(WarmStart).open(); // the first prediction need not wait for it, and no start for all models
      app.get(RetrainingScheduler).start();
    }
    return { url, close: () => stop(app, platform, held) };
  } catch (error) {
    await platform.queue.stop().catch(() => undefined);
    await platform.database.close();
    throw error;
  }
}

/**
 * Works on jobs and answers no requests. Any number of workers share a PostgreSQL database, and a disk or object storage.
 * @throws EnvError without a database that several processes can use
 */
export async function startWorker(
  env: Env,
  queues: readonly QueueName[],
): Promise<{ readonly id: string; close(): Promise<void> }> {
  if (env.databaseUrl === null)
    throw new EnvError(
      'A worker needs DATABASE_URL: the database inside a process belongs to that process alone.',
    );
  const platform = await openPlatform(env, randomUUID());
  try {
    const app = await createApp(platform, 'info');
    await app.init();
    const machine = app.get(RunMachine);
    await platform.queue.start(queues);
    await machine.start();
    const close = async (): Promise<void> => {
      machine.stop();
      await app.get(RetrainingScheduler).stop(); // a verdict in hand; schedules themselves fire in services only
      await platform.queue.stop();
      await app.close();
      await platform.database.close();
    };
    return { id: platform.instance.id, close };
  } catch (error) {
    await platform.queue.stop().catch(() => undefined);
    await platform.database.close();
    throw error;
  }
}

async function openPlatform(env: Env, instanceId: string): Promise<Platform> {
  const database = await openDatabase(env);
  const log = new Logger('Jobs');
  return {
    env,
    database,
    ...openStorage(env),
    queue: createJobQueue(database, (error) => log.error(error)),
    clock: systemClock,
    instance: {
      id: database.kind === 'pglite' ? instanceId : randomUUID(),
      exclusive: database.kind === 'pglite',
    },
  };
}

/** Builds the HTTP application without listening. */
export async function createApp(
  platform: Platform,
  logLevel: 'silent' | 'info',
  own = false,
): Promise<NestExpressApplication> {
  const { env } = platform;
  const logLevels: LogLevel[] =
    logLevel === 'silent' ? ['fatal', 'error'] : ['fatal', 'error', 'warn', 'log'];
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(platform), {
    logger: new SafeLogger({ logLevels, json: env.log === 'json', colors: env.log === 'text' }),
    abortOnError: false,
  });
  app.use(dashboard());
  useDoor(app, env, keysDemanded(env) && !own ? app.get(ApiKeys) : null);
  app.get(Observers).add(app.get(PredictionWatch));
  app.get(Observers).add(app.get(Shadow));
  app.use(measureRequests(app.get(Metrics)));
  usePictureBodies(app);
  app.useBodyParser('json', { limit: LIMITS.maxJsonBytes });
  mountDocs(app);
  return app;
}

/** @throws GraftError when nobody could use the service */
async function prepareKeys(app: NestExpressApplication, env: Env): Promise<void> {
  const keys = app.get(ApiKeys);
  keys.acceptLocal(await writeLocalKey(env.dataDir));
  if (await keys.anyUsable()) return;
  throw new GraftError({
    code: 'no-keys',
    message: `Others than this machine could reach the service (${env.host}), and there is no API key yet.`,
    fix: 'Make one first: npx graft keys create --name me --scope admin. Or listen on 127.0.0.1.',
  });
}

async function stop(app: NestExpressApplication, platform: Platform, held: HeldFolder): Promise<void> {
  app.get(RunMachine).stop();
  await app.get(RetrainingScheduler).stop();
  await platform.queue.stop();
  await app.close();
  await platform.database.close();
  await held.release();
}
