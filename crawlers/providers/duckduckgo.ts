import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineBrowserProvider, providerOrigin } from '../define-provider.js';
import type { ServiceFacts } from '../provider.js';

/** The service refuses longer ones. */
const MAX_QUERY_LENGTH = 499;

const rowShape = z.object({
  original: z.string().nullable(),
  shown: z.string().nullable(),
  lazy: z.string().nullable(),
  page: z.string().nullable(),
  title: z.string().nullable(),
  size: z.string().nullable(),
});

const replyShape = z.object({ rows: z.array(rowShape) });

const facts: ServiceFacts = {
  id: 'duckduckgo',
  title: 'DuckDuckGo Images (unofficial)',
  homepage: 'https://duckduckgo.com',
  terms:
    'No official interface: its pages are rendered, which its terms do not provide for; breaks often; licences are not told.',
  needs: [],
  status: 'opt-in',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: { setting: 'duckduckgo.baseUrl', fallback: 'https://duckduckgo.com' },
  pace: { intervalMs: 2000, concurrency: 1 },
  maxPages: 1,
};

const isWebAddress = (text: string | null | undefined): text is string =>
  typeof text === 'string' && /^https?:\/\//i.test(text) && URL.canParse(text);

/** Pictures are shown through a proxy that carries the true address in `u`: '//external-content.../iu/?u=https%3A...'. */
function unproxied(address: string | null): string | null {
  if (!address || !URL.canParse(address, 'https://duckduckgo.com')) return null;
  const url = new URL(address, 'https://duckduckgo.com');
  const target = url.pathname.startsWith('/iu/') ? url.searchParams.get('u') : url.href;
  return isWebAddress(target) ? target : null;
}

const thumbnailOf = (row: z.infer<typeof rowShape>): string | null =>
  unproxied(row.lazy) ?? unproxied(row.shown);

function toImage(row: z.infer<typeof rowShape>): FoundImage[] {
  const thumbnailUrl = thumbnailOf(row);
  const imageUrl = isWebAddress(row.original) ? row.original : thumbnailUrl;
  if (!imageUrl) return [];
  const size = /(\d{2,5})\s*[x×]\s*(\d{2,5})/.exec(row.size ?? '');
  return [
    {
      imageUrl,
      thumbnailUrl,
      pageUrl: isWebAddress(row.page) ? row.page : null,
      title: row.title,
      width: size ? Number(size[1]) : null,
      height: size ? Number(size[2]) : null,
    },
  ];
}

/** DuckDuckGo Images as a browser shows it: tiles, and in the newer layout figures. */
export const duckduckgo = defineBrowserProvider({
  ...facts,
  harvest: {
    rows: {
      item: '.tile--img, figure:has(img[src*="/iu/?u="])',
      fields: {
        original: { selector: '', attribute: 'data-id' },
        shown: { selector: 'img', attribute: 'src' },
        lazy: { selector: 'img', attribute: 'data-src' },
        page: { selector: 'a.tile--img__sub, figcaption a[href], a[href^="http"]', attribute: 'href' },
        title: { selector: 'img', attribute: 'alt' },
        size: { selector: '.tile--img__dimensions, [class*="dimensions"], figcaption', attribute: 'text' },
      },
    },
    consent: [],
    more: ['.result--more__btn', '#more-results'],
    nothing: '.no-results, .no-results-message, [data-testid="no-results-message"]',
    wall: '.anomaly-modal__modal, [data-testid="anomaly-modal"], #challenge-form',
    robots: false,
  },
  buildRequest({ query, settings }) {
    const url = new URL('/', providerOrigin(facts, settings));
    const q = query.slice(0, MAX_QUERY_LENGTH);
    url.search = new URLSearchParams({ q, iar: 'images', iax: 'images', ia: 'images', kp: '1' }).toString();
    return { url: url.href };
  },
  shape: replyShape,
  readPage: ({ rows }) => ({ results: rows.flatMap(toImage), received: rows.length, next: null }),
});
