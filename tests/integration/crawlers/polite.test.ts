import { once } from 'node:events';
import net from 'node:net';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sniffImageMime } from '../../../crawlers/index.js';
import { LoopbackWeb, PNG, sendPng } from './loopback-web.js';

let web: LoopbackWeb;
beforeEach(() => {
  web = new LoopbackWeb();
});
afterEach(() => web.close());

const pathsOf = (host: string): string[] =>
  web.requests.filter((line) => line.startsWith(`${host} `)).map((line) => line.slice(host.length + 1));

describe('fetching a good picture', () => {
  it('brings the bytes, the sniffed type and the last address, and says who asks', async () => {
    const seen: Record<string, string | undefined> = {};
    const port = await web.serve((request, response) => {
      if (request.url === '/old') return response.writeHead(301, { location: '/new?a=1' }).end();
      Object.assign(seen, request.headers);
      return sendPng(response, { 'content-type': 'image/jpeg' });
    });
    const outcome = await web.crawler().fetchImage({
      imageUrl: `http://cats.test:${port}/old`,
      pageUrl: 'https://cats.test/page?id=1#photo',
    });
    expect(outcome).toEqual({
      kind: 'fetched',
      bytes: PNG,
      mime: 'image/png',
      finalUrl: `http://cats.test:${port}/new?a=1`,
    });
    expect(seen['user-agent']).toBe('GraftTest/1.0 (+https://example.org/contact)');
    expect(seen['referer']).toBe('https://cats.test/page?id=1');
    expect(seen['accept']).toMatch(/^image\//);
  });

  it('follows a redirect to a name that the server did not escape', async () => {
    const location = Buffer.from('/füchse.png').toString('latin1');
    const port = await web.serve((request, response) => {
      if (request.url === '/old') return response.writeHead(302, { location }).end();
      return sendPng(response);
    });
    const outcome = await web.crawler().fetchImage({ imageUrl: `http://cats.test:${port}/old` });
    expect(outcome).toMatchObject({ finalUrl: `http://cats.test:${port}/f%C3%BCchse.png` });
  });

  it.each([
    ['gzip', zlib.gzipSync(PNG)],
    ['deflate', zlib.deflateSync(PNG)],
    ['br', zlib.brotliCompressSync(PNG)],
  ])('unpacks %s', async (encoding, packed) => {
    const port = await web.serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(packed);
    });
    const outcome = await web.crawler().fetchImage({ imageUrl: `http://cats.test:${port}/a` });
    expect(outcome).toMatchObject({ kind: 'fetched', mime: 'image/png' });
    expect(outcome.kind === 'fetched' && sniffImageMime(outcome.bytes)).toBe('image/png');
  });

  it('takes a picture exactly as large as the cap, and none larger', async () => {
    const port = await web.serve((_request, response) => sendPng(response));
    const url = `http://cats.test:${port}/a`;
    const exact = web.crawler({ limits: { maxBytes: PNG.length } });
    const below = web.crawler({ limits: { maxBytes: PNG.length - 1 } });
    expect(await exact.fetchImage({ imageUrl: url })).toMatchObject({ kind: 'fetched' });
    expect(await below.fetchImage({ imageUrl: url })).toMatchObject({ reason: 'too-large' });
  });
});

