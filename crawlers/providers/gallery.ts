import { z } from 'zod';
import { defineProvider, providerOrigin } from '../define-provider.js';
import type { PageRequest, ServiceFacts } from '../provider.js';

const PER_PAGE = 50;

const shape = z.object({
  page: z.number().int(),
  page_count: z.number().int(),
  results: z.array(
    z.object({
      title: z.string(),
      image_url: z.url(),
      page_url: z.url(),
      width: z.number().int(),
      height: z.number().int(),
      mime: z.string(),
      creator: z.string(),
      licence: z.string(),
      licence_url: z.url(),
    }),
  ),
});

const facts: ServiceFacts = {
  id: 'gallery',
  title: 'Sample gallery',
  homepage: 'https://icon-sets.iconify.design/?category=Emoji',
  terms:
    'Emoji by five artists under Apache-2.0, CC-BY-4.0 or CC-BY-SA-4.0, served by Graft itself; each result says which',
  needs: ['gallery.baseUrl'],
  status: 'opt-in',
  licenceKnown: true,
  matches: 'text',
  offline: true,
  origin: { setting: 'gallery.baseUrl' },
  pace: { intervalMs: 0, concurrency: 4 },
  maxPages: 10,
};

function searchUrl({ query, cursor, settings }: PageRequest): string {
  const url = new URL('/api/search', providerOrigin(facts, settings));
  url.search = new URLSearchParams({ q: query, page: cursor ?? '1', per_page: String(PER_PAGE) }).toString();
  return url.href;
}

/** The sample gallery on loopback, see docs/gallery.md; the setting `gallery.baseUrl` says where it listens. */
export const gallery = defineProvider({
  ...facts,
  shape,
  buildRequest: (request) => ({ url: searchUrl(request) }),
  readPage: (reply) => ({
    received: reply.results.length,
    next: reply.page < reply.page_count ? String(reply.page + 1) : null,
    results: reply.results.map((row) => ({
      imageUrl: row.image_url,
      pageUrl: row.page_url,
      title: row.title,
      width: row.width,
      height: row.height,
      mime: row.mime,
      creator: row.creator,
      licence: row.licence,
      licenceUrl: row.licence_url,
    })),
  }),
});
