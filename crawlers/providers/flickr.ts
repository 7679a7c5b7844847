import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, requiredSetting, type ServiceRefusal } from '../define-provider.js';
import { licenceUrlOf } from '../licences.js';
import type { ServiceFacts } from '../provider.js';

const PER_PAGE = 500;
/** One query yields 4,000 different photos at most; later pages repeat them. */
const MAX_RESULTS = 4000;

/** flickr.photos.licenses.getInfo; 0 is all rights reserved, 7 and 8 are not licences, 11 and up are the 4.0 family. */
const LICENCES: ReadonlyMap<string, string> = new Map([
  ['1', 'CC-BY-NC-SA-2.0'],
  ['2', 'CC-BY-NC-2.0'],
  ['3', 'CC-BY-NC-ND-2.0'],
  ['4', 'CC-BY-2.0'],
  ['5', 'CC-BY-SA-2.0'],
  ['6', 'CC-BY-ND-2.0'],
  ['9', 'CC0-1.0'],
  ['10', 'CC-PDM-1.0'],
]);

const size = z.union([z.number(), z.string()]).nullish();

const photoShape = z.object({
  id: z.string(),
  owner: z.string(),
  ownername: z.string().nullish(),
  title: z.string().nullish(),
  license: z.union([z.string(), z.number()]),
  url_n: z.string().nullish(),
  url_z: z.string().nullish(),
  url_l: z.string().nullish(),
  url_o: z.string().nullish(),
  o_width: size,
  o_height: size,
  width_l: size,
  height_l: size,
});

const replyShape = z.object({
  photos: z.object({ page: z.number(), pages: z.number(), photo: z.array(photoShape) }),
});

type Photo = z.infer<typeof photoShape>;

const facts: ServiceFacts = {
  id: 'flickr',
  title: 'Flickr',
  homepage: 'https://www.flickr.com',
  terms: 'A free key, 3,600 requests an hour; only Creative Commons and public-domain photos are asked for.',
  needs: ['flickr.apiKey'],
  status: 'needs-key',
  licenceKnown: true,
  matches: 'text',
  offline: false,
  origin: 'https://api.flickr.com',
  pace: { intervalMs: 1000, concurrency: 1 },
  mediaPaces: { 'live.staticflickr.com': { intervalMs: 100, concurrency: 4 } },
  maxPages: MAX_RESULTS / PER_PAGE,
};

const errorShape = z.object({ stat: z.literal('fail'), code: z.number(), message: z.string() });

/** flickr.photos.search, "Error Codes": these two pass by themselves. */
const UNAVAILABLE_CODES: ReadonlySet<number> = new Set([10, 105]);

function readRefusal(reply: unknown): ServiceRefusal | null {
  const parsed = errorShape.safeParse(reply);
  if (!parsed.success) return null;
  const { code, message } = parsed.data;
  return {
    reason: UNAVAILABLE_CODES.has(code) ? 'unreachable' : 'refused',
    detail: `error ${code}: ${message}`,
  };
}

const pixels = (value: Photo['width_l']): number | null => Number(value) || null;

/** The size of about 1024 pixels, else the next smaller; the original only when there is nothing between. */
const downloadUrl = (photo: Photo): string | null =>
  photo.url_l ?? photo.url_z ?? photo.url_o ?? photo.url_n ?? null;

function toImage(photo: Photo): FoundImage[] {
  const imageUrl = downloadUrl(photo);
  const licence = LICENCES.get(String(photo.license));
  if (!imageUrl || !licence) return [];
  return [
    {
      imageUrl,
      pageUrl: `https://www.flickr.com/photos/${encodeURIComponent(photo.owner)}/${photo.id}`,
      thumbnailUrl: photo.url_n,
      title: photo.title,
      width: pixels(photo.o_width) ?? pixels(photo.width_l),
      height: pixels(photo.o_height) ?? pixels(photo.height_l),
      creator: photo.ownername,
      licence,
      licenceUrl: licenceUrlOf(licence),
    },
  ];
}

/** Flickr: photos under Creative Commons licences, by relevance; needs a free key. */
export const flickr = defineProvider({
  ...facts,
  shape: replyShape,
  readRefusal,
  buildRequest({ query, cursor, settings }) {
    const url = new URL('https://api.flickr.com/services/rest/');
    url.search = new URLSearchParams({
      method: 'flickr.photos.search',
      api_key: requiredSetting(facts, settings, 'flickr.apiKey'),
      text: query,
      license: [...LICENCES.keys()].join(','),
      sort: 'relevance',
      content_type: '1',
      media: 'photos',
      safe_search: '1',
      per_page: String(PER_PAGE),
      page: cursor ?? '1',
      format: 'json',
      nojsoncallback: '1',
      extras: 'license,owner_name,o_dims,url_n,url_z,url_l,url_o',
    }).toString();
    return { url: url.href };
  },
  readPage({ photos }) {
    const last = Math.min(photos.pages, facts.maxPages);
    return {
      results: photos.photo.flatMap(toImage),
      received: photos.photo.length,
      next: photos.page < last ? String(photos.page + 1) : null,
    };
  },
});