describe('retries', () => {
  it('waits as long as Retry-After says, in seconds or as a date, then succeeds', async () => {
    let asked = 0;
    const startMs = Date.UTC(2026, 0, 1);
    const port = await web.serve((_request, response) => {
      asked++;
      if (asked === 1) return response.writeHead(429, { 'retry-after': '7' }).end();
      const date = new Date(startMs + 12_000).toUTCString();
      if (asked === 2) return response.writeHead(503, { 'retry-after': date }).end();
      return sendPng(response);
    });
    let nowMs = startMs;
    const crawler = web.crawler({
      now: () => nowMs,
      wait: (ms) => {
        web.waits.push(ms);
        nowMs += ms;
        return Promise.resolve();
      },
    });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      kind: 'fetched',
    });
    expect(web.waits).toEqual([7000, 5000]);
  });

  it('backs off exponentially with jitter while a server is in trouble', async () => {
    const port = await web.serve((_request, response) => response.writeHead(500).end());
    const crawler = web.crawler({ limits: { maxAttempts: 4 } });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      reason: 'http-500',
    });
    expect(web.waits).toEqual([375, 750, 1500]);
  });

  it('mends a reset', async () => {
    let asked = 0;
    const port = await web.serve((_request, response) =>
      ++asked === 1 ? response.destroy() : sendPng(response),
    );
    const outcome = await web.crawler().fetchImage({ imageUrl: `http://cats.test:${port}/a` });
    expect(outcome).toMatchObject({ kind: 'fetched' });
  });

  it('tries the next address of a host when one refuses', async () => {
    const port = await web.serve((_request, response) => sendPng(response));
    const crawler = web.crawler({ resolve: () => Promise.resolve(['127.0.0.9', '127.0.0.1']) });
    const outcome = await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` });
    expect(outcome).toMatchObject({ kind: 'fetched' });
  });

  it('says unreachable when nobody listens or the name does not exist', async () => {
    const port = await web.serve(() => undefined);
    const unlisted = web.crawler({
      limits: { respectRobots: false },
      resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
    });
    expect(await unlisted.fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      reason: 'unreachable',
      detail: 'the name cats.test does not resolve (ENOTFOUND)',
    });
    const refused = web.crawler({ resolve: () => Promise.resolve(['127.0.0.9']) });
    expect(await refused.fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      reason: 'unreachable',
    });
  });
});

describe('a resolver that never answers', () => {
  it('ends in a timeout', async () => {
    const crawler = web.crawler({
      limits: { respectRobots: false, maxAttempts: 1, firstByteTimeoutMs: 50 },
      resolve: () => new Promise(() => undefined),
    });
    expect(await crawler.fetchImage({ imageUrl: 'http://cats.test/a' })).toMatchObject({ reason: 'timeout' });
  });
});

describe('the address guard', () => {
  it('opens only the named host, and only the named port', async () => {
    const port = await web.serve((_request, response) => sendPng(response));
    const other = await web.serve((_request, response) => sendPng(response));
    const crawler = web.crawler({ allowPrivateHosts: [`cats.test:${port}`, '127.0.0.1'] });
    const reasonOf = async (url: string): Promise<string> => {
      const outcome = await crawler.fetchImage({ imageUrl: url });
      return outcome.kind === 'fetched' ? 'fetched' : outcome.reason;
    };
    expect(await reasonOf(`http://cats.test:${port}/a`)).toBe('fetched');
    expect(await reasonOf(`http://cats.test:${other}/a`)).toBe('private-address');
    expect(await reasonOf(`http://dogs.test:${port}/a`)).toBe('private-address');
    expect(await reasonOf(`http://127.1:${other}/a`)).toBe('fetched');
    expect(await reasonOf(`http://[::1]:${other}/a`)).toBe('private-address');
  });

  it('refuses a host of which any address is private', async () => {
    const crawler = web.crawler({
      allowPrivateHosts: [],
      resolve: () => Promise.resolve(['93.184.216.34', '10.0.0.7']),
    });
    expect(await crawler.fetchImage({ imageUrl: 'http://mixed.test/a' })).toMatchObject({
      reason: 'private-address',
      detail: expect.stringContaining('10.0.0.7') as string,
    });
  });

  it('does not let a kept-alive connection stand in for a check', async () => {
    const port = await web.serve((_request, response) => sendPng(response));
    // The name moves to another address while a connection to the first one is still open.
    let address = '127.0.0.1';
    let nowMs = 0;
    const crawler = web.crawler({
      now: () => nowMs,
      limits: { respectRobots: false },
      resolve: () => Promise.resolve([address]),
    });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/1` })).toMatchObject({
      kind: 'fetched',
    });
    address = '127.0.0.9';
    nowMs += 3_600_000;
    const outcome = await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/2` });
    expect(outcome).toMatchObject({ reason: 'unreachable' });
    expect(pathsOf('cats.test')).toEqual(['/1']);
  });

  it('keeps one connection for the pictures of a host', async () => {
    const sockets = new Set<unknown>();
    const port = await web.serve((request, response) => {
      sockets.add(request.socket);
      sendPng(response);
    });
    const crawler = web.crawler();
    for (const n of [1, 2, 3]) await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/${n}` });
    expect(sockets.size).toBe(1);
  });

  it('looks a name up once for many pictures', async () => {
    const port = await web.serve((_request, response) => sendPng(response));
    const crawler = web.crawler();
    await Promise.all(
      [1, 2, 3, 4].map((n) => crawler.fetchImage({ imageUrl: `http://cats.test:${port}/${n}` })),
    );
    expect(web.resolved).toEqual(['cats.test']);
  });
});

