import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, requiredSetting, type ServiceRefusal } from '../define-provider.js';
import type { ServiceFacts } from '../provider.js';

const resultShape = z.object({
  original: z.string().nullish(),
  original_width: z.number().nullish(),
  original_height: z.number().nullish(),
  thumbnail: z.string().nullish(),
  title: z.string().nullish(),
  link: z.string().nullish(),
});

const replyShape = z.object({
  search_metadata: z.object({ status: z.string() }),
  images_results: z.array(resultShape).optional(),
});

const facts: ServiceFacts = {
  id: 'serpapi',
  title: 'SerpApi (Google Images)',
  homepage: 'https://serpapi.com',
  terms: 'A paid key; results of Google Images without any word on licences: each site keeps its own rights.',
  needs: ['serpapi.apiKey'],
  status: 'needs-key',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: 'https://serpapi.com',
  pace: { intervalMs: 1000, concurrency: 1 },
  maxPages: 8,
};

const errorShape = z.object({ error: z.string() });

/** Told as an error, but it only means that there are no (more) results. */
const NOTHING = /hasn't returned any results/i;

function readRefusal(reply: unknown): ServiceRefusal | null {
  const parsed = errorShape.safeParse(reply);
  if (!parsed.success || NOTHING.test(parsed.data.error)) return null;
  const { error } = parsed.data;
  return { reason: /run out|searches per|exceeded/i.test(error) ? 'quota' : 'refused', detail: error };
}

function toImage(row: z.infer<typeof resultShape>): FoundImage[] {
  if (!row.original) return [];
  return [
    {
      imageUrl: row.original,
      pageUrl: row.link,
      thumbnailUrl: row.thumbnail,
      title: row.title,
      width: row.original_width,
      height: row.original_height,
    },
  ];
}

/** Google Images through SerpApi, 100 pictures a page; needs a key. */
export const serpapi = defineProvider({
  ...facts,
  shape: replyShape,
  readRefusal,
  buildRequest({ query, cursor, settings }) {
    const url = new URL('https://serpapi.com/search');
    url.search = new URLSearchParams({
      engine: 'google_images',
      q: query,
      ijn: cursor ?? '0',
      safe: 'active',
      api_key: requiredSetting(facts, settings, 'serpapi.apiKey'),
    }).toString();
    return { url: url.href };
  },
  readPage({ images_results: rows = [] }, { cursor }) {
    const page = Number(cursor ?? '0');
    const more = rows.length > 0 && page + 1 < facts.maxPages;
    return { results: rows.flatMap(toImage), received: rows.length, next: more ? String(page + 1) : null };
  },
});
