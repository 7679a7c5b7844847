import {
  headOf,
  pour,
  raw,
  redirect,
  sendPng,
  status,
  trickle,
  untilAsked,
  type HostileCase,
} from './wire.js';

const chain =
  (hops: number): HostileCase['reply'] =>
  (exchange) => {
    const at = Number(/\/hop-(\d+)/.exec(exchange.request.url ?? '')?.[1] ?? 0);
    return at >= hops ? sendPng(exchange) : redirect(`/hop-${at + 1}`, 301)(exchange);
  };

const to = (address: string): HostileCase['reply'] =>
  redirect(({ ports }) => address.replace('PORT', `${ports.http}`));

const REDIRECTS: readonly HostileCase[] = [
  { name: '301 chain of 5', expected: 'fetched', reply: chain(5) },
  { name: '301 chain of 6', expected: 'redirect-loop', detail: /after 5 hops/, reply: chain(6) },
  { name: '301 chain without end', expected: 'redirect-loop', reply: chain(1e9) },
  {
    name: 'redirect to itself',
    expected: 'redirect-loop',
    reply: redirect(({ request }) => request.url ?? ''),
  },
  {
    name: 'redirect loop of two',
    expected: 'redirect-loop',
    reply: redirect(({ request }) => (request.url === '/a' ? '/b' : '/a')),
  },
  {
    name: 'cookie wall',
    expected: 'redirect-loop',
    detail: /cookie/,
    reply: (exchange) => {
      const { request, response } = exchange;
      if (request.headers.cookie) return sendPng(exchange);
      response.writeHead(302, { location: request.url ?? '', 'set-cookie': 'seen=1' }).end();
    },
  },
  {
    name: 'consent page',
    expected: 'not-an-image',
    reply: status(200, { 'content-type': 'text/html', 'set-cookie': 'a=b' }, '<form>We value your privacy'),
  },
  { name: 'redirect without a place', expected: 'http-302', reply: status(302) },
  { name: 'redirect to file:', expected: 'bad-url', reply: redirect('file:///etc/passwd') },
  { name: 'redirect to data:', expected: 'bad-url', reply: redirect('data:image/png;base64,AAAA') },
  { name: 'redirect to javascript:', expected: 'bad-url', reply: redirect('javascript:alert(1)') },
  {
    name: 'redirect with a password in it',
    expected: 'bad-url',
    reply: redirect('http://me:secret@inside.test/'),
  },
  {
    name: 'redirect to loopback',
    expected: 'private-address',
    reply: to('http://127.0.0.1:PORT/victim.png'),
  },
  {
    name: 'redirect to loopback, decimal',
    expected: 'private-address',
    reply: to('http://2130706433:PORT/victim.png'),
  },
  {
    name: 'redirect to a private name',
    expected: 'private-address',
    reply: to('http://inside.test:PORT/victim.png'),
  },
  {
    name: 'redirect to the metadata service',
    expected: 'private-address',
    detail: /linkLocal/,
    reply: redirect('http://169.254.169.254/latest/meta-data/'),
  },
];

