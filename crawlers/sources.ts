import { readFile, stat } from 'node:fs/promises';
import { robotsRefusal, type BrowserHost } from './browser/browser-host.js';
import type { FoundImage } from './candidate.js';
import { hasOrigin, providerOrigin, requiredSetting } from './define-provider.js';
import { ProviderError, THIS_MACHINE } from './errors.js';
import { localAddress } from './files/local-address.js';
import type { LocalStores } from './files/local-stores.js';
import type { HttpClient } from './http/client.js';
import { toProviderError } from './provider-errors.js';
import type {
  ApiProvider,
  BrowserProvider,
  ListProvider,
  LocalPicture,
  LocalProvider,
  PageRequest,
  ProviderPage,
  ProviderSettings,
  SearchProvider,
} from './provider.js';

/** One search at one provider. */
export interface SearchRequest {
  query: string;
  settings: ProviderSettings;
  signal?: AbortSignal;
}

/** What the kinds of providers are searched with. */
export interface SearchTools {
  client: HttpClient;
  browser: BrowserHost;
  stores: LocalStores;
}

/** Replies of search services are a few hundred KiB; far more is not one. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024;
/** A list of a million addresses. */
const MAX_LIST_BYTES = 128 * 1024 * 1024;
const LOCAL_PAGE_SIZE = 500;

async function apiBody(
  { client }: Pick<SearchTools, 'client'>,
  provider: ApiProvider,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<string> {
  const { host } = providerOrigin(provider, page.settings);
  const { url, headers } = provider.buildRequest(page);
  const body = { maxBytes: MAX_REPLY_BYTES, overflow: 'fail' as const };
  // robots.txt is for those who follow links; an API is asked under its own terms (Commons' robots.txt bars /w/, its API's path).
  const reply = await client.get({ url, headers, body, robots: false, signal });
  if (!reply.ok) throw toProviderError(provider.id, host, reply);
  return new TextDecoder().decode(reply.body);
}

async function browserBody(
  { client, browser }: Pick<SearchTools, 'client' | 'browser'>,
  provider: BrowserProvider,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<string> {
  const { url } = provider.buildRequest(page);
  const { harvest: recipe, id } = provider;
  const { host } = new URL(url);
  const refusal = recipe.robots ? await robotsRefusal(client, url, signal) : null;
  if (refusal) throw toProviderError(id, host, refusal);
  // The visit itself is too long to hold one of the client's places; it only waits for the host's turn.
  await client.pacer.run(host, signal ?? new AbortController().signal, () => Promise.resolve());
  return JSON.stringify(await browser.visit({ provider: id, url, recipe, signal }));
}

/**
 * What `parsePage` of a provider reads: the body of an API's reply, or the harvest of a rendered page, as JSON.
 * @throws ProviderError when it cannot be had
 */
export async function fetchBody(
  tools: Pick<SearchTools, 'client' | 'browser'>,
  provider: ApiProvider | BrowserProvider,
  page: PageRequest,
  signal?: AbortSignal,
): Promise<string> {
  checkNeeds(provider, page.settings);
  return provider.kind === 'api'
    ? apiBody(tools, provider, page, signal)
    : browserBody(tools, provider, page, signal);
}

/** A setting that names something which cannot be read. */
const unreadable = (
  { id, setting }: ListProvider | LocalProvider,
  path: string,
  error: unknown,
): ProviderError =>
  new ProviderError(id, THIS_MACHINE, 'needs-key', `${setting} is ${path}: ${(error as Error).message}`);

async function listPage(provider: ListProvider, page: PageRequest): Promise<ProviderPage> {
  const path = requiredSetting(provider, page.settings, provider.setting);
  return provider.parsePage(await readList(provider, path), page);
}

async function readList(provider: ListProvider, path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_LIST_BYTES) throw new Error(`${size} bytes; the limit is ${MAX_LIST_BYTES}`);
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unreadable(provider, path, error);
  }
}

const toFound = (provider: string, { path, bytes }: LocalPicture): FoundImage => ({
  imageUrl: localAddress(provider, path),
  title: path.split('/').at(-1) ?? path,
  bytes,
});

/** The cursor is how many pictures came before: the order of a store is stable. */
async function localPage(
  { stores }: SearchTools,
  provider: LocalProvider,
  { query, cursor, settings }: PageRequest,
): Promise<ProviderPage> {
  const path = requiredSetting(provider, settings, provider.setting);
  const start = Number(cursor ?? '0');
  const pictures: LocalPicture[] = [];
  let passed = 0;
  try {
    for await (const picture of stores.storeOf(provider).list(query)) {
      if (passed++ < start) continue;
      pictures.push(picture);
      if (pictures.length === LOCAL_PAGE_SIZE) break;
    }
  } catch (error) {
    throw unreadable(provider, path, error);
  }
  const next = pictures.length === LOCAL_PAGE_SIZE ? String(passed) : null;
  const results = pictures.map((picture) => toFound(provider.id, picture));
  return { results, received: results.length, next };
}

/** The host that an error names before anything was asked. */
function hostOf(provider: SearchProvider, settings: ProviderSettings): string {
  if (provider.kind === 'refused') return new URL(provider.homepage).host;
  if (provider.kind === 'list' || provider.kind === 'local') return THIS_MACHINE;
  return hasOrigin(provider, settings) ? providerOrigin(provider, settings).host : 'no host yet';
}

/** @throws ProviderError reason 'needs-key' naming every setting that is missing */
function checkNeeds(provider: SearchProvider, settings: ProviderSettings): void {
  const missing = provider.needs.filter((name) => !settings[name]);
  if (missing.length === 0) return;
  const host = hostOf(provider, settings);
  throw new ProviderError(provider.id, host, 'needs-key', `not set: ${missing.join(', ')}`);
}

/**
 * One page of what a provider has for a query.
 * @throws ProviderError when it cannot be had or read, or the provider is one that Graft refuses to ask
 * @throws the reason of the signal
 */
export async function readPage(
  tools: SearchTools,
  provider: SearchProvider,
  { query, settings, signal }: SearchRequest,
  cursor: string | null,
): Promise<ProviderPage> {
  if (provider.kind === 'refused')
    throw new ProviderError(provider.id, hostOf(provider, settings), 'refused', provider.refusal);
  checkNeeds(provider, settings);
  const page: PageRequest = { query, cursor, settings };
  signal?.throwIfAborted();
  switch (provider.kind) {
    case 'api':
    case 'browser':
      return provider.parsePage(await fetchBody(tools, provider, page, signal), page);
    case 'list':
      return listPage(provider, page);
    case 'local':
      return localPage(tools, provider, page);
  }
}
