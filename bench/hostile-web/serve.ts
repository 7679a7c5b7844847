import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import { answer } from '../child.js';
import { caseOf, GOOD_HOSTS, LARGE_HOSTS, PROVIDER_HOSTS, RESET_HOST, RESET_ONCE_HOST } from './cases.js';
import { BOMB_BYTES } from './body-cases.js';
import { selfSigned } from './certificate.js';
import {
  bomb,
  LARGE_BYTES,
  PNG,
  raw,
  sendPng,
  status,
  WHOLE_REPLY,
  type Exchange,
  type Ports,
  type Reply,
} from './wire.js';

const LARGE = Buffer.concat([PNG, Buffer.alloc(LARGE_BYTES)]);
const LARGE_BOMB_BYTES = 256 * 1024 * 1024;

/** How often each address was asked, and what reached a host that nothing may reach. */
const asked = new Map<string, number>();
const trespasses: string[] = [];
const ports: Ports = { http: 0, tls: 0, silent: 0 };

const large: Reply = (exchange) => {
  const { request, response } = exchange;
  if (request.url?.startsWith('/bomb')) {
    const body = bomb('gzip', LARGE_BOMB_BYTES);
    response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
    return;
  }
  const announced = Number(request.url?.slice(1)) % 2 === 0;
  response.writeHead(200, announced ? { 'content-length': LARGE.length } : {}).end(LARGE);
};

const breaking =
  (once: boolean): Reply =>
  (exchange) => {
    if (once && exchange.asked > 0) return sendPng(exchange);
    return raw(WHOLE_REPLY.subarray(0, Number(exchange.request.url?.slice(1))), 'reset')(exchange);
  };

/** A page of the sample gallery's search. */
function searchPage(page: number): object {
  const row = (n: number): object => ({
    title: `Picture ${n}`,
    image_url: `http://good-0.test/${n}.png`,
    page_url: `http://good-0.test/${n}`,
    width: 1,
    height: 1,
    mime: 'image/png',
    creator: 'Nobody',
    licence: 'CC0-1.0',
    licence_url: 'https://creativecommons.org/publicdomain/zero/1.0/',
  });
  return { page, page_count: 1000, results: [row(1), row(2), row(3)] };
}

const provider =
  (pageOf: (page: number) => object): Reply =>
  ({ request, response }) => {
    const page = Number(new URL(request.url ?? '', 'http://x').searchParams.get('page'));
    response.end(JSON.stringify(pageOf(page)));
  };

const BY_HOST: ReadonlyMap<string, Reply> = new Map<string, Reply>([
  ...GOOD_HOSTS.map((host): [string, Reply] => [host, sendPng]),
  ...LARGE_HOSTS.map((host): [string, Reply] => [host, large]),
  [RESET_HOST, breaking(false)],
  [RESET_ONCE_HOST, breaking(true)],
  [PROVIDER_HOSTS.repeats, provider(searchPage)],
  [PROVIDER_HOSTS.changes, provider((page) => (page === 1 ? searchPage(1) : { page, items: [] }))],
]);

function replyTo(host: string, path: string): Reply {
  const hostile = caseOf(host);
  if (path === '/robots.txt') return hostile?.robots ?? status(404);
  if (path.startsWith('/good')) return sendPng;
  const reply = hostile?.reply ?? BY_HOST.get(host);
  if (reply) return reply;
  trespasses.push(`${host}${path}`);
  return sendPng;
}

function dispatch(request: http.IncomingMessage, response: http.ServerResponse): void {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const path = request.url ?? '';
  const key = `${host}${path}`;
  const before = asked.get(key) ?? 0;
  asked.set(key, before + 1);
  const exchange: Exchange = { request, response, ports, asked: before };
  replyTo(host, path)(exchange);
}

function listen(server: net.Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

async function serve(): Promise<Ports> {
  const plain = http.createServer({ requestTimeout: 0, headersTimeout: 0 }, dispatch);
  plain.on('connection', (socket: net.Socket) => socket.on('error', () => undefined));
  // Before anybody asks: packing takes seconds, and nobody is answered meanwhile.
  for (const bytes of [BOMB_BYTES, LARGE_BOMB_BYTES]) bomb('gzip', bytes);
  bomb('br', BOMB_BYTES);
  ports.http = await listen(plain);
  ports.tls = await listen(https.createServer(selfSigned(), dispatch));
  ports.silent = await listen(net.createServer((socket) => socket.on('error', () => undefined).resume()));
  return ports;
}

/** What the servers saw: the most that any one address was asked, and visits where nobody may go. */
export interface ServerView {
  mostAsked: number;
  asked: number;
  trespasses: readonly string[];
}

answer<'serve' | 'seen'>((message) => {
  if (message === 'serve') return serve();
  const view: ServerView = {
    mostAsked: Math.max(
      ...[...asked]
        .filter(([key]) => key.includes('case-') && !key.includes('/good'))
        .map(([, times]) => times),
    ),
    asked: [...asked.values()].reduce((sum, times) => sum + times, 0),
    trespasses,
  };
  return Promise.resolve(view);
});
