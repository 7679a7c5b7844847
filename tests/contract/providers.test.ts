import { readFile } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { providerOrigin } from '../../crawlers/define-provider.js';
import { createCrawler, type Candidate } from '../../crawlers/index.js';
import { ProviderError } from '../../crawlers/errors.js';
import type { ApiProvider, BrowserProvider, PageRequest, SearchProvider } from '../../crawlers/provider.js';
import { getProvider, providers } from '../../crawlers/registry.js';

type Paged = ApiProvider | BrowserProvider;

const fixtureNames = { api: 'page-1.json', browser: 'page-1.json', list: 'page-1.txt' };

const fixture = (provider: SearchProvider & { kind: keyof typeof fixtureNames }): Promise<string> =>
  readFile(
    new URL(`../fixtures/providers/${provider.id}/${fixtureNames[provider.kind]}`, import.meta.url),
    'utf8',
  );

const KEY = 'sk-test-0123456789/+';

/** A value for every setting that the provider may want: a base URL where its origin is a setting, else a key. */
function settingsFor(provider: SearchProvider): Record<string, string> {
  const settings = Object.fromEntries(provider.needs.map((name) => [name, KEY]));
  if (provider.kind !== 'api' && provider.kind !== 'browser') return settings;
  if (typeof provider.origin === 'object') settings[provider.origin.setting] = 'http://127.0.0.1:8390';
  if (provider.id === 'page') settings['page.url'] = 'http://127.0.0.1:8390/gallery?q={query}';
  return settings;
}

const firstPage = (provider: SearchProvider): PageRequest => ({
  query: 'red fox & "cubs"',
  cursor: null,
  settings: Object.freeze(settingsFor(provider)),
});

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const named = <P extends SearchProvider>(list: readonly P[]): [string, P][] =>
  list.map((one) => [one.id, one]);

const isPaged = (provider: SearchProvider): provider is Paged =>
  provider.kind === 'api' || provider.kind === 'browser';

const crawler = createCrawler({
  userAgent: 'GraftTest/1.0 (+https://example.org/contact)',
  settings: {},
  allowPrivateHosts: [],
  resolve: () => Promise.reject(Object.assign(new Error('offline'), { code: 'ENOTFOUND' })),
});
afterAll(() => crawler.close());

async function failureOf(search: AsyncIterable<Candidate>): Promise<unknown> {
  try {
    for await (const candidate of search) throw new Error(`not expected: ${candidate.imageUrl}`);
  } catch (error) {
    return error;
  }
  throw new Error('it ended without an error');
}

describe('the registry of providers', () => {
  it('has unique ids, all found by getProvider', () => {
    const ids = providers.map((provider) => provider.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const provider of providers) expect(getProvider(provider.id)).toBe(provider);
  });

  it('names the ids there are when asked for another', () => {
    expect(() => getProvider('altavista')).toThrow(/no provider "altavista".*openverse.*gallery/);
  });

  it('turns on by default only what needs nothing and states licences', () => {
    const on = providers.filter((provider) => provider.enabledByDefault);
    expect(on.map((provider) => provider.id)).toEqual(['openverse', 'wikimedia-commons', 'inaturalist']);
    for (const provider of on) expect(provider).toMatchObject({ needs: [], licenceKnown: true, kind: 'api' });
  });
});

describe.each(named(providers))('provider %s', (_id, provider) => {
  it('states its facts', () => {
    expect(provider.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(provider.title).not.toBe('');
    expect(isHttpUrl(provider.homepage)).toBe(true);
    expect(provider.terms).toMatch(/^[^\n]{20,}$/);
    expect(provider.maxPages).toBeGreaterThan(0);
    expect(provider.enabledByDefault).toBe(provider.status === 'default');
    expect(provider.status === 'refused').toBe(provider.kind === 'refused');
    if (provider.status === 'needs-key') expect(provider.needs).not.toEqual([]);
    for (const name of provider.needs) expect(name).toMatch(new RegExp(`^${provider.id}\\.[a-zA-Z]+$`));
  });
});

describe.each(named(providers.filter((provider) => provider.needs.length > 0)))(
  'provider %s, without its settings',
  (id, provider) => {
    it('demands each of them by name', async () => {
      const error = await failureOf(crawler.search({ provider: id, query: 'fox' }));
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ provider: id, reason: 'needs-key' });
      for (const name of provider.needs) expect((error as Error).message).toContain(name);
    });
  },
);