describe('robots.txt', () => {
  const rules =
    'User-agent: *\nDisallow: /private/\n\nUser-agent: grafttest\nDisallow: /no-graft/\nCrawl-delay: 2\n';

  it('is fetched once for many pictures and obeyed by name', async () => {
    const port = await web.serve(
      (request, response) => (request.url === '/robots.txt' ? response.end(rules) : sendPng(response)),
      { ownRobots: true },
    );
    const crawler = web.crawler();
    const urls = ['/no-graft/1', '/private/1', '/a', '/no-graft/2'];
    const outcomes = await Promise.all(
      urls.map((path) => crawler.fetchImage({ imageUrl: `http://cats.test:${port}${path}` })),
    );
    // Our own group replaces the one for everybody, so /private/ is open to us.
    expect(outcomes.map((one) => (one.kind === 'fetched' ? 'fetched' : one.reason))).toEqual([
      'robots',
      'fetched',
      'fetched',
      'robots',
    ]);
    expect(pathsOf('cats.test').sort()).toEqual(['/a', '/private/1', '/robots.txt']);
    expect(web.waits.some((ms) => ms > 1000)).toBe(true);
  });

  it('of the host that a redirect leads to counts too', async () => {
    const port = await web.serve(
      (request, response) => {
        const cats = request.headers.host?.startsWith('cats.test');
        if (request.url === '/robots.txt') return response.end(cats ? '' : 'User-agent: *\nDisallow: /\n');
        return cats
          ? response.writeHead(302, { location: `http://dogs.test:${port}/a` }).end()
          : sendPng(response);
      },
      { ownRobots: true },
    );
    expect(await web.crawler().fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      reason: 'robots',
    });
    expect(pathsOf('dogs.test')).toEqual(['/robots.txt']);
  });

  it('that a server cannot give closes the host, and only its first 512 KiB are read', async () => {
    const broken = await web.serve((_request, response) => response.writeHead(500).end(), {
      ownRobots: true,
    });
    const endless = await web.serve(
      (request, response) => {
        if (request.url !== '/robots.txt') return sendPng(response);
        response.write('User-agent: *\nDisallow: /x\n');
        const more = (): void => {
          while (!response.destroyed && response.write('#'.repeat(16_384)));
        };
        response.on('drain', more);
        return more();
      },
      { ownRobots: true },
    );
    const crawler = web.crawler({ limits: { totalTimeoutMs: 5000 } });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${broken}/a` })).toMatchObject({
      reason: 'robots',
    });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${endless}/a` })).toMatchObject({
      kind: 'fetched',
    });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${endless}/x` })).toMatchObject({
      reason: 'robots',
    });
  });

  it('and opt-outs are ignored only when told so', async () => {
    const port = await web.serve(
      (request, response) => {
        if (request.url === '/robots.txt') return response.end('User-agent: *\nDisallow: /\n');
        return sendPng(response, { 'x-robots-tag': 'noai' });
      },
      { ownRobots: true },
    );
    const crawler = web.crawler({ limits: { respectRobots: false, respectNoAi: false } });
    expect(await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` })).toMatchObject({
      kind: 'fetched',
    });
    expect(pathsOf('cats.test')).toEqual(['/a']);
  });
});

describe('concurrency', () => {
  it('is bounded in all and for each host', async () => {
    const under = { all: 0, cats: 0 };
    const most = { all: 0, cats: 0 };
    const port = await web.serve((request, response) => {
      const cats = request.headers.host?.startsWith('cats.test') ? 1 : 0;
      under.all++;
      under.cats += cats;
      most.all = Math.max(most.all, under.all);
      most.cats = Math.max(most.cats, under.cats);
      setImmediate(() => {
        under.all--;
        under.cats -= cats;
        sendPng(response);
      });
    });
    const crawler = web.crawler({ limits: { respectRobots: false, perHostConcurrency: 2, concurrency: 3 } });
    const urls = Array.from({ length: 40 }, (_, n) => `http://${n % 2 ? 'cats' : 'dogs'}.test:${port}/${n}`);
    const outcomes = await Promise.all(urls.map((imageUrl) => crawler.fetchImage({ imageUrl })));
    expect(outcomes.every((one) => one.kind === 'fetched')).toBe(true);
    expect(most.all).toBeLessThanOrEqual(3);
    expect(most.cats).toBeLessThanOrEqual(2);
    expect(most.all).toBeGreaterThan(1);
  });
});

describe('cancelling', () => {
  it('ends a download with the reason of its signal and hangs up', async () => {
    let hungUp: (() => void) | undefined;
    const closed = new Promise<void>((resolve) => (hungUp = resolve));
    const abort = new AbortController();
    const port = await web.serve((_request, response) => {
      response.on('close', () => hungUp?.());
      response.write(PNG.subarray(0, 20), () => abort.abort(new Error('enough')));
    });
    const crawler = web.crawler({ limits: { totalTimeoutMs: 30_000, firstByteTimeoutMs: 30_000 } });
    await expect(
      crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` }, abort.signal),
    ).rejects.toThrow('enough');
    await closed;
  });

  it('ends everything when the crawler is closed', async () => {
    const arrived = new net.Server();
    const port = await web.serve(() => arrived.emit('request'));
    const crawler = web.crawler({ limits: { firstByteTimeoutMs: 30_000, totalTimeoutMs: 30_000 } });
    const pending = crawler.fetchImage({ imageUrl: `http://cats.test:${port}/a` });
    const failed = expect(pending).rejects.toThrow(/abort/i);
    await once(arrived, 'request');
    await crawler.close();
    await failed;
  });
});
