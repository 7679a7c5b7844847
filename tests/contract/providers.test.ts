import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../crawlers/errors.js';
import { providerOrigin, type PageRequest, type SearchProvider } from '../../crawlers/provider.js';
import { getProvider, providers } from '../../crawlers/registry.js';

const fixture = (provider: SearchProvider): Promise<string> =>
  readFile(new URL(`../fixtures/providers/${provider.id}/page-1.json`, import.meta.url), 'utf8');

/** A value for every setting that the provider may want: a base URL where its origin is a setting, else a key. */
function settingsFor(provider: SearchProvider): Record<string, string> {
  const settings = Object.fromEntries(provider.needs.map((name) => [name, 'test-key']));
  if (typeof provider.origin === 'object') settings[provider.origin.setting] = 'http://127.0.0.1:8390';
  return settings;
}

const firstPage = (provider: SearchProvider): PageRequest => ({
  query: 'red fox & "cubs"',
  cursor: null,
  settings: Object.freeze(settingsFor(provider)),
});

const isHttpUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

describe('the registry of providers', () => {
  it('has unique ids, all found by getProvider', () => {
    const ids = providers.map((provider) => provider.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const provider of providers) expect(getProvider(provider.id)).toBe(provider);
  });

  it('names the ids there are when asked for another', () => {
    expect(() => getProvider('altavista')).toThrow(/no provider "altavista".*openverse.*gallery/);
  });
});

describe.each(providers.map((provider) => [provider.id, provider] as const))(
  'provider %s',
  (_id, provider) => {
    it('states its facts', () => {
      expect(provider.id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(provider.title).not.toBe('');
      expect(isHttpUrl(provider.homepage)).toBe(true);
      expect(provider.terms).toMatch(/^[^\n]{20,}$/);
      expect(provider.maxPages).toBeGreaterThan(0);
      if (provider.enabledByDefault) expect(provider.needs).toEqual([]);
    });

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
      for (const { imageUrl, pageUrl, thumbnailUrl, licenceUrl } of page.results) {
        expect(imageUrl).toSatisfy(isHttpUrl);
        for (const url of [pageUrl, thumbnailUrl, licenceUrl])
          expect(url ?? provider.homepage).toSatisfy(isHttpUrl);
      }
      expect(provider.parsePage(body, firstPage(provider))).toEqual(page);
    });

    it('asks for another page when its recorded first page has one', async () => {
      const request = firstPage(provider);
      const { next } = provider.parsePage(await fixture(provider), request);
      expect(next).not.toBeNull();
      const second = provider.buildRequest({ ...request, cursor: next });
      expect(second.url).not.toBe(provider.buildRequest(request).url);
    });

    it.each([
      '',
      '<!doctype html><title>Consent</title>',
      '{}',
      '[]',
      'null',
      '"text"',
      '{"results":"many"}',
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
  },
);
