import { describe, expect, it } from 'vitest';
import type { ApiProvider, PageRequest } from '../../../../crawlers/provider.js';
import { brave } from '../../../../crawlers/providers/brave.js';
import { flickr } from '../../../../crawlers/providers/flickr.js';
import { googleCse } from '../../../../crawlers/providers/google-cse.js';
import { pixabay } from '../../../../crawlers/providers/pixabay.js';
import { searxng } from '../../../../crawlers/providers/searxng.js';
import { serpapi } from '../../../../crawlers/providers/serpapi.js';
import { recorded } from './fixtures.js';

const SETTINGS = {
  'flickr.apiKey': 'k1',
  'brave.apiKey': 'k2',
  'serpapi.apiKey': 'k3',
  'google-cse.apiKey': 'k4',
  'google-cse.cx': 'cx',
  'pixabay.apiKey': 'k5',
  'searxng.baseUrl': 'https://search.example/searx',
};

const asking = (cursor: string | null = null): PageRequest => ({
  query: 'red fox',
  cursor,
  settings: SETTINGS,
});
const parametersOf = (provider: ApiProvider, cursor: string | null = null): Record<string, string> =>
  Object.fromEntries(new URL(provider.buildRequest(asking(cursor)).url).searchParams);
const read = async (provider: ApiProvider, name = 'page-1', cursor: string | null = null) =>
  provider.parsePage(await recorded(provider.id, name), asking(cursor));

describe('flickr', () => {
  it('asks for licensed photos only', () => {
    expect(parametersOf(flickr, '3')).toMatchObject({
      api_key: 'k1',
      text: 'red fox',
      page: '3',
      per_page: '500',
      license: '1,2,3,4,5,6,9,10',
    });
    expect(flickr.maxPages * 500).toBe(4000);
  });

  it('takes the size of about 1024 pixels, and leaves out what is reserved or has no size', async () => {
    const page = await read(flickr);
    expect(page).toMatchObject({ received: 5, next: '2' });
    expect(page.results.map((one) => [one.imageUrl.split('/').at(-1), one.licence, one.width])).toEqual([
      ['101_a_b.jpg', 'CC-BY-2.0', 4000],
      ['102_b_z.jpg', 'CC0-1.0', null],
      ['105_o.png', 'CC-BY-NC-SA-2.0', 500],
    ]);
    expect(page.results[0]).toMatchObject({
      pageUrl: 'https://www.flickr.com/photos/1234%40N00/101',
      creator: 'Jane Doe',
      licenceUrl: 'https://creativecommons.org/licenses/by/2.0/',
    });
  });

  it('passes on that a key is refused', async () => {
    await expect(read(flickr, 'error')).rejects.toMatchObject({ reason: 'refused' });
  });
});

describe('brave', () => {
  it('sends its key as a header, and asks once for all', () => {
    const { url, headers } = brave.buildRequest(asking());
    expect(headers).toEqual({ 'X-Subscription-Token': 'k2' });
    expect(url).not.toContain('k2');
    expect(new URL(url).searchParams.get('count')).toBe('200');
  });

  it('leaves out rows without a picture', async () => {
    const page = await read(brave);
    expect(page).toMatchObject({ received: 3, next: null });
    expect(page.results).toHaveLength(2);
    expect(page.results[0]).toMatchObject({
      imageUrl: 'https://foxes.example/img/red.jpg',
      pageUrl: 'https://foxes.example/red',
      width: 1600,
    });
  });
});

describe('serpapi', () => {
  it('pages by ijn, and leaves out rows whose original is not told', async () => {
    expect(parametersOf(serpapi, '2')).toMatchObject({ engine: 'google_images', ijn: '2', api_key: 'k3' });
    expect(await read(serpapi)).toMatchObject({ received: 3, next: '1', results: { length: 2 } });
    expect((await read(serpapi, 'page-1', '7')).next).toBeNull();
  });

  it('tells no results from no more searches', async () => {
    expect(await read(serpapi, 'page-empty')).toEqual({ results: [], received: 0, next: null });
    await expect(read(serpapi, 'error')).rejects.toMatchObject({ reason: 'quota' });
  });
});

describe('google-cse', () => {
  it('is marked as legacy, and asks with key and engine', () => {
    expect(googleCse.legacy).toBe(true);
    expect(parametersOf(googleCse, '11')).toMatchObject({
      key: 'k4',
      cx: 'cx',
      start: '11',
      searchType: 'image',
      num: '10',
    });
  });

  it('reads sizes, and ends at its hundredth result', async () => {
    const page = await read(googleCse);
    expect(page.next).toBe('11');
    expect(page.results[0]).toMatchObject({ bytes: 345678, mime: 'image/jpeg', width: 1600, height: 1066 });
    expect(await read(googleCse, 'page-empty')).toEqual({ results: [], received: 0, next: null });
    const last = (await recorded('google-cse', 'page-1')).replace('"startIndex":11', '"startIndex":101');
    expect(googleCse.parsePage(last, asking('91')).next).toBeNull();
  });
});

describe('searxng', () => {
  it('keeps the path of its base address', () => {
    const url = new URL(searxng.buildRequest(asking('2')).url);
    expect(`${url.origin}${url.pathname}`).toBe('https://search.example/searx/search');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      categories: 'images',
      format: 'json',
      pageno: '2',
    });
  });

  it('completes addresses, reads sizes, leaves out rows without a picture', async () => {
    const { results, received } = await read(searxng);
    expect(received).toBe(3);
    expect(results.map((one) => [one.imageUrl, one.width, one.creator])).toEqual([
      ['https://foxes.example/img/red.jpg', 1600, 'Jane Doe'],
      ['https://zoo.example/fox.png', 800, null],
    ]);
  });
});

describe('pixabay', () => {
  it('is only asked when named, and ends where the service ends', async () => {
    expect(pixabay).toMatchObject({ status: 'opt-in', enabledByDefault: false });
    expect(await read(pixabay)).toMatchObject({ next: '2', received: 2 });
    expect((await read(pixabay, 'page-1', '3')).next).toBeNull();
    expect((await read(pixabay)).results[0]).toMatchObject({
      licence: 'LicenseRef-Pixabay',
      creator: 'Josch13',
    });
  });
});
