import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ProviderError,
  UnknownProviderError,
  type Candidate,
  type Crawler,
  type CrawlerOptions,
} from '../../../crawlers/index.js';
import { LoopbackWeb, type Handler } from './loopback-web.js';

/** A gallery page with so many results; titles and addresses differ by page unless told otherwise. */
async function galleryPage(
  page: number,
  pageCount: number,
  pictureOf = (n: number) => `${page}-${n}`,
): Promise<string> {
  const file = new URL('../../fixtures/providers/gallery/page-1.json', import.meta.url);
  const reply = JSON.parse(await readFile(file, 'utf8')) as { results: Record<string, unknown>[] };
  const results = reply.results.map((row, n) => ({
    ...row,
    image_url: `http://pictures.test/${pictureOf(n)}.png`,
  }));
  return JSON.stringify({ ...reply, page, page_count: pageCount, results });
}

async function drain(results: AsyncIterable<Candidate>): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for await (const candidate of results) all.push(candidate);
  return all;
}

describe('search', () => {
  let web: LoopbackWeb;
  beforeEach(() => {
    web = new LoopbackWeb();
  });
  afterEach(() => web.close());

  async function against(handler: Handler, options: Partial<CrawlerOptions> = {}): Promise<Crawler> {
    const port = await web.serve(handler);
    return web.crawler({ settings: { 'gallery.baseUrl': `http://cats.test:${port}` }, ...options });
  }

  const pageOf = (url: string | undefined): number =>
    Number(new URL(url ?? '', 'http://x.test').searchParams.get('page'));
  const ask = (crawler: Crawler): AsyncIterable<Candidate> =>
    crawler.search({ provider: 'gallery', query: 'cat' });

  it('goes through the pages lazily, ranks through, and ends at the last', async () => {
    const crawler = await against((request, response) => {
      void galleryPage(pageOf(request.url), 3).then((body) => response.end(body));
    });
    const iterator = ask(crawler)[Symbol.asyncIterator]();
    await iterator.next();
    expect(web.requests).toHaveLength(1);
    const found = await drain(ask(crawler));
    expect(found.map((one) => one.rank)).toEqual(found.map((_, n) => n));
    expect(new Set(found.map((one) => one.imageUrl.replace(/-.*/, '')))).toHaveProperty('size', 3);
    expect(found[0]).toMatchObject({ provider: 'gallery', query: 'cat', thumbnailUrl: null, sha1: null });
    expect(web.requests).toHaveLength(1 + 3);
  });

  it('ends when a provider repeats a page for ever', async () => {
    const crawler = await against((request, response) => {
      void galleryPage(pageOf(request.url), 1000, (n) => `same-${n}`).then((body) => response.end(body));
    });
    const found = await drain(ask(crawler));
    expect(new Set(found.map((one) => one.imageUrl)).size).toBe(found.length);
    expect(web.requests).toHaveLength(2);
  });

  it('ends when the same cursor comes back, though the pictures differ', async () => {
    let asked = 0;
    const crawler = await against((_request, response) => {
      void galleryPage(1, 1000, (n) => `${++asked}-${n}`).then((body) => response.end(body));
    });
    expect((await drain(ask(crawler))).length).toBeGreaterThan(0);
    expect(web.requests.map((line) => pageOf(line.split(' ')[1]))).toEqual([1, 2]);
  });

  it('ends at an empty page, and at the most pages a provider allows', async () => {
    const empty = await against((_request, response) => {
      response.end(JSON.stringify({ page: 1, page_count: 9, results: [] }));
    });
    expect(await drain(ask(empty))).toEqual([]);
    expect(web.requests).toHaveLength(1);
    const endless = await against((request, response) => {
      void galleryPage(pageOf(request.url), 1e9).then((body) => response.end(body));
    });
    await drain(ask(endless));
    expect(web.requests).toHaveLength(1 + 10);
  });

  it.each([
    ['changed', (_q, r) => r.end('{"results": 7}')],
    ['changed', (_q, r) => r.writeHead(404).end()],
    ['refused', (_q, r) => r.writeHead(403).end()],
    ['quota', (_q, r) => r.writeHead(429).end()],
    ['unreachable', (_q, r) => r.writeHead(502).end()],
    ['unreachable', (_q, r) => r.destroy()],
  ] satisfies [string, Handler][])('calls it %s', async (reason, handler) => {
    const crawler = await against(handler);
    const error = await drain(ask(crawler)).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ provider: 'gallery', reason });
    expect((error as Error).message).toMatch(/gallery.*cats\.test:\d+.*(--provider|--from)/);
  });

  it('keeps the candidates of the pages before the one that fails', async () => {
    const crawler = await against((request, response) => {
      if (pageOf(request.url) === 2) return response.writeHead(403).end();
      return void galleryPage(1, 3).then((body) => response.end(body));
    });
    const found: Candidate[] = [];
    const all = (async () => {
      for await (const candidate of ask(crawler)) found.push(candidate);
    })();
    await expect(all).rejects.toThrow(ProviderError);
    expect(found.length).toBeGreaterThan(0);
  });

  it('without internet names the provider, its host and what to try', async () => {
    const offline = web.crawler({
      resolve: () => Promise.reject(Object.assign(new Error('offline'), { code: 'EAI_AGAIN' })),
    });
    for (const [provider, host] of [
      ['openverse', 'api.openverse.org'],
      ['wikimedia-commons', 'commons.wikimedia.org'],
      ['inaturalist', 'api.inaturalist.org'],
    ] as const) {
      const error = await drain(offline.search({ provider, query: 'fox' })).catch(
        (caught: unknown) => caught,
      );
      expect(error).toMatchObject({ provider, host, reason: 'unreachable' });
      expect((error as Error).message).toMatch(/--provider gallery.*--from DIR/);
    }
  });

  it('says that the address guard stands in the way, and which setting is missing', async () => {
    const guarded = await against((_request, response) => response.end(), { allowPrivateHosts: [] });
    await expect(drain(ask(guarded))).rejects.toMatchObject({ reason: 'blocked' });
    await expect(drain(ask(web.crawler()))).rejects.toMatchObject({
      reason: 'needs-key',
      message: expect.stringContaining('gallery.baseUrl') as string,
    });
  });

  it('refuses an unknown provider at once', () => {
    expect(() => web.crawler().search({ provider: 'altavista', query: 'x' })).toThrow(UnknownProviderError);
  });

  it('ends with the reason of its signal', async () => {
    const abort = new AbortController();
    const crawler = await against(() => abort.abort(new Error('enough')));
    await expect(
      drain(crawler.search({ provider: 'gallery', query: 'x', signal: abort.signal })),
    ).rejects.toThrow('enough');
  });

  it('does not ask robots.txt of an API', async () => {
    const crawler = await against((_request, response) => {
      response.end(JSON.stringify({ page: 1, page_count: 1, results: [] }));
    });
    await drain(ask(crawler));
    expect(web.requests.some((line) => line.endsWith('/robots.txt'))).toBe(false);
  });
});
