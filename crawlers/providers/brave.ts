import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, requiredSetting } from '../define-provider.js';
import type { ServiceFacts } from '../provider.js';

/** The most that one call gives; there is no second page. */
const COUNT = 200;

const resultShape = z.object({
  title: z.string().nullish(),
  url: z.string().nullish(),
  thumbnail: z.object({ src: z.string().nullish() }).nullish(),
  properties: z
    .object({ url: z.string().nullish(), width: z.number().nullish(), height: z.number().nullish() })
    .nullish(),
});

const replyShape = z.object({ type: z.literal('images'), results: z.array(resultShape) });

const facts: ServiceFacts = {
  id: 'brave',
  title: 'Brave Search',
  homepage: 'https://api-dashboard.search.brave.com',
  terms:
    'A paid key; says nothing of licences, and only some of its plans grant storing results: read yours before training on them.',
  needs: ['brave.apiKey'],
  status: 'needs-key',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: 'https://api.search.brave.com',
  pace: { intervalMs: 1000, concurrency: 1 },
  maxPages: 1,
};

function toImage(row: z.infer<typeof resultShape>): FoundImage[] {
  const imageUrl = row.properties?.url;
  if (!imageUrl) return [];
  return [
    {
      imageUrl,
      pageUrl: row.url,
      thumbnailUrl: row.thumbnail?.src,
      title: row.title,
      width: row.properties?.width,
      height: row.properties?.height,
    },
  ];
}

/** Brave Image Search: the whole web, 200 pictures a query in one call; needs a key. */
export const brave = defineProvider({
  ...facts,
  shape: replyShape,
  buildRequest({ query, settings }) {
    const url = new URL('https://api.search.brave.com/res/v1/images/search');
    url.search = new URLSearchParams({
      q: query,
      count: String(COUNT),
      safesearch: 'strict',
      spellcheck: 'false',
    }).toString();
    const key = requiredSetting(facts, settings, 'brave.apiKey');
    return { url: url.href, headers: { 'X-Subscription-Token': key } };
  },
  readPage: ({ results }) => ({ results: results.flatMap(toImage), received: results.length, next: null }),
});
