import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { answer } from '../child.js';

/** Where each picture lies, and how large it is. */
export interface ServeRequest {
  hosts: readonly string[];
  sizes: readonly number[];
}

const JPEG_HEAD = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const HEAD_BYTES = 16;

/** Milliseconds at which each picture was asked for, by host, since the last look. */
let arrivals: Record<string, number[]> = {};

/** A picture's own first bytes, then the same noise for all. */
function respond(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  sizes: readonly number[],
  noise: Buffer,
): void {
  const index = /^\/(\d+)\.jpg$/.exec(request.url ?? '')?.[1];
  const size = sizes[Number(index)];
  if (index === undefined || size === undefined) {
    response.writeHead(404, { 'content-length': 0 }).end();
    return;
  }
  (arrivals[request.headers.host ?? ''] ??= []).push(performance.now());
  const head = Buffer.alloc(HEAD_BYTES);
  JPEG_HEAD.copy(head);
  head.writeUInt32BE(Number(index), 8);
  response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': size });
  response.write(head);
  response.end(noise.subarray(0, size - HEAD_BYTES));
}

function listen(server: http.Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function serve({ hosts, sizes }: ServeRequest): Promise<{ port: number }> {
  const noise = Buffer.alloc(Math.max(...sizes));
  for (let at = 0; at < noise.length; at += 4)
    noise.writeUInt32BE(Math.imul(at + 1, 2654435761) >>> 0, Math.min(at, noise.length - 4));
  let port = 0;
  for (const host of hosts) {
    port = await listen(
      http.createServer((request, response) => respond(request, response, sizes, noise)),
      host,
      port,
    );
  }
  return { port };
}

answer<ServeRequest | 'arrivals'>((message) => {
  if (message !== 'arrivals') return serve(message);
  const seen = arrivals;
  arrivals = {};
  return Promise.resolve(seen);
});
