import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { normaliseLicence } from '../licences.js';
import { htmlToText } from '../plain-text.js';
import { defineProvider, type ServiceRefusal } from '../define-provider.js';

/** One request may ask for 50 thumbnails (TRANSFORM_LIMIT of ApiQueryImageInfo), so never for more rows than that. */
const PAGE_SIZE = 50;
/** Since 2026 only 20, 40, 60, 120, 250, 330, 500, 960, 1280, 1920 and 3840 are served; any other width gets a 429 for ever. */
const THUMBNAIL_WIDTH = 960;
/** `filetype:bitmap` also finds scans and animations; these decode as they are. */
const DIRECT_MIMES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
/** Formats whose thumbnail is an ordinary JPEG. */
const THUMBNAIL_ONLY_MIMES: ReadonlySet<string> = new Set(['image/tiff']);

const metadataValue = z.object({ value: z.union([z.string(), z.number()]) }).optional();

const infoShape = z.object({
  url: z.string(),
  descriptionurl: z.string().nullish(),
  thumburl: z.string().nullish(),
  width: z.number(),
  height: z.number(),
  size: z.number(),
  mime: z.string(),
  sha1: z.string(),
  extmetadata: z
    .object({
      LicenseShortName: metadataValue,
      LicenseUrl: metadataValue,
      Artist: metadataValue,
      Credit: metadataValue,
    })
    .optional(),
});

const pageShape = z.object({
  title: z.string(),
  index: z.number(),
  imageinfo: z.array(infoShape).optional(),
});

const replyShape = z
  .object({
    batchcomplete: z.boolean().optional(),
    continue: z.object({ gsroffset: z.number().optional() }).optional(),
    query: z.object({ pages: z.array(pageShape) }).optional(),
  })
  .refine((reply) => reply.query !== undefined || reply.batchcomplete !== undefined, {
    path: ['query'],
    message: 'neither query nor batchcomplete is there',
  });

const errorShape = z.object({ error: z.object({ code: z.string(), info: z.string().optional() }) });

const QUOTA_CODES: ReadonlySet<string> = new Set(['ratelimited', 'maxlag']);

function readRefusal(reply: unknown): ServiceRefusal | null {
  const parsed = errorShape.safeParse(reply);
  if (!parsed.success) return null;
  const { code, info } = parsed.data.error;
  return {
    reason: QUOTA_CODES.has(code) ? 'quota' : 'refused',
    detail: `${code}: ${info ?? 'no more is said'}`,
  };
}

/** A metadata field as plain text; Commons sends HTML in most of them. */
function metadataText(field: z.infer<typeof metadataValue>): string | null {
  return field ? htmlToText(String(field.value)) || null : null;
}

/** The thumbnail, when the original is wider or not a format of ours; else the original, which is never scaled up. */
function downloadUrl(info: z.infer<typeof infoShape>): string | null {
  if (THUMBNAIL_ONLY_MIMES.has(info.mime)) return info.thumburl ?? null;
  if (!DIRECT_MIMES.has(info.mime)) return null;
  return info.width > THUMBNAIL_WIDTH ? (info.thumburl ?? info.url) : info.url;
}

function toImage(page: z.infer<typeof pageShape>): FoundImage[] {
  const info = page.imageinfo?.[0];
  const imageUrl = info ? downloadUrl(info) : null;
  if (!info || !imageUrl) return [];
  const licence = metadataText(info.extmetadata?.LicenseShortName);
  return [
    {
      imageUrl,
      pageUrl: info.descriptionurl,
      thumbnailUrl: info.thumburl,
      title: page.title.replace(/^File:/, '').replace(/\.\w{3,4}$/, ''),
      width: info.width,
      height: info.height,
      mime: info.mime,
      bytes: info.size,
      sha1: info.sha1,
      creator: metadataText(info.extmetadata?.Artist) ?? metadataText(info.extmetadata?.Credit),
      licence: licence === null ? null : normaliseLicence(licence),
      licenceUrl: metadataText(info.extmetadata?.LicenseUrl),
    },
  ];
}

/** Wikimedia Commons: full-text search over freely licensed files, with SHA-1 and size in the reply. */
export const wikimediaCommons = defineProvider({
  id: 'wikimedia-commons',
  title: 'Wikimedia Commons',
  homepage: 'https://commons.wikimedia.org',
  terms:
    'Keyless; a User-Agent with contact, at most 3 requests at once, Retry-After honoured; each file has its own free licence.',
  needs: [],
  status: 'default',
  licenceKnown: true,
  matches: 'text',
  offline: false,
  origin: 'https://commons.wikimedia.org',
  pace: { intervalMs: 1000, concurrency: 1 },
  mediaPaces: { 'upload.wikimedia.org': { intervalMs: 200, concurrency: 2 } },
  maxPages: 40,
  shape: replyShape,
  readRefusal,
  buildRequest({ query, cursor }) {
    const url = new URL('https://commons.wikimedia.org/w/api.php');
    const parameters = {
      action: 'query',
      format: 'json',
      formatversion: '2',
      generator: 'search',
      gsrnamespace: '6',
      gsrsearch: `filetype:bitmap ${query}`,
      gsrlimit: String(PAGE_SIZE),
      gsroffset: cursor ?? '0',
      prop: 'imageinfo',
      iiprop: 'url|size|mime|mediatype|sha1|extmetadata',
      iiurlwidth: String(THUMBNAIL_WIDTH),
      iiextmetadatafilter: 'LicenseShortName|LicenseUrl|Artist|Credit',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href };
  },
  readPage(reply) {
    // The generator's rank is in `index`; the array itself is ordered by page id.
    const pages = [...(reply.query?.pages ?? [])].sort((a, b) => a.index - b.index);
    const offset = reply.continue?.gsroffset;
    return {
      results: pages.flatMap(toImage),
      received: pages.length,
      next: offset === undefined ? null : String(offset),
    };
  },
});
