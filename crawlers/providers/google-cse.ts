import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, requiredSetting } from '../define-provider.js';
import type { ServiceFacts } from '../provider.js';

const PER_PAGE = 10;
/** `start + num` may not exceed it. */
const MAX_RESULTS = 100;

const itemShape = z.object({
  link: z.string(),
  title: z.string().nullish(),
  mime: z.string().nullish(),
  image: z
    .object({
      contextLink: z.string().nullish(),
      thumbnailLink: z.string().nullish(),
      width: z.number().nullish(),
      height: z.number().nullish(),
      byteSize: z.number().nullish(),
    })
    .nullish(),
});

const replyShape = z.object({
  kind: z.literal('customsearch#search'),
  items: z.array(itemShape).optional(),
  queries: z.object({ nextPage: z.array(z.object({ startIndex: z.number() })).optional() }).optional(),
});

const facts: ServiceFacts = {
  id: 'google-cse',
  title: 'Google Custom Search (legacy)',
  homepage: 'https://developers.google.com/custom-search/v1/overview',
  terms:
    'Closed to new customers and ending on 2027-01-01; 100 queries a day free; says nothing of licences.',
  needs: ['google-cse.apiKey', 'google-cse.cx'],
  status: 'needs-key',
  legacy: true,
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: 'https://www.googleapis.com',
  pace: { intervalMs: 1000, concurrency: 1 },
  maxPages: MAX_RESULTS / PER_PAGE,
};

const toImage = (row: z.infer<typeof itemShape>): FoundImage => ({
  imageUrl: row.link,
  pageUrl: row.image?.contextLink,
  thumbnailUrl: row.image?.thumbnailLink,
  title: row.title,
  width: row.image?.width,
  height: row.image?.height,
  mime: row.mime,
  bytes: row.image?.byteSize,
});

/** Google's Custom Search JSON API, for those who still have a key and an engine (cx) that searches images. */
export const googleCse = defineProvider({
  ...facts,
  shape: replyShape,
  buildRequest({ query, cursor, settings }) {
    const url = new URL('https://www.googleapis.com/customsearch/v1');
    url.search = new URLSearchParams({
      key: requiredSetting(facts, settings, 'google-cse.apiKey'),
      cx: requiredSetting(facts, settings, 'google-cse.cx'),
      q: query,
      searchType: 'image',
      safe: 'active',
      num: String(PER_PAGE),
      start: cursor ?? '1',
    }).toString();
    return { url: url.href };
  },
  readPage({ items = [], queries }) {
    const start = queries?.nextPage?.[0]?.startIndex;
    const more = start !== undefined && start + PER_PAGE - 1 <= MAX_RESULTS;
    return { results: items.map(toImage), received: items.length, next: more ? String(start) : null };
  },
});
