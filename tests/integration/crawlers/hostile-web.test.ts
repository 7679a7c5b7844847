import type http from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FETCH_REASONS, type Crawler, type FetchOutcome } from '../../../crawlers/index.js';
import { IMPATIENT, LOOPBACK, LoopbackWeb, PNG, sendPng } from './loopback-web.js';

const MAX_BYTES = LOOPBACK.maxBytes as number;

const BOMB = zlib.gzipSync(Buffer.concat([PNG, Buffer.alloc(40 * 1024 * 1024)]));

/** A PNG's first bytes, then zeros for ever, as fast as the reader takes them. */
function pourPng(response: http.ServerResponse): void {
  response.write(PNG);
  const more = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(16 * 1024)));
  };
  response.on('drain', more);
  more();
}

function trickle(response: http.ServerResponse, first: Buffer): void {
  response.write(first);
  const timer = setInterval(() => response.write('x'), 20);
  response.on('close', () => clearInterval(timer));
}

const redirect = (response: http.ServerResponse, location: string): void => {
  response.writeHead(302, { location }).end();
};

type Reply = (response: http.ServerResponse, port: number, request: http.IncomingMessage) => void;

interface Case {
  name: string;
  reason: string;
  attempts?: number;
  detail?: RegExp;
  /** It never ends by itself: the crawler must lose its patience. */
  hangs?: boolean;
  reply: Reply;
}

