import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, requiredSetting } from '../define-provider.js';
import type { ServiceFacts } from '../provider.js';

const PER_PAGE = 200;
/** The service shows no more than these of any query. */
const MAX_RESULTS = 500;
const MAX_QUERY_LENGTH = 100;

const hitShape = z.object({
  pageURL: z.string(),
  previewURL: z.string().nullish(),
  largeImageURL: z.string(),
  imageWidth: z.number().nullish(),
  imageHeight: z.number().nullish(),
  imageSize: z.number().nullish(),
  tags: z.string().nullish(),
  user: z.string().nullish(),
});

const replyShape = z.object({ totalHits: z.number(), hits: z.array(hitShape) });

const facts: ServiceFacts = {
  id: 'pixabay',
  title: 'Pixabay',
  homepage: 'https://pixabay.com/api/docs/',
  terms:
    'A free key; 100 requests a minute; "Systematic mass downloads are not allowed": for small sets only, so only when named.',
  needs: ['pixabay.apiKey'],
  status: 'opt-in',
  licenceKnown: true,
  matches: 'text',
  offline: false,
  origin: 'https://pixabay.com',
  pace: { intervalMs: 1000, concurrency: 1 },
  mediaPaces: {
    'pixabay.com': { intervalMs: 1000, concurrency: 1 },
    'cdn.pixabay.com': { intervalMs: 500, concurrency: 2 },
  },
  maxPages: Math.ceil(MAX_RESULTS / PER_PAGE),
};

const toImage = (hit: z.infer<typeof hitShape>): FoundImage => ({
  imageUrl: hit.largeImageURL,
  pageUrl: hit.pageURL,
  thumbnailUrl: hit.previewURL,
  title: hit.tags,
  width: hit.imageWidth,
  height: hit.imageHeight,
  bytes: hit.imageSize,
  creator: hit.user,
  licence: 'LicenseRef-Pixabay',
  licenceUrl: 'https://pixabay.com/service/license-summary/',
});

/** Pixabay: photos under its own licence; only when named, since its terms bar mass downloads. */
export const pixabay = defineProvider({
  ...facts,
  shape: replyShape,
  buildRequest({ query, cursor, settings }) {
    const url = new URL('https://pixabay.com/api/');
    url.search = new URLSearchParams({
      key: requiredSetting(facts, settings, 'pixabay.apiKey'),
      q: query.slice(0, MAX_QUERY_LENGTH),
      image_type: 'photo',
      safesearch: 'true',
      per_page: String(PER_PAGE),
      page: cursor ?? '1',
    }).toString();
    return { url: url.href };
  },
  readPage({ totalHits, hits }, { cursor }) {
    const page = Number(cursor ?? '1');
    const more = hits.length > 0 && page * PER_PAGE < Math.min(totalHits, MAX_RESULTS);
    return { results: hits.map(toImage), received: hits.length, next: more ? String(page + 1) : null };
  },
});
