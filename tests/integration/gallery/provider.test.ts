import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FoundImage } from '../../../crawlers/candidate.js';
import { gallery as provider } from '../../../crawlers/providers/gallery.js';
import { startGallery, type Gallery } from '../../../src/gallery/index.js';

let gallery: Gallery;

beforeAll(async () => {
  gallery = await startGallery({ seed: 1 });
});
afterAll(() => gallery.close());

async function searchAll(query: string): Promise<FoundImage[]> {
  const found: FoundImage[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < provider.maxPages; page++) {
    const request = { query, cursor, settings: { 'gallery.baseUrl': gallery.baseUrl } };
    const response = await fetch(provider.buildRequest(request).url);
    const parsed = provider.parsePage(await response.text(), request);
    found.push(...parsed.results);
    cursor = parsed.next;
    if (cursor === null) return found;
  }
  throw new Error(`more than ${provider.maxPages} pages for ${query}`);
}

it('reads all the running gallery has, each once', async () => {
  const urls = (await searchAll('vehicle')).map(({ imageUrl }) => imageUrl);
  expect(urls.length).toBe(150);
  expect(new Set(urls).size).toBe(150);
  expect(urls.every((url) => gallery.plantOf(url) !== undefined)).toBe(true);
});

it('takes an unknown word for an empty result, not an error', async () => {
  expect(await searchAll('qwertyuiop')).toEqual([]);
});