const HEADS: readonly HostileCase[] = [
  { name: 'never answers', expected: 'timeout', detail: /no reply within/, reply: () => undefined },
  {
    name: 'slow-loris headers',
    expected: 'timeout',
    detail: /no reply within/,
    reply: trickle('HTTP/1.1 200 OK\r\nx-slow: ', 'x', 50),
  },
  {
    name: '103 for ever',
    expected: 'timeout',
    detail: /no reply within/,
    reply: trickle('', 'HTTP/1.1 103 Early Hints\r\n\r\n', 50),
  },
  { name: 'hangs up', expected: 'unreachable', reply: ({ request }) => void request.socket.destroy() },
  {
    name: 'header bomb: one of 1 MB',
    expected: 'bad-response',
    reply: raw(headOf(`x-bomb: ${'b'.repeat(1e6)}\r\n`)),
  },
  {
    name: 'header bomb: without end',
    expected: 'bad-response',
    reply: pour('HTTP/1.1 200 OK\r\n', Buffer.from('x-bomb: bbbbbbbbbbbb\r\n'.repeat(100))),
  },
  {
    name: 'header bomb: name without colon',
    expected: 'bad-response',
    reply: raw(headOf('no colon here\r\n')),
  },
  { name: 'header with NUL', expected: 'bad-response', reply: raw(headOf('x-a: b\0c\r\n')) },
  { name: 'not HTTP', expected: 'bad-response', reply: raw('SSH-2.0-OpenSSH_9.2\r\n\r\n') },
  { name: 'HTTP/0.9: bytes only', expected: 'bad-response', reply: raw('<html>no head') },
  { name: 'HTTP/9.9', expected: 'bad-response', reply: raw('HTTP/9.9 200 OK\r\n\r\n') },
  { name: 'status 99999', expected: 'bad-response', reply: raw('HTTP/1.1 99999 Much\r\n\r\n') },
  {
    name: '101 switching protocols',
    expected: 'bad-response',
    reply: raw('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n', 'keep'),
  },
  { name: '304 though nothing was cached', expected: 'http-304', reply: status(304) },
  { name: '404', expected: 'http-404', reply: status(404, {}, 'gone') },
  { name: '403', expected: 'http-403', reply: status(403) },
  { name: '451', expected: 'http-451', reply: status(451) },
  { name: '500 for ever', expected: 'http-500', reply: status(500) },
  { name: '503 storm that ends', expected: 'fetched', reply: untilAsked(2, status(503)) },
  {
    name: '503 storm with Retry-After that ends',
    expected: 'fetched',
    reply: untilAsked(1, status(503, { 'retry-after': '1' })),
  },
  { name: '501 for ever', expected: 'http-501', reply: status(501) },
  { name: '429 without Retry-After', expected: 'throttled', reply: status(429) },
  {
    name: '429 with Retry-After, then well',
    expected: 'fetched',
    reply: untilAsked(1, status(429, { 'retry-after': '1' })),
  },
  {
    name: '429 that asks for an hour',
    expected: 'throttled',
    detail: /asks to wait 3600 s/,
    reply: status(429, { 'retry-after': '3600' }),
  },
  { name: 'reset once, then well', expected: 'fetched', reply: untilAsked(1, raw('HTTP/1.1 200', 'reset')) },
];

const ASKED_TO_KEEP_OUT: readonly HostileCase[] = [
  {
    name: 'X-Robots-Tag: noai',
    expected: 'noai',
    reply: (exchange) => sendPng(exchange, { 'x-robots-tag': 'noai, noimageai' }),
  },
  {
    name: 'TDM-Reservation: 1',
    expected: 'noai',
    reply: (exchange) => sendPng(exchange, { 'tdm-reservation': '1' }),
  },
  {
    name: 'robots.txt bars it',
    expected: 'robots',
    robots: status(200, {}, 'User-agent: *\nDisallow: /a'),
    reply: sendPng,
  },
  {
    name: 'robots.txt answers 500',
    expected: 'robots',
    goodBeside: false,
    robots: status(500),
    reply: sendPng,
  },
  {
    name: 'robots.txt never answers',
    expected: 'timeout',
    goodBeside: false,
    robots: () => undefined,
    reply: sendPng,
  },
  {
    name: 'robots.txt loops',
    expected: 'robots',
    goodBeside: false,
    robots: redirect('/robots.txt'),
    reply: sendPng,
  },
  {
    name: 'robots.txt without end',
    expected: 'fetched',
    robots: pour('HTTP/1.1 200 OK\r\n\r\nUser-agent: *\nDisallow: /x\n', Buffer.alloc(16_384, '#')),
    reply: sendPng,
  },
];

/** Heads that lie, dawdle or point elsewhere. */
export const HEAD_CASES: readonly HostileCase[] = [...REDIRECTS, ...HEADS, ...ASKED_TO_KEEP_OUT];
