import { Logger } from '@nestjs/common';
import { startService } from './app.js';
import { EnvError, readEnv } from './config/env.js';
import { GraftError } from './runs/errors.js';
import { DataFolderHeldError } from './storage/data-folder.js';

/** `npm start`: the service, until it is told to stop. */
async function main(): Promise<void> {
  const log = new Logger('Graft');
  const env = readEnv();
  log.log(`Data folder ${env.dataDir}; the first start takes some seconds to create the database`);
  const service = await startService({ env, logLevel: 'info' });
  log.log(`Listening on ${service.url}; API at ${service.url}/api/docs`);
  let stopping = false;
  const stop = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.log(`${signal}: finishing what is in hand`);
    void service.close().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const expected =
    error instanceof EnvError || error instanceof DataFolderHeldError || error instanceof GraftError;
  process.stderr.write(
    `${expected ? [error.message, 'fix' in error ? error.fix : ''].join(' ').trim() : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exit(1);
});
