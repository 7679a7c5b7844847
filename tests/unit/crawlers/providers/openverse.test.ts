import { describe, expect, it } from 'vitest';
import { openverse } from '../../../../crawlers/providers/openverse.js';
import { asking, recorded } from './fixtures.js';

describe('openverse', () => {
  it('stays within what anonymous callers may ask', () => {
    const url = new URL(openverse.buildRequest(asking('x'.repeat(300), '7')).url);
    expect(Object.fromEntries(url.searchParams)).toEqual({ q: 'x'.repeat(200), page: '7', page_size: '20' });
    expect(openverse.maxPages).toBe(20);
    expect(openverse.pace?.intervalMs).toBeGreaterThanOrEqual(60_000 / 20);
  });

  it('reads pictures with licence and creator, and leaves drawings out', async () => {
    const page = openverse.parsePage(await recorded('openverse', 'page-1'), asking('fox'));
    expect(page).toMatchObject({ received: 4, next: '2' });
    expect(page.results.map((one) => one.licence)).toEqual(['CC-BY-SA-2.0', 'CC0-1.0', 'CC-PDM-1.0']);
    expect(page.results[0]).toEqual({
      imageUrl: 'https://live.staticflickr.com/65535/1_b.jpg',
      pageUrl: 'https://www.flickr.com/photos/1234@N00/1',
      thumbnailUrl: expect.stringContaining('/thumb/') as string,
      title: 'Red fox',
      width: 1024,
      height: 768,
      mime: 'image/jpeg',
      bytes: 245678,
      creator: 'Jane Doe',
      licence: 'CC-BY-SA-2.0',
      licenceUrl: 'https://creativecommons.org/licenses/by-sa/2.0/',
    });
  });

  it('ends at the twentieth page, however many there are said to be', async () => {
    const page = openverse.parsePage(await recorded('openverse', 'page-last'), asking('fox', '20'));
    expect(page).toMatchObject({ received: 1, next: null });
  });

  it('names the field that changed', async () => {
    const changed = (await recorded('openverse', 'page-1')).replace('"license": "cc0"', '"license": 7');
    expect(() => openverse.parsePage(changed, asking('fox'))).toThrow(/field results\.1\.license/);
  });
});
