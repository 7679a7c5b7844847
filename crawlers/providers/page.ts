import { z } from 'zod';
import { choosePicture } from '../browser/picture-choice.js';
import type { FoundImage } from '../candidate.js';
import { defineBrowserProvider, type ServiceRefusal } from '../define-provider.js';
import { ProviderError } from '../errors.js';
import type { PageRequest, ServiceFacts } from '../provider.js';

const pixels = z.number().nonnegative();

const pictureShape = z.object({
  src: z.string(),
  srcsets: z.array(z.string()),
  lazy: z.record(z.string(), z.string()),
  link: z.string().nullable(),
  alt: z.string().nullable(),
  naturalWidth: pixels,
  naturalHeight: pixels,
  boxWidth: pixels,
  boxHeight: pixels,
});

const replyShape = z.object({
  url: z.url(),
  next: z.string().nullable(),
  robots: z.string(),
  rows: z.array(pictureShape),
});

const facts: ServiceFacts = {
  id: 'page',
  title: 'Any gallery page',
  homepage: 'https://playwright.dev',
  terms:
    'A page you name, rendered in a browser; robots.txt and noai are honoured; whether you may use its pictures is for you to know.',
  needs: [],
  status: 'opt-in',
  licenceKnown: false,
  matches: 'text',
  offline: false,
  origin: { setting: 'page.url' },
  maxPages: 10,
};

/** Buttons of the usual consent managers, the refusing one of each first. */
const CONSENT_BUTTONS: readonly string[] = [
  '#onetrust-reject-all-handler',
  '#CybotCookiebotDialogBodyButtonDecline',
  '#didomi-notice-disagree-button',
  '[data-testid="uc-deny-all-button"]',
  '.fc-cta-do-not-consent',
  '.qc-cmp2-summary-buttons button[mode="secondary"]',
  '.cky-btn-reject',
  '.cmplz-deny',
  '[id*="cookie" i] button:text-matches("^(reject|decline|refuse|deny|only necessary|ablehnen|refuser|rechazar)", "i")',
  '[class*="consent" i] button:text-matches("^(reject|decline|refuse|deny|only necessary|ablehnen|refuser|rechazar)", "i")',
  '#onetrust-accept-btn-handler',
  '#CybotCookiebotDialogBodyLevelButtonLevelOptinAllowAll',
  '#didomi-notice-agree-button',
  '.fc-cta-consent',
  '[id*="cookie" i] button:text-matches("^(accept|agree|ok|got it|akzeptieren|accepter|aceptar)", "i")',
  '[class*="consent" i] button:text-matches("^(accept|agree|ok|got it|akzeptieren|accepter|aceptar)", "i")',
];

const MORE_BUTTONS: readonly string[] = ['button:text-matches("^\\\\s*(load|show|see|view) more", "i")'];

/** The query itself when it is an address, else the setting `page.url` with the query in place of `{query}`. */
function pageUrl({ query, cursor, settings }: PageRequest): string {
  const stated = /^https?:\/\//i.test(query) ? query : settings['page.url'];
  const url = cursor ?? stated?.replaceAll('{query}', encodeURIComponent(query));
  if (url && /^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url).href;
  const detail =
    'ask with the http(s) address of a page as query, or set page.url (with {query} for the category)';
  throw new ProviderError(facts.id, 'no host yet', 'needs-key', detail);
}

/** A page whose author keeps it from learning machines is left alone. */
function readRefusal(reply: unknown): ServiceRefusal | null {
  const { data } = z.object({ robots: z.string() }).safeParse(reply);
  const found = data && /\b(noai|noimageai)\b/i.exec(data.robots);
  return found
    ? { reason: 'refused', detail: `the page says <meta name="robots" content="${found[1]}">` }
    : null;
}

/** The next page, when it is on the same site. */
function nextPage(next: string | null, base: string): string | null {
  if (next === null || !URL.canParse(next, base)) return null;
  const url = new URL(next, base);
  url.hash = '';
  return url.origin === new URL(base).origin ? url.href : null;
}

function toImage(picture: z.infer<typeof pictureShape>, base: string): FoundImage[] {
  const chosen = choosePicture(picture, base);
  if (!chosen) return [];
  const { url: imageUrl, width, height } = chosen;
  return [{ imageUrl, width, height, pageUrl: base, title: picture.alt || null }];
}

/** A page is read while it loads, so a picture may be seen twice: before its size was known, and after. */
function eachOnce(images: readonly FoundImage[]): FoundImage[] {
  const byUrl = new Map<string, FoundImage>();
  for (const image of images) {
    const known = byUrl.get(image.imageUrl);
    if (!known || (known.height === null && image.height !== null)) byUrl.set(image.imageUrl, image);
  }
  return [...byUrl.values()];
}

/** Any page with pictures on it: rendered, scrolled to its end, its `rel=next` followed. */
export const page = defineBrowserProvider({
  ...facts,
  harvest: { rows: 'pictures', consent: CONSENT_BUTTONS, more: MORE_BUTTONS, robots: true },
  buildRequest: (request) => ({ url: pageUrl(request) }),
  shape: replyShape,
  readRefusal,
  readPage: ({ url, next, rows }) => ({
    results: eachOnce(rows.flatMap((picture) => toImage(picture, url))),
    received: rows.length,
    next: nextPage(next, url),
  }),
});
