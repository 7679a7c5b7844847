import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A web of many hosts that all take their time. */
export interface SlowWeb {
  readonly hosts: readonly string[];
  readonly urls: readonly string[];
  /** Milliseconds from the first request to the last answer. */
  spanMs(): number;
  requests(): number;
  close(): Promise<void>;
}

const BYTES = 4000;

/** Passes for a JPEG where nobody decodes it; no two are alike. */
function pictureOf(path: string): Buffer {
  const bytes = Buffer.alloc(BYTES, path);
  bytes.writeUInt32BE(0xffd8ffe0, 0);
  return bytes;
}

/** @param latencyMs from a request to its answer */
export async function startSlowWeb(hostCount: number, pictures: number, latencyMs: number): Promise<SlowWeb> {
  let firstMs = Number.NaN;
  let lastMs = Number.NaN;
  let requests = 0;
  const server = http.createServer(({ url = '' }, response) => {
    if (url === '/robots.txt') return void response.writeHead(404).end();
    requests++;
    if (Number.isNaN(firstMs)) firstMs = performance.now();
    setTimeout(() => {
      lastMs = performance.now();
      response.writeHead(200, { 'content-type': 'image/jpeg' }).end(pictureOf(url));
    }, latencyMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as AddressInfo;
  // The whole of 127.0.0.0/8 is this machine: each address counts as a host.
  const hosts = Array.from({ length: hostCount }, (_, n) => `127.1.${n >> 7}.${(n & 127) + 1}:${port}`);
  return {
    hosts,
    urls: Array.from({ length: pictures }, (_, n) => `http://${hosts[n % hostCount]}/${n}.jpg`),
    spanMs: () => lastMs - firstMs,
    requests: () => requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
