import { BadRequestError, pageOf, parseSearchQuery, plantedAnswer, searchAnswer } from './api.js';
import type { Credit } from './icon-sets.js';
import { FORMATS } from './look.js';
import { homePage, notFoundPage, picturePage, searchPage } from './pages.js';
import { BusyError, type Renderer } from './renderer.js';
import { failure, html, json, type Reply } from './reply.js';
import type { Result, Results } from './results.js';

/** What the routes answer from. */
export interface GalleryContext {
  readonly results: Results;
  readonly renderer: Renderer;
  readonly credits: readonly Credit[];
  readonly pictureCount: number;
  readonly baseUrl: string;
}

const ROBOTS = 'User-agent: *\nAllow: /\nDisallow: /planted.json\n';

const CACHE_HEADERS = { 'cache-control': 'public, max-age=3600' };

async function image(context: GalleryContext, result: Result | undefined): Promise<Reply> {
  if (!result || result.plant === 'dead-link') return html(404, notFoundPage());
  const type = FORMATS[result.look.format].mime;
  if (result.plant === 'error-page') return { status: 200, type, body: notFoundPage() };
  return { status: 200, type, body: await context.renderer.render(result), headers: CACHE_HEADERS };
}

function search(context: GalleryContext, params: URLSearchParams): Reply {
  const query = parseSearchQuery(params);
  return html(200, searchPage(query, pageOf(context.results.search(query.q), query)));
}

function picture(context: GalleryContext, id: string): Reply {
  const result = context.results.withId(id);
  return result ? html(200, picturePage(result)) : html(404, notFoundPage());
}

/** Everything is looked up in memory by its whole path: no path reaches the file system. */
async function route(context: GalleryContext, { pathname, searchParams }: URL): Promise<Reply> {
  const { results, baseUrl } = context;
  if (pathname === '/') return html(200, homePage(context.credits, context.pictureCount));
  if (pathname === '/robots.txt') return { status: 200, type: 'text/plain; charset=utf-8', body: ROBOTS };
  if (pathname === '/search') return search(context, searchParams);
  if (pathname === '/api/search')
    return json(200, searchAnswer(results, parseSearchQuery(searchParams), baseUrl));
  if (pathname === '/planted.json') {
    return json(200, plantedAnswer(results, parseSearchQuery(searchParams).q, baseUrl));
  }
  if (pathname.startsWith('/pictures/')) return picture(context, pathname.slice('/pictures/'.length));
  if (pathname.startsWith('/images/')) return image(context, results.withImagePath(pathname));
  return html(404, notFoundPage());
}

function failureOf(error: unknown): Reply {
  if (error instanceof BadRequestError) return failure(400, error.message);
  if (error instanceof BusyError) return failure(503, error.message, { 'retry-after': '1' });
  return failure(500, error instanceof Error ? error.message : String(error));
}

/** Answers one request; never rejects. */
export async function answer(context: GalleryContext, method: string, target: string): Promise<Reply> {
  if (method !== 'GET' && method !== 'HEAD') {
    return failure(405, 'This gallery only reads: use GET or HEAD.', { allow: 'GET, HEAD' });
  }
  if (!URL.canParse(target, context.baseUrl)) return failure(400, 'The address is not a valid one.');
  try {
    return await route(context, new URL(target, context.baseUrl));
  } catch (error) {
    return failureOf(error);
  }
}
