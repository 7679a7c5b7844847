import { describe, expect, it } from 'vitest';
import { wikimediaCommons } from '../../../../crawlers/providers/wikimedia-commons.js';
import { asking, recorded } from './fixtures.js';

/** Widths that Wikimedia serves thumbnails at. */
const ALLOWED_WIDTHS = [20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920, 3840];

const parse = async (name: string) =>
  wikimediaCommons.parsePage(await recorded('wikimedia-commons', name), asking('fox'));

describe('wikimedia-commons', () => {
  it('asks for bitmaps, at most 50 at once, with thumbnails of a width that is served', () => {
    const { searchParams } = new URL(wikimediaCommons.buildRequest(asking('red fox', '50')).url);
    expect(searchParams.get('gsrsearch')).toBe('filetype:bitmap red fox');
    expect(searchParams.get('gsroffset')).toBe('50');
    expect(Number(searchParams.get('gsrlimit'))).toBeLessThanOrEqual(50);
    expect(ALLOWED_WIDTHS).toContain(Number(searchParams.get('iiurlwidth')));
  });

  it('orders by rank, takes thumbnails of large files and scans, and leaves animations out', async () => {
    const page = await parse('page-1');
    expect(page).toMatchObject({ received: 5, next: '50' });
    expect(page.results.map((one) => [one.title, one.imageUrl.split('/').at(-1)])).toEqual([
      ['Red fox (Vulpes vulpes)', '960px-Red_fox_(Vulpes_vulpes).jpg'],
      ['Small fox', 'Small_fox.png'],
      ['Fox scan', '960px-Fox_scan.tif.jpg'],
    ]);
  });

  it('gives licence and creator as text, size and SHA-1 of the original', async () => {
    const { results } = await parse('page-1');
    expect(results[0]).toMatchObject({
      creator: "Jane & Jo's photos",
      licence: 'CC-BY-SA-4.0',
      licenceUrl: 'https://creativecommons.org/licenses/by-sa/4.0',
      pageUrl: 'https://commons.wikimedia.org/wiki/File:Red_fox_(Vulpes_vulpes).jpg',
      bytes: 5812345,
      sha1: (205).toString(16).padStart(40, '0'),
    });
    expect(results.map((one) => one.licence)).toEqual([
      'CC-BY-SA-4.0',
      'CC0-1.0',
      'LicenseRef-Public-Domain',
    ]);
  });

  it('ends with the page that has no continuation, and takes no hits for an empty page', async () => {
    expect(await parse('page-last')).toMatchObject({ received: 1, next: null });
    expect((await parse('page-last')).results[0]?.licence).toBe('CC-BY-SA-3.0-DE');
    expect(await parse('page-empty')).toEqual({ results: [], received: 0, next: null });
  });

  it('tells a rate limit inside a 200 reply from a changed shape', async () => {
    await expect(parse('error')).rejects.toMatchObject({ reason: 'quota' });
  });
});
