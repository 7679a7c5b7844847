import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../src/app.js';
import type { Platform } from '../../src/app.module.js';
import { readEnv } from '../../src/config/env.js';
import { urlOf } from '../../src/http/server.js';
import { createJobQueue } from '../../src/jobs/queue.js';
import { openDatabase } from '../../src/storage/database.js';
import { openStorage } from '../../src/storage/open-storage.js';
import { systemClock, type Clock } from '../../src/storage/tokens.js';
import { CACHE_DIR } from './service-process.js';
import { temporaryFolder } from './temporary-folder.js';

/** The whole application in this process, on a real database, with a clock the test may set. */
export interface OpenApp {
  readonly app: NestExpressApplication;
  readonly url: string;
  readonly platform: Platform;
  close(): Promise<void>;
}

/** A clock that stands until it is set. */
export function standingClock(start: string): Clock & { set(time: string): void } {
  let time = new Date(start);
  return { now: () => time, set: (next) => void (time = new Date(next)) };
}

export async function openApp(
  options: { env?: Record<string, string>; clock?: Clock; logLevel?: 'silent' | 'info' } = {},
): Promise<OpenApp> {
  const folder = await temporaryFolder();
  const env = readEnv({ GRAFT_DATA_DIR: folder.path, GRAFT_CACHE_DIR: CACHE_DIR, ...options.env });
  const database = await openDatabase(env);
  const platform: Platform = {
    env,
    database,
    ...openStorage(env),
    queue: createJobQueue(database, () => undefined),
    clock: options.clock ?? systemClock,
    instance: { id: 'test', exclusive: true },
  };
  const app = await createApp(platform, options.logLevel ?? 'silent');
  await app.listen(0, '127.0.0.1');
  return {
    app,
    url: urlOf(app),
    platform,
    close: async () => {
      await app.close();
      await database.close();
      await folder.remove();
    },
  };
}
