import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { defineBrowserProvider, providerOrigin } from '../define-provider.js';
import { htmlToText } from '../plain-text.js';
import type { ServiceFacts } from '../provider.js';

/** The JSON in the attribute `m` of a result's link. */
const metaShape = z.object({
  murl: z.string(),
  purl: z.string().nullish(),
  turl: z.string().nullish(),
  t: z.string().nullish(),
});

const replyShape = z.object({
  rows: z.array(z.object({ m: z.string().nullable(), size: z.string().nullable() })),
});

const facts: ServiceFacts = {
  id: 'bing',
  title: 'Bing Images (unofficial)',
  homepage: 'https://www.bing.com/images',
  terms:
    'No official interface: its pages are rendered, which its terms and robots.txt do not allow; breaks often; licences are not told.',
  needs: [],
  status: 'opt-in',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: { setting: 'bing.baseUrl', fallback: 'https://www.bing.com' },
  pace: { intervalMs: 2000, concurrency: 1 },
  maxPages: 1,
};

function parseMeta(text: string | null): z.infer<typeof metaShape> | null {
  try {
    return metaShape.safeParse(JSON.parse(text ?? '')).data ?? null;
  } catch {
    return null;
  }
}

/** '1920 x 1080 · jpeg' under a result. */
function dimensions(text: string | null): Pick<FoundImage, 'width' | 'height'> {
  const found = /(\d{2,5})\s*[x×]\s*(\d{2,5})/.exec(text ?? '');
  return found ? { width: Number(found[1]), height: Number(found[2]) } : {};
}

function toImage({ m, size }: z.infer<typeof replyShape>['rows'][number]): FoundImage[] {
  const meta = parseMeta(m);
  if (!meta) return [];
  return [
    {
      imageUrl: meta.murl,
      pageUrl: meta.purl,
      thumbnailUrl: meta.turl,
      // The words that were searched for are marked by private-use characters.
      title: meta.t ? htmlToText(meta.t.replace(/[\uE000-\uF8FF]/g, '')) : null,
      ...dimensions(size),
    },
  ];
}

/** Bing Images as a browser shows it: each result is a link `a.iusc` whose attribute `m` is JSON. */
export const bing = defineBrowserProvider({
  ...facts,
  harvest: {
    rows: {
      item: '.iuscp, li:has(> .iusc), .imgpt:not(.iuscp *)',
      fields: {
        m: { selector: 'a.iusc', attribute: 'm' },
        size: { selector: '.img_info .nowrap', attribute: 'text' },
      },
    },
    consent: ['#bnp_btn_reject', '#bnp_btn_accept'],
    more: ['a.btn_seemore', '.btn_seemore'],
    nothing: '.no_res, .noresult, #mm_noresult, .b_no',
    wall: '#turing, .captcha, [class*="b_captcha"], iframe[src*="/turing/captcha"]',
    robots: false,
  },
  buildRequest({ query, settings }) {
    const url = new URL('/images/search', providerOrigin(facts, settings));
    url.search = new URLSearchParams({ q: query, form: 'HDRSC2', first: '1', adlt: 'strict' }).toString();
    return { url: url.href };
  },
  shape: replyShape,
  readPage: ({ rows }) => {
    const results = rows.flatMap(toImage);
    return { results, received: rows.length, next: null };
  },
});
