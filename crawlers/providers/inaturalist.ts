import { z } from 'zod';
import type { FoundImage } from '../candidate.js';
import { ccLicenceId, licenceUrlOf } from '../licences.js';
import { defineProvider } from '../define-provider.js';

const PAGE_SIZE = 200;
/** Plain paging ends at 10,000 rows. */
const MAX_PAGES = 10_000 / PAGE_SIZE;

const photoShape = z.object({
  url: z.string(),
  license_code: z.string().nullable(),
  attribution: z.string().nullish(),
  original_dimensions: z.object({ width: z.number(), height: z.number() }).nullish(),
});

const observationShape = z.object({
  id: z.number(),
  uri: z.string().nullish(),
  species_guess: z.string().nullish(),
  taxon: z.object({ name: z.string() }).nullish(),
  user: z.object({ login: z.string().nullish(), name: z.string().nullish() }).nullish(),
  photos: z.array(photoShape),
});

const replyShape = z.object({
  total_results: z.number(),
  page: z.number(),
  per_page: z.number(),
  results: z.array(observationShape),
});

type Observation = z.infer<typeof observationShape>;

/** iNaturalist names a licence by code alone and links the 4.0 deed for all of them. */
const LICENCE_VERSION = '4.0';

/** Photo addresses differ only in the size word: square (75 px), small, medium, large (1024 px), original. */
const ofSize = (url: string, size: string): string => url.replace(/\/square(?=\.\w+(?:\?|$))/, `/${size}`);

/** The first licensed photo: the others of one observation show the same plant or animal again. */
function toImage(row: Observation): FoundImage[] {
  const photo = row.photos.find((candidate) => candidate.license_code !== null);
  if (!photo?.license_code) return [];
  const licence = ccLicenceId(photo.license_code, LICENCE_VERSION);
  return [
    {
      imageUrl: ofSize(photo.url, 'large'),
      pageUrl: row.uri ?? `https://www.inaturalist.org/observations/${row.id}`,
      thumbnailUrl: ofSize(photo.url, 'small'),
      title: row.taxon?.name ?? row.species_guess,
      width: photo.original_dimensions?.width,
      height: photo.original_dimensions?.height,
      creator: (row.user?.name || row.user?.login) ?? photo.attribution,
      licence,
      licenceUrl: licenceUrlOf(licence),
    },
  ];
}

/** iNaturalist: plants and animals whose species the community agrees on, by scientific or common name. */
export const inaturalist = defineProvider({
  id: 'inaturalist',
  title: 'iNaturalist',
  homepage: 'https://www.inaturalist.org',
  terms:
    'Keyless, 60 requests a minute, under 10,000 a day; media 5 GB an hour; each photo has its own licence.',
  needs: [],
  status: 'default',
  licenceKnown: true,
  matches: 'text',
  offline: false,
  origin: 'https://api.inaturalist.org',
  pace: { intervalMs: 1000, concurrency: 1 },
  mediaPaces: {
    'inaturalist-open-data.s3.amazonaws.com': { intervalMs: 200, concurrency: 4 },
    'static.inaturalist.org': { intervalMs: 200, concurrency: 4 },
  },
  maxPages: MAX_PAGES,
  shape: replyShape,
  buildRequest({ query, cursor }) {
    const url = new URL('https://api.inaturalist.org/v1/observations');
    const parameters = {
      taxon_name: query,
      photos: 'true',
      photo_license: 'cc0,cc-by,cc-by-sa,cc-by-nc,cc-by-nc-sa',
      quality_grade: 'research',
      per_page: String(PAGE_SIZE),
      page: cursor ?? '1',
      order_by: 'votes',
    };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return { url: url.href };
  },
  readPage(reply) {
    const more = reply.page * reply.per_page < reply.total_results && reply.page < MAX_PAGES;
    return {
      results: reply.results.flatMap(toImage),
      received: reply.results.length,
      next: more ? String(reply.page + 1) : null,
    };
  },
});
