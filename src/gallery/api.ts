import { z } from 'zod';
import { FORMATS } from './look.js';
import { PLANTS, type Plant } from './plants.js';
import type { Result, Results } from './results.js';

/** A request the gallery cannot answer; `message` says what to ask instead. */
export class BadRequestError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BadRequestError';
  }
}

const MAX_QUERY_LENGTH = 100;
export const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 20;

const text = z
  .string({ error: 'give ?q= one word or more' })
  .trim()
  .min(1, 'give ?q= one word or more')
  .max(MAX_QUERY_LENGTH, `keep q to ${MAX_QUERY_LENGTH} characters`);

const whole = (name: string, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `${name} is a whole number from 1`)
    .transform(Number)
    .pipe(z.number().min(1, `${name} starts at 1`).max(max, `${name} is at most ${max}`));

const searchSchema = z.object({
  q: text,
  page: whole('page', 1_000_000).default(1),
  per_page: whole('per_page', MAX_PER_PAGE).default(DEFAULT_PER_PAGE),
});

export type SearchQuery = z.infer<typeof searchSchema>;

/** Reads `q`, `page` and `per_page`; throws BadRequestError naming what is wrong. */
export function parseSearchQuery(params: URLSearchParams): SearchQuery {
  const parsed = searchSchema.safeParse(Object.fromEntries(params));
  if (parsed.success) return parsed.data;
  throw new BadRequestError(parsed.error.issues.map(({ message }) => message).join('; '));
}

/** One page of results, with how many there are in all. */
export interface ResultPage {
  readonly total: number;
  readonly pageCount: number;
  readonly results: readonly Result[];
}

export function pageOf(results: readonly Result[], { page, per_page }: SearchQuery): ResultPage {
  const start = (page - 1) * per_page;
  return {
    total: results.length,
    pageCount: Math.ceil(results.length / per_page),
    results: results.slice(start, start + per_page),
  };
}

/**
 * What the API says of a result. Width, height and type are what the picture's page claims: as on the web, what the
 * address gives may differ.
 */
function describe(result: Result, baseUrl: string): Record<string, string | number> {
  const { picture, look } = result;
  return {
    id: result.id,
    title: picture.title,
    image_url: baseUrl + result.imagePath,
    page_url: baseUrl + result.pagePath,
    width: look.width,
    height: look.height,
    mime: FORMATS[look.format].mime,
    creator: picture.credit.creator,
    creator_url: picture.credit.creatorUrl,
    source: picture.credit.setTitle,
    licence: picture.credit.licence,
    licence_url: picture.credit.licenceUrl,
  };
}

/** The answer of `/api/search`. */
export function searchAnswer(results: Results, query: SearchQuery, baseUrl: string): unknown {
  const page = pageOf(results.search(query.q), query);
  return {
    query: query.q,
    page: query.page,
    per_page: query.per_page,
    page_count: page.pageCount,
    total: page.total,
    results: page.results.map((result) => describe(result, baseUrl)),
  };
}

/** What was planted under an address: `plant` is null for a sound picture, `copyOf` the original's address for a copy. */
export interface PlantRecord {
  readonly plant: Plant | null;
  readonly copyOf: string | null;
}

export function plantRecord({ plant, copyOf }: Result, baseUrl: string): PlantRecord {
  return { plant, copyOf: copyOf && baseUrl + copyOf.imagePath };
}

/** The answer of `/planted.json`: every result of the query with what was planted, and the counts. */
export function plantedAnswer(results: Results, query: string, baseUrl: string): unknown {
  const found = results.search(query);
  const count = (plant: Plant): number => found.filter((result) => result.plant === plant).length;
  return {
    query,
    seed: results.seed,
    total: found.length,
    counts: Object.fromEntries(PLANTS.map((plant) => [plant, count(plant)])),
    results: found.map((result) => ({
      image_url: baseUrl + result.imagePath,
      plant: result.plant,
      copy_of: plantRecord(result, baseUrl).copyOf,
    })),
  };
}