describe.each(named(providers.filter((provider) => provider.kind === 'refused')))(
  'provider %s, refused',
  (id, provider) => {
    it('refuses, and says what its terms say', async () => {
      const error = await failureOf(crawler.search({ provider: id, query: 'fox' }));
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ provider: id, reason: 'refused' });
      expect(provider.refusal).toMatch(/training|train/);
      expect((error as Error).message).toContain(provider.refusal);
    });
  },
);

describe.each(named(providers.filter(isPaged)))('provider %s, page by page', (_id, provider) => {
  it('builds its request purely, on its own host, with the query in it', () => {
    const request = firstPage(provider);
    const built = provider.buildRequest(request);
    const url = new URL(built.url);
    expect(url.host).toBe(providerOrigin(provider, request.settings).host);
    expect([...url.searchParams.values()].some((value) => value.includes(request.query))).toBe(true);
    expect(provider.buildRequest(request)).toEqual(built);
    expect(request.cursor).toBeNull();
  });

  it('reads its recorded page into pictures with absolute addresses, the same every time', async () => {
    const body = await fixture(provider);
    const page = provider.parsePage(body, firstPage(provider));
    expect(page.results.length).toBeGreaterThan(0);
    expect(page.received).toBeGreaterThanOrEqual(page.results.length);
    for (const { imageUrl, pageUrl, thumbnailUrl, licenceUrl, licence } of page.results) {
      expect(imageUrl).toSatisfy(isHttpUrl);
      for (const url of [pageUrl, thumbnailUrl, licenceUrl])
        expect(url ?? provider.homepage).toSatisfy(isHttpUrl);
      expect(Boolean(licence)).toBe(provider.licenceKnown);
    }
    expect(JSON.stringify(page)).not.toContain(KEY);
    expect(provider.parsePage(body, firstPage(provider))).toEqual(page);
  });

  it('asks for another page exactly when it has several', async () => {
    const request = firstPage(provider);
    const { next } = provider.parsePage(await fixture(provider), request);
    expect(next !== null).toBe(provider.maxPages > 1);
    const second = provider.buildRequest({ ...request, cursor: next });
    expect(second.url !== provider.buildRequest(request).url).toBe(provider.maxPages > 1);
  });

  it.each([
    '',
    '<!doctype html><title>Consent</title>',
    '{}',
    '[]',
    'null',
    '"text"',
    '{"results":"many"}',
    '{"rows":7}',
  ])('calls the reply %j a changed shape, and says who and what to try', (body) => {
    const request = firstPage(provider);
    const parse = (): unknown => provider.parsePage(body, request);
    expect(parse).toThrow(ProviderError);
    expect(parse).toThrow(
      expect.objectContaining({
        provider: provider.id,
        host: providerOrigin(provider, request.settings).host,
        reason: 'changed',
      }) as Error,
    );
  });
});

describe.each(named(providers.filter((provider) => provider.needs.some((name) => /Key$/.test(name)))))(
  'provider %s, with a key',
  (id, provider) => {
    it('keeps its key out of what the world sends back', async () => {
      const spy = createCrawler({
        userAgent: 'GraftTest/1.0',
        settings: settingsFor(provider),
        allowPrivateHosts: [],
        resolve: () =>
          Promise.reject(Object.assign(new Error('echo'), { code: `E ${KEY} ${encodeURIComponent(KEY)}` })),
      });
      const error = await failureOf(spy.search({ provider: id, query: 'fox' })).finally(() => spy.close());
      expect(error).toMatchObject({
        reason: 'unreachable',
        detail: expect.stringContaining('[key] [key]') as string,
      });
      for (const text of [KEY, encodeURIComponent(KEY)]) expect((error as Error).message).not.toContain(text);
    });
  },
);

describe.each(named(providers.filter((provider) => provider.kind === 'list')))(
  'provider %s, a list',
  (_id, provider) => {
    it('reads the addresses of one category', async () => {
      const page = provider.parsePage(await fixture(provider), {
        ...firstPage(provider),
        query: 'red fox & cubs',
      });
      expect(page.results.length).toBeGreaterThan(1);
      for (const { imageUrl } of page.results) expect(imageUrl).toSatisfy(isHttpUrl);
    });

    it.each([
      '',
      'no address',
      '{"url":7}',
      '[1]',
      'category,url\nfox,javascript:alert(1)',
      'url\nfile:///etc/passwd',
    ])('calls the list %j unreadable, and names the line', (body) => {
      const parse = (): unknown => provider.parsePage(body, firstPage(provider));
      expect(parse).toThrow(ProviderError);
      expect(parse).toThrow(/line \d/);
    });
  },
);