/** Every way a server may misbehave that needs one reply, the reason it is dropped for, and how often it is asked. */
const CASES: readonly Case[] = [
  {
    name: 'zero bytes',
    reason: 'empty',
    reply: (r) => r.writeHead(200, { 'content-type': 'image/jpeg' }).end(),
  },
  { name: 'no content', reason: 'empty', reply: (r) => r.writeHead(204).end() },
  {
    name: 'html named jpg',
    reason: 'not-an-image',
    reply: (r) =>
      r.writeHead(200, { 'content-type': 'image/jpeg' }).end('<!doctype html><title>Sorry</title>'),
  },
  {
    name: 'a page that says it is one, for ever',
    reason: 'not-an-image',
    reply: (r) => {
      r.writeHead(200, { 'content-type': 'text/html' });
      trickle(r, Buffer.alloc(8192, '<p>cookies?</p>'));
    },
  },
  {
    name: 'shorter than announced',
    reason: 'truncated',
    attempts: 3,
    detail: /after 30 of 5000 bytes/,
    reply: (r) => {
      r.writeHead(200, { 'content-type': 'image/png', 'content-length': 5000 });
      r.write(PNG.subarray(0, 30), () => r.destroy());
    },
  },
  {
    name: 'chunks that break off',
    reason: 'truncated',
    attempts: 3,
    reply: (r) => {
      r.write(PNG, () => r.destroy());
    },
  },
  {
    name: 'gzip that breaks off inside a whole reply',
    reason: 'truncated',
    attempts: 3,
    reply: (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(zlib.gzipSync(PNG).subarray(0, 40)),
  },
  {
    name: 'not gzip though it says so',
    reason: 'bad-response',
    reply: (r) => r.writeHead(200, { 'content-encoding': 'gzip' }).end(PNG),
  },
  {
    name: 'gzip bomb',
    reason: 'too-large',
    detail: /the body goes on/,
    reply: (r) => {
      expect(BOMB.length).toBeLessThan(MAX_BYTES);
      r.writeHead(200, { 'content-encoding': 'gzip', 'content-length': BOMB.length }).end(BOMB);
    },
  },
  { name: 'endless and fast', reason: 'too-large', reply: (r) => pourPng(r) },
  {
    name: 'endless and slow',
    hangs: true,
    reason: 'timeout',
    detail: /not complete in time/,
    reply: (r) => trickle(r, PNG),
  },
  {
    name: 'ten gigabytes promised',
    reason: 'too-large',
    detail: /10000000000 bytes are announced/,
    reply: (r) => {
      r.writeHead(200, { 'content-length': 10_000_000_000 });
      r.write(PNG);
    },
  },
  {
    name: 'never answers',
    hangs: true,
    reason: 'timeout',
    attempts: 3,
    detail: /no reply within 800 ms/,
    reply: () => undefined,
  },
  { name: 'hangs up', reason: 'unreachable', attempts: 3, reply: (r) => r.destroy() },
  {
    name: 'not HTTP',
    reason: 'bad-response',
    reply: (r) => r.socket?.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'),
  },
  { name: '404', reason: 'http-404', reply: (r) => r.writeHead(404).end('gone') },
  { name: '403', reason: 'http-403', reply: (r) => r.writeHead(403).end() },
  { name: '503 for ever', reason: 'http-503', attempts: 3, reply: (r) => r.writeHead(503).end() },
  { name: '501 for ever', reason: 'http-501', reply: (r) => r.writeHead(501).end() },
  { name: '429 without Retry-After', reason: 'throttled', attempts: 2, reply: (r) => r.writeHead(429).end() },
  {
    name: '429 for ever',
    reason: 'throttled',
    attempts: 3,
    reply: (r) => r.writeHead(429, { 'retry-after': '7' }).end(),
  },
  {
    name: '429 that asks for an hour',
    reason: 'throttled',
    detail: /asks to wait 3600 s/,
    reply: (r) => r.writeHead(429, { 'retry-after': '3600' }).end(),
  },
  {
    name: 'redirect to itself',
    reason: 'redirect-loop',
    reply: (r, _port, q) => redirect(r, q.url as string),
  },
  {
    name: 'redirects without end',
    reason: 'redirect-loop',
    detail: /after 5 hops/,
    attempts: 6,
    reply: (r, _port, q) => redirect(r, `${q.url}x`),
  },
  { name: 'redirect without a place', reason: 'http-302', reply: (r) => r.writeHead(302).end() },
  { name: 'redirect to a file', reason: 'bad-url', reply: (r) => redirect(r, 'file:///etc/passwd') },
  { name: 'redirect to data', reason: 'bad-url', reply: (r) => redirect(r, 'data:image/png;base64,AAAA') },
  {
    name: 'redirect to loopback',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://127.0.0.1:${port}/png`),
  },
  {
    name: 'redirect to loopback, decimal',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://2130706433:${port}/png`),
  },
  {
    name: 'redirect to loopback, octal',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://0177.0.0.01:${port}/png`),
  },
  {
    name: 'redirect to loopback, hex',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://0x7f000001:${port}/png`),
  },
  {
    name: 'redirect to loopback, IPv6',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://[::1]:${port}/png`),
  },
  {
    name: 'redirect to loopback, mapped',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://[::ffff:127.0.0.1]:${port}/png`),
  },
  {
    name: 'redirect to a private name',
    reason: 'private-address',
    reply: (r, port) => redirect(r, `http://inside.test:${port}/png`),
  },
  {
    name: 'redirect to the metadata service',
    reason: 'private-address',
    detail: /linkLocal/,
    reply: (r) => redirect(r, 'http://169.254.169.254/latest/meta-data/'),
  },
  { name: 'noai', reason: 'noai', reply: (r) => sendPng(r, { 'x-robots-tag': 'noai, noimageai' }) },
  { name: 'reserved for data mining', reason: 'noai', reply: (r) => sendPng(r, { 'tdm-reservation': '1' }) },
];

describe('the hostile web', () => {
  const web = new LoopbackWeb();
  let port = 0;
  let crawler: Crawler;

  beforeAll(async () => {
    port = await web.serve((request, response) => {
      if (request.url === '/png') return sendPng(response);
      const at = Number(/^\/(\d+)\./.exec(request.url ?? '')?.[1]);
      CASES[at]?.reply(response, port, request);
    });
    crawler = web.crawler();
  });
  afterAll(() => web.close());

  const fetch = (url: string): Promise<FetchOutcome> => crawler.fetchImage({ imageUrl: url });
  const hits = (path: string): number =>
    web.requests.filter((line) => line.startsWith(`cats.test ${path}`)).length;

  it.each(CASES.map((one, at) => ({ ...one, at })))(
    '$name: $reason',
    async ({ at, reason, attempts, detail, hangs }) => {
      const one = hangs ? web.crawler({ limits: IMPATIENT }) : crawler;
      const outcome = await one.fetchImage({ imageUrl: `http://cats.test:${port}/${at}.jpg` });
      expect(outcome).toMatchObject({ kind: 'dropped', reason });
      expect(reason.startsWith('http-') || reason in FETCH_REASONS).toBe(true);
      if (detail) expect((outcome as { detail: string }).detail).toMatch(detail);
      expect(hits(`/${at}.jpg`)).toBe(attempts ?? 1);
      // Whatever happened, the next good picture of that host still arrives.
      expect(await fetch(`http://cats.test:${port}/png`)).toMatchObject({
        kind: 'fetched',
        mime: 'image/png',
      });
    },
  );

  it.each([
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'ftp://cats.test/a.png',
    'javascript:alert(1)',
    '/relative.png',
    '',
    'http://',
    'http://me:secret@cats.test/a.png',
  ])('refuses the address %j', async (url) => {
    expect(await fetch(url)).toMatchObject({ kind: 'dropped', reason: 'bad-url' });
  });

  it('takes schemes and hosts in any case, and leaves the fragment out', async () => {
    const outcome = await fetch(`HtTp://CATS.test:${port}/png#top`);
    expect(outcome).toMatchObject({ kind: 'fetched', finalUrl: `http://cats.test:${port}/png` });
  });

  it('never asked anything of an address that was not allowed', () => {
    expect(web.requests.filter((line) => !line.startsWith('cats.test '))).toEqual([]);
  });
});

describe('a connection that breaks after any number of bytes', () => {
  const reply = Buffer.concat([
    Buffer.from(`HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: ${PNG.length}\r\n\r\n`),
    PNG,
  ]);
  const web = new LoopbackWeb();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (head) => {
      const path = /^GET \/(\d+)/.exec(head.toString('latin1'));
      if (!path) return socket.end('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n');
      socket.write(reply.subarray(0, Number(path[1])), () => socket.resetAndDestroy());
      return undefined;
    });
  });
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  afterAll(async () => {
    await web.close();
    server.close();
  });

  it('gives a documented reason or the whole picture, at every position', async () => {
    const { port } = server.address() as AddressInfo;
    const crawler = web.crawler({ limits: { respectRobots: false, maxAttempts: 2, perHostConcurrency: 16 } });
    const seen = new Map<string, number>();
    const one = async (length: number): Promise<void> => {
      const outcome = await crawler.fetchImage({ imageUrl: `http://cats.test:${port}/${length}` });
      if (outcome.kind === 'fetched') expect(Buffer.from(outcome.bytes)).toEqual(PNG);
      const key = outcome.kind === 'fetched' ? 'fetched' : outcome.reason;
      seen.set(key, (seen.get(key) ?? 0) + 1);
    };
    await Promise.all(Array.from({ length: reply.length + 1 }, (_, length) => one(length)));
    const known = ['fetched', 'truncated', 'unreachable'];
    expect([...seen].filter(([key]) => !known.includes(key))).toEqual([]);
    expect(seen.get('truncated')).toBeGreaterThan(0);
    expect(seen.get('unreachable')).toBeGreaterThan(0);
  });
});
