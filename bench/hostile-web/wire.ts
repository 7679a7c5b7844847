import type http from 'node:http';
import zlib from 'node:zlib';

/** The smallest real PNG: one pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkM+M/AwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Cap of the hostile crawl; small, so that what is too large costs little. */
export const MAX_BYTES = 256 * 1024;

/** What follows the head of a large picture. */
export const LARGE_BYTES = 14 * 1024 * 1024;

/** Ports of the servers: plain HTTP, TLS with a certificate nobody signed, TCP that never says a word. */
export interface Ports {
  http: number;
  tls: number;
  silent: number;
}

/** One asked address: what the server sees and the ways it may answer. */
export interface Exchange {
  request: http.IncomingMessage;
  response: http.ServerResponse;
  ports: Ports;
  /** How often this address was asked before. */
  asked: number;
}

export type Reply = (exchange: Exchange) => void;

/** One way the web misbehaves, and what must come of it. */
export interface HostileCase {
  name: string;
  /** A reason of the documentation, or 'fetched' where the picture must arrive all the same. */
  expected: string;
  /** What the detail must say. */
  detail?: RegExp;
  reply?: Reply;
  /** Answer to robots.txt; 404 when absent. */
  robots?: Reply;
  /** The address, where it is not the case's own host on the HTTP port. */
  url?: (ports: Ports, host: string) => string;
  /** What the case's host resolves to, one entry a look-up, the last for ever; loopback when absent. */
  resolvesTo?: readonly (readonly string[])[];
  /** The case's host is open to private addresses; true when absent. */
  allowed?: boolean;
  /** Pictures beside it on the same host must arrive; true when absent. */
  goodBeside?: boolean;
}

/** A picture with its right headers, and others. */
export const sendPng = ({ response }: Exchange, headers: http.OutgoingHttpHeaders = {}): void => {
  response.writeHead(200, { 'content-type': 'image/png', 'content-length': PNG.length, ...headers }).end(PNG);
};

/** Bytes written past the HTTP server, then whatever `then` does to the connection. */
export const raw =
  (bytes: string | Buffer, then: 'keep' | 'end' | 'reset' = 'end'): Reply =>
  ({ request: { socket } }) => {
    socket.write(bytes, () => {
      if (then === 'end') socket.end();
      if (then === 'reset') socket.resetAndDestroy();
    });
  };

/** Head of a good reply as text, for raw ones. */
export const headOf = (headers: string, status = '200 OK'): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: image/png\r\n${headers}\r\n`;

/** Answers with a status, headers and perhaps a body. */
export const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}, body = ''): Reply =>
  ({ response }) =>
    void response.writeHead(code, headers).end(body);

export const redirect =
  (location: string | ((exchange: Exchange) => string), code = 302): Reply =>
  (exchange) =>
    status(code, { location: typeof location === 'string' ? location : location(exchange) })(exchange);

/** Writes the same bytes again and again, slowly, as long as anybody listens. */
export const trickle =
  (first: string | Buffer, again: string | Buffer, everyMs: number): Reply =>
  ({ request: { socket } }) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(again), everyMs);
    socket.once('close', () => clearInterval(timer));
  };

/** Writes the same bytes for ever, as fast as they are taken. */
export const pour =
  (first: string | Buffer, again: Buffer): Reply =>
  ({ request: { socket } }) => {
    socket.write(first);
    const more = (): void => {
      while (!socket.destroyed && socket.write(again));
    };
    socket.on('drain', more);
    more();
  };

/** One reply while there is trouble, then the picture. */
export const untilAsked =
  (times: number, reply: Reply): Reply =>
  (exchange) =>
    exchange.asked < times ? reply(exchange) : sendPng(exchange);

const bombs = new Map<string, Buffer>();

/** A picture that unpacks to far more than the cap, in a few kilobytes; made when first asked for, by the server alone. */
export function bomb(packing: 'gzip' | 'br', bytes: number): Buffer {
  const key = `${packing} ${bytes}`;
  const known = bombs.get(key);
  if (known) return known;
  const plain = Buffer.concat([PNG, Buffer.alloc(bytes)]);
  const quick = { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 3 } };
  const made = packing === 'gzip' ? zlib.gzipSync(plain) : zlib.brotliCompressSync(plain, quick);
  bombs.set(key, made);
  return made;
}

/** Every byte of a whole reply, for connections that break in the middle of it. */
export const WHOLE_REPLY = Buffer.concat([Buffer.from(headOf(`content-length: ${PNG.length}\r\n`)), PNG]);

/** What a reply that breaks after so many bytes comes to. */
export function reasonOfReset(position: number): string {
  if (position < WHOLE_REPLY.length - PNG.length) return 'unreachable';
  return position < WHOLE_REPLY.length ? 'truncated' : 'fetched';
}
