import zlib from 'node:zlib';
import {
  bomb,
  headOf,
  MAX_BYTES,
  PNG,
  pour,
  raw,
  sendPng,
  status,
  trickle,
  type HostileCase,
} from './wire.js';

const LENGTH = `content-length: ${PNG.length}\r\n`;
const CHUNKED = 'transfer-encoding: chunked\r\n';
const chunk = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
export const BOMB_BYTES = 64 * 1024 * 1024;
const encoded = (encoding: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(headOf(`content-encoding: ${encoding}\r\ncontent-length: ${body.length}\r\n`)),
    body,
  ]);

/** Bodies that are not what they should be. */
export const BODY_CASES: readonly HostileCase[] = [
  { name: 'zero bytes', expected: 'empty', reply: status(200, { 'content-type': 'image/jpeg' }) },
  { name: '204 no content', expected: 'empty', reply: status(204) },
  {
    name: 'HTML named .jpg',
    expected: 'not-an-image',
    reply: status(200, { 'content-type': 'image/jpeg' }, '<!doctype html><p>Sorry'),
  },
  {
    name: 'HTML for ever',
    expected: 'not-an-image',
    reply: pour(`HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n`, Buffer.alloc(8192, '<p>cookies?</p>')),
  },
  {
    name: 'JPEG under a wrong type and name',
    expected: 'fetched',
    reply: (exchange) => sendPng(exchange, { 'content-type': 'text/html; charset=utf-8' }),
  },
  {
    name: 'Content-Length too long',
    expected: 'truncated',
    detail: new RegExp(`after ${PNG.length} of 5000 bytes`),
    reply: raw(Buffer.concat([Buffer.from(headOf('content-length: 5000\r\n')), PNG])),
  },
  {
    name: 'Content-Length too short',
    expected: 'bad-response',
    reply: raw(Buffer.concat([Buffer.from(headOf('content-length: 30\r\n')), PNG]), 'keep'),
  },
  {
    name: 'Content-Length twice, differing',
    expected: 'bad-response',
    reply: raw(`${headOf(`${LENGTH}content-length: 7\r\n`)}x`),
  },
  {
    name: 'Content-Length negative',
    expected: 'bad-response',
    reply: raw(`${headOf('content-length: -5\r\n')}x`),
  },
  {
    name: 'Content-Length and chunked',
    expected: 'bad-response',
    reply: raw(`${headOf(LENGTH + CHUNKED)}0\r\n\r\n`),
  },
  {
    name: 'no length, ends by closing',
    expected: 'fetched',
    reply: raw(Buffer.concat([Buffer.from(headOf('')), PNG])),
  },
  {
    name: 'trailing garbage after the body',
    expected: 'bad-response',
    reply: raw(Buffer.concat([Buffer.from(headOf(LENGTH)), PNG, Buffer.from('garbage')]), 'keep'),
  },
  {
    name: 'trailing garbage after gzip',
    expected: 'fetched',
    reply: raw(encoded('gzip', Buffer.concat([zlib.gzipSync(PNG), Buffer.alloc(512)]))),
  },
  {
    name: 'keep-alive desync: two replies to one request',
    expected: 'fetched',
    reply: raw(
      Buffer.concat([
        Buffer.from(headOf(LENGTH)),
        PNG,
        Buffer.from(headOf('content-length: 4\r\n')),
        Buffer.from('evil'),
      ]),
      'keep',
    ),
  },
  {
    name: 'keep-alive desync: a second reply when idle',
    expected: 'fetched',
    reply: (exchange) => {
      sendPng(exchange);
      const { socket } = exchange.request;
      setTimeout(() => socket.write(`${headOf('content-length: 4\r\n')}evil`), 20);
    },
  },
  {
    name: 'endless and fast',
    expected: 'too-large',
    reply: pour(headOf(''), Buffer.concat([PNG, Buffer.alloc(16_384)])),
  },
  {
    name: 'chunked for ever, fast',
    expected: 'too-large',
    reply: pour(headOf(CHUNKED), Buffer.concat([chunk(PNG), chunk(Buffer.alloc(16_384))])),
  },
  {
    name: 'chunked for ever, slow',
    expected: 'timeout',
    detail: /not complete in time/,
    reply: trickle(Buffer.concat([Buffer.from(headOf(CHUNKED)), chunk(PNG)]), '1\r\nx\r\n', 50),
  },
  {
    name: 'slow-loris body',
    expected: 'timeout',
    detail: /not complete in time/,
    reply: trickle(headOf('content-length: 100000\r\n'), 'x', 50),
  },
  {
    name: '10 GB promised',
    expected: 'too-large',
    detail: /10000000000 bytes are announced/,
    reply: raw(Buffer.concat([Buffer.from(headOf('content-length: 10000000000\r\n')), PNG]), 'keep'),
  },
  {
    name: 'as much as allowed promised, then silence',
    expected: 'timeout',
    reply: raw(Buffer.concat([Buffer.from(headOf(`content-length: ${MAX_BYTES}\r\n`)), PNG]), 'keep'),
  },
  { name: 'chunk without a size', expected: 'bad-response', reply: raw(`${headOf(CHUNKED)}zz\r\n`, 'keep') },
  {
    name: 'chunk of 2^70 bytes',
    expected: 'bad-response',
    reply: raw(`${headOf(CHUNKED)}ffffffffffffffffff\r\n`, 'keep'),
  },
  {
    name: 'chunk extension without end',
    expected: 'bad-response',
    reply: pour(`${headOf(CHUNKED)}5;`, Buffer.alloc(4096, 'a')),
  },
  {
    name: 'chunks break off',
    expected: 'truncated',
    reply: raw(Buffer.concat([Buffer.from(headOf(CHUNKED)), chunk(PNG)])),
  },
  {
    name: 'gzip bomb',
    expected: 'too-large',
    detail: /the body goes on/,
    reply: (exchange) => raw(encoded('gzip', bomb('gzip', BOMB_BYTES)))(exchange),
  },
  {
    name: 'brotli bomb',
    expected: 'too-large',
    reply: (exchange) => raw(encoded('br', bomb('br', BOMB_BYTES)))(exchange),
  },
  {
    name: 'gzip bomb in gzip',
    expected: 'not-an-image',
    reply: (exchange) => raw(encoded('gzip, gzip', zlib.gzipSync(bomb('gzip', BOMB_BYTES))))(exchange),
  },
  {
    name: 'gzip cut off',
    expected: 'truncated',
    reply: raw(encoded('gzip', zlib.gzipSync(PNG).subarray(0, 40))),
  },
  { name: 'not gzip though it says so', expected: 'bad-response', reply: raw(encoded('gzip', PNG)) },
  {
    name: 'an encoding nobody asked for',
    expected: 'not-an-image',
    reply: raw(encoded('zstd', Buffer.from('(\xb5/\xfd....', 'latin1'))),
  },
  { name: 'an unknown encoding that is none', expected: 'fetched', reply: raw(encoded('utf-8', PNG)) },
  {
    name: '206 with a part',
    expected: 'bad-response',
    detail: /a part/,
    reply: status(206, { 'content-range': 'bytes 0-67/9000' }, 'x'.repeat(68)),
  },
  {
    name: '206 that is all of it',
    expected: 'fetched',
    reply: ({ response }) =>
      void response.writeHead(206, { 'content-range': `bytes 0-${PNG.length - 1}/${PNG.length}` }).end(PNG),
  },
];
