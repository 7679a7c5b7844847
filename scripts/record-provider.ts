import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BrowserHost } from '../crawlers/browser/browser-host.js';
import { DEFAULT_BROWSER_LIMITS } from '../crawlers/browser/limits.js';
import { systemResolver } from '../crawlers/http/address-guard.js';
import { HttpClient } from '../crawlers/http/client.js';
import { SYSTEM_TIMING } from '../crawlers/http/timing.js';
import { DEFAULT_LIMITS } from '../crawlers/limits.js';
import type { ApiProvider, BrowserProvider, PageRequest } from '../crawlers/provider.js';
import { getProvider } from '../crawlers/registry.js';
import { keyRemover } from '../crawlers/secrets.js';
import { fetchBody } from '../crawlers/sources.js';
import { readEnv } from '../src/config/env.js';
import { projectRoot, VERSION } from '../src/config/version.js';

/**
 * `npm run record:provider <id> -- <query>`: asks the live service for a first page and writes it to
 * tests/fixtures/providers/<id>/page-1.json, keys taken out, after checking that the parser reads it. With a second page,
 * that is written as page-2.json. Needs the internet, and the provider's settings in the environment.
 */

const USAGE =
  'Usage: npm run record:provider <id> -- <query>, for example: npm run record:provider openverse -- "red fox"';

function recordable(id: string): ApiProvider | BrowserProvider {
  const provider = getProvider(id);
  if (provider.kind === 'api' || provider.kind === 'browser') return provider;
  const why =
    provider.kind === 'refused' ? provider.refusal : 'it reads your own files: there is nothing to record';
  throw new Error(`${id} is not recorded: ${why}.`);
}

async function main([id, ...words]: readonly string[]): Promise<void> {
  const query = words.join(' ').trim();
  if (!id || query === '') throw new Error(USAGE);
  const provider = recordable(id);
  const env = readEnv();
  const settings = env.providerSettings;
  const userAgent = `graft/${VERSION} (${env.contact})`;
  const { allowPrivateHosts } = env;
  const client = new HttpClient({
    userAgent,
    limits: DEFAULT_LIMITS,
    timing: SYSTEM_TIMING,
    resolve: systemResolver,
    allowPrivateHosts,
  });
  const browser = new BrowserHost({
    userAgent,
    allowPrivateHosts,
    resolve: systemResolver,
    now: SYSTEM_TIMING.now,
    connectTimeoutMs: DEFAULT_LIMITS.connectTimeoutMs,
    path: settings['browser.path'],
    limits: DEFAULT_BROWSER_LIMITS,
  });
  const folder = join(projectRoot(), 'tests', 'fixtures', 'providers', provider.id);
  await mkdir(folder, { recursive: true });
  const removeKeys = keyRemover(provider, settings);
  try {
    let cursor: string | null = null;
    for (const name of ['page-1.json', 'page-2.json']) {
      const page: PageRequest = { query, cursor, settings };
      const body = await fetchBody({ client, browser }, provider, page);
      const { results, received, next } = provider.parsePage(body, page);
      await writeFile(join(folder, name), `${readable(removeKeys(body))}\n`);
      process.stdout.write(
        `${join(folder, name)}: ${received} rows, ${results.length} usable, next page: ${next ?? 'none'}\n`,
      );
      if (next === null || provider.maxPages === 1) return;
      cursor = next;
    }
  } finally {
    client.close();
    await browser.close();
  }
}

const readable = (body: string): string => JSON.stringify(JSON.parse(body), null, 1);

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
