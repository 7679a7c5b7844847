import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient } from '../../../crawlers/http/client.js';
import { SYSTEM_TIMING } from '../../../crawlers/http/timing.js';
import { DEFAULT_LIMITS } from '../../../crawlers/index.js';

const HEADERS = { 'X-Subscription-Token': 'secret' };

describe('the headers of a provider', () => {
  const cleanups: (() => void)[] = [];
  afterEach(() => cleanups.splice(0).forEach((clean) => clean()));

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function clientFor(...addresses: string[]): HttpClient {
    const client = new HttpClient({
      userAgent: 'graft-test/1 (nobody)',
      limits: DEFAULT_LIMITS,
      timing: SYSTEM_TIMING,
      resolve: () => Promise.resolve(['127.0.0.1']),
      allowPrivateHosts: addresses.map((address) => new URL(address).host),
    });
    cleanups.push(() => void client.close());
    return client;
  }

  const get = (client: HttpClient, url: string) =>
    client.get({ url, headers: HEADERS, body: { maxBytes: 1000, overflow: 'fail' }, robots: false });

  it('go along with a redirect on its own host, and to no other', async () => {
    const seen: Record<string, IncomingHttpHeaders> = {};
    const other = await serve((request, response) => {
      seen.other = request.headers;
      response.end('{}');
    });
    const own = await serve((request, response) => {
      seen[request.url ?? ''] = request.headers;
      if (request.url === '/first') response.writeHead(302, { location: '/second' }).end();
      else response.writeHead(302, { location: `${other}/` }).end();
    });
    const reply = await get(clientFor(own, other), `${own}/first`);
    expect(reply.ok).toBe(true);
    expect(seen['/first']?.['x-subscription-token']).toBe('secret');
    expect(seen['/second']?.['x-subscription-token']).toBe('secret');
    expect(seen.other).toBeDefined();
    expect(seen.other?.['x-subscription-token']).toBeUndefined();
  });
});
