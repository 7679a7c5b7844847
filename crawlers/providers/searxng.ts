import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineProvider, providerOrigin } from '../define-provider.js';
import type { PageRequest, ServiceFacts } from '../provider.js';

const resultShape = z.object({
  url: z.string().nullish(),
  img_src: z.string().nullish(),
  thumbnail_src: z.string().nullish(),
  title: z.string().nullish(),
  resolution: z.string().nullish(),
  author: z.string().nullish(),
});

const replyShape = z.object({ query: z.string(), results: z.array(resultShape) });

const facts: ServiceFacts = {
  id: 'searxng',
  title: 'SearXNG',
  homepage: 'https://docs.searxng.org',
  terms:
    'Your own instance, with `json` among its search formats; the terms of the engines it asks hold, licences are not told.',
  needs: ['searxng.baseUrl'],
  status: 'needs-key',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: { setting: 'searxng.baseUrl' },
  pace: { intervalMs: 1000, concurrency: 1 },
  maxPages: 10,
};

/** The base URL may have a path: an instance behind example.org/searx/. */
function searchUrl({ query, cursor, settings }: PageRequest): string {
  const base = providerOrigin(facts, settings);
  const url = new URL('search', base.href.endsWith('/') ? base : `${base.href}/`);
  url.search = new URLSearchParams({
    q: query,
    categories: 'images',
    format: 'json',
    safesearch: '1',
    pageno: cursor ?? '1',
  }).toString();
  return url.href;
}

/** '1200 x 800', '1200×800'. */
function dimensions(text: string | null | undefined): { width?: number; height?: number } {
  const found = /(\d+)\s*[x×*]\s*(\d+)/i.exec(text ?? '');
  return found ? { width: Number(found[1]), height: Number(found[2]) } : {};
}

/** Some engines leave the scheme out: '//host/picture.jpg'. */
const absolute = (address: string): string => (address.startsWith('//') ? `https:${address}` : address);

function toImage(row: z.infer<typeof resultShape>): FoundImage[] {
  if (!row.img_src) return [];
  return [
    {
      imageUrl: absolute(row.img_src),
      pageUrl: row.url,
      thumbnailUrl: row.thumbnail_src ? absolute(row.thumbnail_src) : null,
      title: row.title,
      creator: row.author || null,
      ...dimensions(row.resolution),
    },
  ];
}

/** A SearXNG instance of one's own: many engines behind one address. */
export const searxng = defineProvider({
  ...facts,
  shape: replyShape,
  buildRequest: (request) => ({ url: searchUrl(request) }),
  readPage({ results }, { cursor }) {
    const page = Number(cursor ?? '1');
    const more = results.length > 0 && page < facts.maxPages;
    return {
      results: results.flatMap(toImage),
      received: results.length,
      next: more ? String(page + 1) : null,
    };
  },
});
