import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { ccLicenceId } from '../licences.js';
import { defineProvider } from '../define-provider.js';

/** The service's own ceilings for callers without a key; a larger page is answered with 401. */
const ANONYMOUS_PAGE_SIZE = 20;
const MAX_PAGES = 20;
const MAX_QUERY_LENGTH = 200;

const imageShape = z.object({
  url: z.string(),
  title: z.string().nullish(),
  foreign_landing_url: z.string().nullish(),
  thumbnail: z.string().nullish(),
  creator: z.string().nullish(),
  license: z.string(),
  license_version: z.string().nullish(),
  license_url: z.string().nullish(),
  width: z.number().nullish(),
  height: z.number().nullish(),
  filesize: z.number().nullish(),
  filetype: z.string().nullish(),
});

const replyShape = z.object({ page: z.number(), page_count: z.number(), results: z.array(imageShape) });

const MIME_BY_TYPE: ReadonlyMap<string, string> = new Map([
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['png', 'image/png'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
]);

function toImage(row: z.infer<typeof imageShape>): FoundImage {
  return {
    imageUrl: row.url,
    pageUrl: row.foreign_landing_url,
    thumbnailUrl: row.thumbnail,
    title: row.title,
    width: row.width,
    height: row.height,
    mime: MIME_BY_TYPE.get(row.filetype?.toLowerCase() ?? ''),
    bytes: row.filesize,
    creator: row.creator,
    licence: ccLicenceId(row.license, row.license_version ?? null),
    licenceUrl: row.license_url,
  };
}

/** Openverse: openly licensed pictures of Flickr, Wikimedia Commons and museums behind one keyless API. */
export const openverse = defineProvider({
  id: 'openverse',
  title: 'Openverse',
  homepage: 'https://openverse.org',
  terms:
    'Keyless at 20 requests a minute and 200 a day; each picture has its own open licence; no scraping of the catalogue.',
  needs: [],
  status: 'default',
  licenceKnown: true,
  matches: 'text',
  offline: false,
  origin: 'https://api.openverse.org',
  pace: { intervalMs: 3000, concurrency: 1 },
  mediaPaces: { 'live.staticflickr.com': { intervalMs: 100, concurrency: 4 } },
  maxPages: MAX_PAGES,
  shape: replyShape,
  buildRequest({ query, cursor }) {
    const url = new URL('https://api.openverse.org/v1/images/');
    url.searchParams.set('q', query.slice(0, MAX_QUERY_LENGTH));
    url.searchParams.set('page', cursor ?? '1');
    url.searchParams.set('page_size', String(ANONYMOUS_PAGE_SIZE));
    return { url: url.href };
  },
  readPage(reply) {
    const last = Math.min(reply.page_count, MAX_PAGES);
    return {
      results: reply.results.filter((row) => row.filetype?.toLowerCase() !== 'svg').map(toImage),
      received: reply.results.length,
      next: reply.page < last ? String(reply.page + 1) : null,
    };
  },
});
