import http from 'node:http';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, Crawler, CrawlerOptions } from '../../../crawlers/index.js';
import { LoopbackWeb, type Handler } from '../crawlers/loopback-web.js';
import { chromiumPath } from './chromium.js';
import {
  bingNothing,
  bingPage,
  duckduckgoFigures,
  duckduckgoPage,
  duckduckgoWall,
  galleryPage,
  secondGalleryPage,
} from './engine-pages.js';

const PICTURE = await sharp({ create: { width: 400, height: 300, channels: 3, background: '#c60' } })
  .png()
  .toBuffer();
const ICON = await sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
  .png()
  .toBuffer();

async function drain(results: AsyncIterable<Candidate>): Promise<Candidate[]> {
  const all: Candidate[] = [];
  for await (const candidate of results) all.push(candidate);
  return all;
}

const failure = (results: AsyncIterable<Candidate>): Promise<unknown> =>
  drain(results).then(
    (all) => `${all.length} candidates`,
    (error: unknown) => error,
  );

/** Serves one HTML page; pictures and icons under their names. */
const serving =
  (pageFor: (url: URL) => string | null): Handler =>
  (request, response) => {
    const url = new URL(request.url ?? '/', 'http://x.test');
    const page = pageFor(url);
    if (page !== null) response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    else if (/^\/(pic|th)/.test(url.pathname))
      response.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE);
    else if (url.pathname === '/icon.png') response.writeHead(200, { 'content-type': 'image/png' }).end(ICON);
    else response.writeHead(404).end();
  };

