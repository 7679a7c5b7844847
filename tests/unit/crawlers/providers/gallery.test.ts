import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../../crawlers/errors.js';
import type { PageRequest } from '../../../../crawlers/provider.js';
import { gallery } from '../../../../crawlers/providers/gallery.js';

const asked: PageRequest = {
  query: 'soft drink & more',
  cursor: null,
  settings: { 'gallery.baseUrl': 'http://127.0.0.1:8390' },
};

const fixture = (name: string): Promise<string> =>
  readFile(new URL(`../../../fixtures/providers/gallery/${name}.json`, import.meta.url), 'utf8');

describe('gallery', () => {
  it('asks the gallery that the setting names, page by page', () => {
    const first = new URL(gallery.buildRequest(asked).url);
    expect(first.origin).toBe('http://127.0.0.1:8390');
    expect(first.pathname).toBe('/api/search');
    expect(Object.fromEntries(first.searchParams)).toEqual({
      q: 'soft drink & more',
      page: '1',
      per_page: '50',
    });
    const later = new URL(gallery.buildRequest({ ...asked, cursor: '3' }).url);
    expect(later.searchParams.get('page')).toBe('3');
  });

  it('says which setting is missing', () => {
    const build = () => gallery.buildRequest({ ...asked, settings: {} });
    expect(build).toThrow(ProviderError);
    expect(build).toThrow('gallery.baseUrl');
  });

  it('reads a page', async () => {
    const page = gallery.parsePage(await fixture('page-1'), asked);
    expect(page).toMatchObject({ received: 4, next: '2' });
    expect(page.results[0]).toEqual({
      imageUrl: 'http://127.0.0.1:8390/images/63be89c6fc91/tropical-drink.png',
      pageUrl: 'http://127.0.0.1:8390/pictures/63be89c6fc91',
      title: 'Tropical drink',
      width: 254,
      height: 254,
      mime: 'image/png',
      creator: 'Emoji One',
      licence: 'CC-BY-4.0',
      licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    });
  });

  it('stops at the last page', async () => {
    expect(gallery.parsePage(await fixture('page-last'), asked).next).toBeNull();
  });

  it('names the field when the reply has another shape', async () => {
    const changed = (await fixture('page-1')).replaceAll('image_url', 'picture');
    expect(() => gallery.parsePage(changed, asked)).toThrow('results.0.image_url');
  });
});
