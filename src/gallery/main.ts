import { parseArgs } from 'node:util';
import { startGallery } from './server.js';

const DEFAULT_PORT = 8390;
const DEFAULT_SEED = 1;

const USAGE = 'Usage: node dist/src/gallery/main.js [--port 8390] [--seed 1]';

function wholeNumber(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--${name} takes a whole number, not "${text}". ${USAGE}`);
  return Number(text);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, seed: { type: 'string' } } });
  const gallery = await startGallery({
    port: wholeNumber('port', values.port, DEFAULT_PORT),
    seed: wholeNumber('seed', values.seed, DEFAULT_SEED),
  });
  console.log(`Sample gallery at ${gallery.baseUrl} (Ctrl-C stops it)`);
  const stop = (): void => void gallery.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
