import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { envFor, type CliContext, type DataOptions } from '../context.js';
import { parsePort } from '../options.js';
import { withDataFolder } from './shared.js';

interface Options extends DataOptions {
  port?: number;
  host?: string;
  package?: string;
}

interface Running {
  url: string;
  close(): Promise<void>;
}

/** `graft serve`: the whole service, or one package without a database. Runs until Ctrl-C. */
export function registerServe(program: Command, context: CliContext): void {
  const command = program
    .command('serve')
    .description('start the service, or serve one packaged model')
    .option('--package <dir>', 'serve this package alone: no database, no data folder')
    .option('--port <n>', 'port; 0 takes a free one (default: GRAFT_PORT, or 3000)', parsePort)
    .option('--host <address>', 'address to listen on (default: GRAFT_HOST, or 127.0.0.1)');
  withDataFolder(command).action((options: Options) => serve(context, options));
}

async function serve(context: CliContext, options: Options): Promise<void> {
  const running =
    options.package === undefined
      ? await startWhole(context, options)
      : await startPackage(options.package, options);
  const tryIt =
    options.package === undefined
      ? `${running.url}/api/docs describes the API`
      : `${running.url}/ is a page to try it`;
  context.output.print(`Listening on ${running.url}; ${tryIt}. Ctrl-C stops it.`);
  await untilInterrupted(context.signal);
  await running.close();
}

async function startWhole(context: CliContext, options: Options): Promise<Running> {
  const env = envFor(options);
  context.output.note(
    `Data folder ${env.dataDir}; the first start takes some seconds to create the database.`,
  );
  const { startService } = await import('../../app.js');
  return startService({ env, port: options.port, host: options.host, logLevel: 'info' });
}

async function startPackage(dir: string, options: Options): Promise<Running> {
  const env = envFor(options);
  const { startPackageServer } = await import('../../serving/package-server.js');
  return startPackageServer({
    env,
    dir: resolve(dir),
    host: options.host ?? env.host,
    port: options.port ?? env.port,
  });
}

export async function untilInterrupted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