describe.skipIf(!chromiumPath)('providers that render pages, in real Chromium', () => {
  let web: LoopbackWeb;
  beforeEach(() => {
    web = new LoopbackWeb();
  });
  afterEach(() => web.close());

  async function against(
    provider: string,
    handler: Handler,
    options: Partial<CrawlerOptions> = {},
  ): Promise<{ crawler: Crawler; base: string }> {
    const port = await web.serve(handler);
    const base = `http://cats.test:${port}`;
    const crawler = web.crawler({
      settings: { [provider === 'page' ? 'page.url' : `${provider}.baseUrl`]: base },
      browserLimits: { settleMs: 1500, visitTimeoutMs: 60_000 },
      limits: { totalTimeoutMs: 20_000, firstByteTimeoutMs: 20_000 },
      ...options,
    });
    return { crawler, base };
  }

  const path = (line: string): string => line.split(' ')[1] ?? '';

  it('bing: passes the consent page by refusing, scrolls, presses "see more", reads the JSON of each result', async () => {
    const { crawler } = await against(
      'bing',
      serving((url) =>
        url.pathname === '/images/search'
          ? bingPage(url.searchParams.get('q') ?? '', { consent: true })
          : null,
      ),
    );
    const found = await drain(crawler.search({ provider: 'bing', query: 'red fox' }));
    expect(found).toHaveLength(4 * 12);
    expect(found[0]).toMatchObject({
      provider: 'bing',
      query: 'red fox',
      rank: 0,
      imageUrl: 'https://foxes.example/img/0.jpg',
      pageUrl: 'https://foxes.example/page/0',
      thumbnailUrl: 'https://tse.example/th?id=0',
      title: 'Red fox & cub 0',
      width: 1000,
      height: 800,
      licence: null,
    });
    expect(found.map((one) => one.imageUrl)).toContain('https://foxes.example/img/1011.jpg');
    const asked = web.requests.map(path);
    expect(asked).toContain('/pressed/bnp_btn_reject');
    expect(asked.some((one) => one.startsWith('/th/'))).toBe(true);
  });

  it('bing: tells "nothing found" from a page of another shape', async () => {
    const { crawler } = await against(
      'bing',
      serving((url) => (url.searchParams.get('q') === 'qqzz' ? bingNothing : '<title>New Bing</title>')),
    );
    expect(await drain(crawler.search({ provider: 'bing', query: 'qqzz' }))).toEqual([]);
    expect(await failure(crawler.search({ provider: 'bing', query: 'fox' }))).toMatchObject({
      reason: 'changed',
      detail: expect.stringContaining('New Bing') as string,
    });
  });

  it('duckduckgo: reads tiles on the way down, with the original where it is told', async () => {
    const { crawler } = await against(
      'duckduckgo',
      serving((url) => (url.pathname === '/' ? duckduckgoPage('red fox') : null)),
    );
    const found = await drain(crawler.search({ provider: 'duckduckgo', query: 'red fox' }));
    expect(found).toHaveLength(3 * 12);
    expect(found[1]).toMatchObject({
      imageUrl: 'https://foxes.example/img/1.jpg',
      thumbnailUrl: 'https://tse.example/th?id=OIP.1',
      pageUrl: 'https://foxes.example/page/1',
      title: 'Red fox 1',
      width: 1201,
      height: 900,
    });
  });

  it('duckduckgo: reads the layout of figures, and knows the wall against robots', async () => {
    const { crawler } = await against(
      'duckduckgo',
      serving((url) => (url.searchParams.get('q') === 'wall' ? duckduckgoWall : duckduckgoFigures)),
    );
    const found = await drain(crawler.search({ provider: 'duckduckgo', query: 'fox' }));
    expect(found.map((one) => [one.imageUrl, one.pageUrl, one.width])).toEqual([
      ['https://tse.example/th?id=OIP.1&pid=Api', 'https://foxes.example/page/1', 640],
      ['https://tse.example/th?id=OIP.2&pid=Api', 'https://foxes.example/page/2', 640],
    ]);
    expect(await failure(crawler.search({ provider: 'duckduckgo', query: 'wall' }))).toMatchObject({
      reason: 'refused',
      detail: expect.stringContaining('human') as string,
    });
  });

  const gallerySite: Handler = serving((url) =>
    url.pathname === '/gallery/2' ? secondGalleryPage : url.pathname === '/gallery' ? galleryPage : null,
  );

  it('page: takes the largest variant of every picture, passes the banner, scrolls, follows the next page', async () => {
    const { crawler, base } = await against('page', gallerySite);
    const found = await drain(crawler.search({ provider: 'page', query: `${base}/gallery` }));
    const byTitle = new Map(found.map((one) => [one.title, one.imageUrl.slice(base.length)]));
    expect(Object.fromEntries([...byTitle].filter(([title]) => !title?.startsWith('Feed')))).toEqual({
      Linked: '/full/linked.jpg',
      Srcset: '/pic.png?s=1600',
      Picture: '/pic.webp?s=2x',
      Lazy: '/pic.png?original',
      Background: '/pic.png?background',
      Gone: '/gone.png',
      Second: '/pic.png?second',
    });
    const feed = found.filter((one) => one.title?.startsWith('Feed'));
    expect(feed).toHaveLength(2 * 12);
    expect(feed[0]).toMatchObject({ width: 400, height: 300, pageUrl: `${base}/gallery` });
    expect(web.requests.map(path)).toContain('/pressed/no');
  });

  it('page: puts the query into the address that is set, and honours robots.txt and noai', async () => {
    const handler: Handler = (request, response) => {
      const url = new URL(request.url ?? '/', 'http://x.test');
      if (url.pathname === '/robots.txt') return response.end('User-agent: *\nDisallow: /secret');
      const meta = url.pathname === '/noai' ? '<meta name="robots" content="noimageai, nofollow">' : '';
      if (url.pathname === '/pic.png')
        return response.writeHead(200, { 'content-type': 'image/png' }).end(PICTURE);
      return response
        .setHeader('content-type', 'text/html')
        .end(`${meta}<img src="/pic.png?q=${url.searchParams.get('q')}">`);
    };
    const port = await web.serve(handler, { ownRobots: true });
    const base = `http://cats.test:${port}`;
    const crawler = web.crawler({
      settings: { 'page.url': `${base}/search?q={query}` },
      browserLimits: { settleMs: 300 },
      limits: { totalTimeoutMs: 20_000 },
    });
    const found = await drain(crawler.search({ provider: 'page', query: 'red fox' }));
    expect(found.map((one) => one.imageUrl)).toEqual([`${base}/pic.png?q=red%20fox`]);
    for (const secret of ['/secret/1', '/noai'])
      expect(await failure(crawler.search({ provider: 'page', query: base + secret }))).toMatchObject({
        reason: 'refused',
      });
    expect(web.requests.map(path)).not.toContain('/secret/1');
  });

  it('lets nothing out past the address guard: pages, redirects, pictures, scripts, sockets, workers', async () => {
    const port = await web.serve((request, response) => {
      const url = new URL(request.url ?? '/', 'http://x.test');
      if (url.pathname === '/hop')
        return response.writeHead(302, { location: `http://127.0.0.1:${port}/reached/redirect` }).end();
      if (url.pathname.startsWith('/reached'))
        return response
          .writeHead(200, { 'content-type': 'image/png', 'access-control-allow-origin': '*' })
          .end(PICTURE);
      if (url.pathname !== '/') return response.writeHead(404).end();
      const inside = `http://127.0.0.1:${port}`;
      return response.writeHead(200, { 'content-type': 'text/html' }).end(`
        <img src="/hop"><img src="${inside}/reached/img"><img src="http://localhost:${port}/reached/localhost"><img src="http://[::1]:${port}/reached/six">
        <img src="http://dogs.test:${port}/reached/name"><iframe src="${inside}/reached/frame"></iframe><script src="${inside}/reached/script"></script>
        <link rel="prefetch" href="${inside}/reached/prefetch"><link rel="preconnect" href="${inside}">
        <img src="http://cats.test:${port}/reached/allowed" style="width:200px;height:200px">
        <script>fetch('${inside}/reached/fetch', {mode: 'no-cors'}).catch(() => {}); navigator.sendBeacon('${inside}/reached/beacon');
        try { new WebSocket('ws://127.0.0.1:${port}/reached/socket') } catch {} try { new EventSource('${inside}/reached/events') } catch {}
        window.open('${inside}/reached/popup'); try { new Worker('data:text/javascript,fetch("${inside}/reached/worker")') } catch {}</script>`);
    });
    const crawler = web.crawler({
      settings: {},
      allowPrivateHosts: ['cats.test'],
      browserLimits: { settleMs: 1000 },
      limits: { totalTimeoutMs: 20_000 },
    });
    await drain(crawler.search({ provider: 'page', query: `http://cats.test:${port}/` }));
    const reached = (): string[] => web.requests.map(path).filter((one) => one.startsWith('/reached'));
    expect(new Set(reached())).toEqual(new Set(['/reached/allowed']));
    // The same page does reach out where everything is allowed: the guard was what held it back.
    const everywhere = ['cats.test', 'dogs.test', 'localhost', '127.0.0.1'];
    const open = web.crawler({
      settings: {},
      allowPrivateHosts: everywhere,
      browserLimits: { settleMs: 1000 },
      limits: { totalTimeoutMs: 20_000 },
    });
    await drain(open.search({ provider: 'page', query: `http://cats.test:${port}/` }));
    for (const way of ['redirect', 'img', 'localhost', 'name', 'frame', 'script', 'fetch'])
      expect(reached()).toContain(`/reached/${way}`);
  });

  it('refuses a private page, and a redirect to one', async () => {
    const port = await web.serve((request, response) => {
      if (request.url === '/hop') return response.writeHead(302, { location: 'http://dogs.test:1/' }).end();
      return response.end('<img src="/x.png">');
    });
    const guarded = web.crawler({
      allowPrivateHosts: ['cats.test'],
      settings: {
        'bing.baseUrl': `http://dogs.test:${port}`,
        'duckduckgo.baseUrl': `http://127.0.0.1:${port}`,
      },
    });
    for (const provider of ['bing', 'duckduckgo'])
      expect(await failure(guarded.search({ provider, query: 'fox' }))).toMatchObject({
        provider,
        reason: 'blocked',
      });
    expect(
      await failure(guarded.search({ provider: 'page', query: `http://cats.test:${port}/hop` })),
    ).toMatchObject({ reason: 'blocked' });
    expect(web.requests.filter((line) => line.startsWith('dogs'))).toEqual([]);
  });

  it('ends a page that never ends, with what it has; and one that shows nothing, with an error', async () => {
    const { crawler } = await against(
      'bing',
      serving((url) =>
        url.searchParams.get('q') === 'empty' ? '<title>Wait</title>' : bingPage('x', { batches: 1e9 }),
      ),
      { browserLimits: { settleMs: 500, maxRows: 50 } },
    );
    const found = await drain(crawler.search({ provider: 'bing', query: 'x' }));
    expect(found.length).toBeGreaterThanOrEqual(50);
    expect(found.length).toBeLessThan(120);
    expect(await failure(crawler.search({ provider: 'bing', query: 'empty' }))).toMatchObject({
      reason: 'changed',
    });
  });

  it.each([
    [403, 'refused'],
    [429, 'quota'],
    [503, 'unreachable'],
  ])('calls status %d %s', async (status, reason) => {
    const { crawler } = await against('bing', (_request, response) => response.writeHead(status).end('no'));
    expect(await failure(crawler.search({ provider: 'bing', query: 'fox' }))).toMatchObject({ reason });
  });

  it('closes everything when the signal fires, with its reason', async () => {
    const abort = new AbortController();
    let open = 0;
    const server = http.createServer();
    const { crawler } = await against('bing', (request) => {
      open += 1;
      request.socket.once('close', () => (open -= 1));
      abort.abort(new Error('enough'));
    });
    const error = await failure(crawler.search({ provider: 'bing', query: 'fox', signal: abort.signal }));
    expect(error).toMatchObject({ message: 'enough' });
    await expect.poll(() => open).toBe(0);
    server.close();
  });

  it('says how to get a browser when the one that is named is none', async () => {
    const { crawler } = await against(
      'bing',
      serving(() => null),
      {
        settings: { 'browser.path': '/nowhere/chromium', 'bing.baseUrl': 'http://cats.test:1' },
      },
    );
    const error = await failure(crawler.search({ provider: 'bing', query: 'fox' }));
    expect(error).toMatchObject({ reason: 'needs-browser' });
    expect((error as Error).message).toMatch(
      /\/nowhere\/chromium.*apt install chromium.*playwright install chromium.*browser\.path/,
    );
  });
});
