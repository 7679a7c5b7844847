import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import http from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse, UploadResult } from '../../../src/http/api.js';
import { makeZip } from '../../support/make-zip.js';
import { openApp, type OpenApp } from '../../support/open-app.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';
import { servePackage } from '../serving/package-lab.js';

/** Attacks on the real service, by the table of docs/security.md. */
let lab: OpenApp;
let project: string;
let inside: http.Server;
let insideHost: string;
let askedInside = 0;

beforeAll(async () => {
  inside = http.createServer((_request, response) => {
    askedInside += 1;
    response.writeHead(200, { 'content-type': 'image/png' }).end('secret');
  });
  await once(inside.listen(0, '127.0.0.1'), 'listening');
  insideHost = `127.0.0.1:${(inside.address() as AddressInfo).port}`;
  lab = await openApp();
  project = await createProject(lab, ['cat', 'dog']);
  await registerModel(lab, project);
});
afterAll(async () => {
  inside.closeAllConnections();
  inside.close();
  await lab.close();
});

describe('zips', () => {
  const fine = { name: 'fine.png', data: Buffer.from('a picture, as far as the zip knows') };
  const patched = (zip: Buffer, patch: (zip: Buffer, directory: number) => void): Buffer => {
    patch(zip, zip.indexOf('PK\x01\x02', 0, 'latin1'));
    return zip;
  };
  const send = async (bytes: Buffer): Promise<UploadResult> => {
    const form = new FormData();
    form.append('files', new Blob([Uint8Array.from(bytes)]), 'a.zip');
    const address = `${lab.url}/api/projects/${project}/categories/cat/images`;
    const response = await fetch(address, { method: 'POST', body: form });
    expect(response.status).toBe(201);
    return (await response.json()) as UploadResult;
  };

  it.each<[string, () => Buffer, string]>([
    ['a way out by ..', () => makeZip([{ ...fine, name: '../../graft-escape.png' }]), 'bad-zip'],
    ['an absolute path', () => makeZip([{ ...fine, name: '/tmp/graft-escape.png' }]), 'bad-zip'],
    ['a Windows path', () => makeZip([{ ...fine, name: '..\\graft-escape.png' }]), 'bad-zip'],
    ['a drive', () => makeZip([{ ...fine, name: 'C:/graft-escape.png' }]), 'bad-zip'],
    ['a zero byte in a name', () => makeZip([{ ...fine, name: 'a\0.png' }]), 'bad-name'],
    [
      'a link',
      () => makeZip([{ name: 'l.png', data: Buffer.from('/etc/passwd'), unixMode: 0o120777 }]),
      'link',
    ],
    ['a lie about the size', () => makeZip([{ ...fine, claimedSize: 3 }]), 'bad-zip'],
    [
      'more than a picture may have',
      () => makeZip([{ name: 'big.png', data: Buffer.alloc(51 * 1024 * 1024) }]),
      'too-large',
    ],
    [
      'more than a picture may have, and a lie about it',
      () => makeZip([{ name: 'big.png', data: Buffer.alloc(51 * 1024 * 1024), claimedSize: 1000 }]),
      'bad-zip',
    ],
    [
      'an encrypted entry',
      () => patched(makeZip([fine]), (zip, at) => zip.writeUInt16LE(1, at + 8)),
      'encrypted',
    ],
    [
      'an unknown method',
      () => patched(makeZip([fine]), (zip, at) => zip.writeUInt16LE(99, at + 10)),
      'bad-zip',
    ],
    [
      'a place beyond its end',
      () => patched(makeZip([fine]), (zip, at) => zip.writeUInt32LE(1e9, at + 42)),
      'bad-zip',
    ],
    [
      'a directory of more entries than it has',
      () => patched(makeZip([fine]), (zip) => zip.writeUInt16LE(60_000, zip.length - 12)),
      'bad-zip',
    ],
    ['half of it', () => makeZip([fine]).subarray(0, 60), 'bad-zip'],
  ])('%s: refused by name, and nothing is written', async (_, zip, reason) => {
    const { rejected } = await send(zip());
    expect(rejected.map((one) => one.reason)).toEqual([reason]);
    const left = [...(await readdir(tmpdir())), ...(await readdir('/')), ...(await readdir('.'))];
    expect(left.filter((name) => name.includes('graft-escape'))).toEqual([]);
  });

  it('a zip in a zip is one file, and not unpacked', async () => {
    const before = await own();
    expect(await send(makeZip([{ name: 'inner.zip', data: makeZip([fine, fine]) }]))).toMatchObject({
      accepted: 1,
    });
    expect((await own()) - before).toBe(1);
  });

  const own = async (): Promise<number> => {
    const { categories } = await request<{ categories: { uploads: number }[] }>(
      `${lab.url}/api/projects/${project}`,
    );
    return categories[0]?.uploads ?? 0;
  };
});

describe('addresses into this network', () => {
  it('are asked in no spelling', async () => {
    const port = insideHost.split(':')[1];
    const spellings = [
      `http://${insideHost}/x.png`,
      `http://localhost:${port}/`,
      `http://localhost.:${port}/`,
      `http://2130706433:${port}/`,
      `http://0177.0.0.1:${port}/`,
      `http://0x7f.1:${port}/`,
      `http://127.1:${port}/`,
      `http://0.0.0.0:${port}/`,
      `http://[::ffff:127.0.0.1]:${port}/`,
      `http://[::ffff:7f00:1]:${port}/`,
      `http://[::]:${port}/`,
      `http://example.org@${insideHost}/`,
      `http://${insideHost}\\@example.org/`,
      'http://169.254.169.254/latest/meta-data/',
      'http://[64:ff9b::7f00:1]/',
      'http://①②⑦.⓪.⓪.①/',
    ];
    const answer = await request<PredictResponse>(`${lab.url}/api/models/champion/predict`, {
      body: { urls: spellings },
    });
    const codes = answer.predictions.map((one) => ('error' in one ? one.error.code : 'answered'));
    expect(codes[0]).toBe('private-address');
    expect(codes.filter((code) => !['private-address', 'unreachable', 'bad-url'].includes(code))).toEqual([]);
    expect(askedInside).toBe(0);
  });

  it('are read by no other scheme', async () => {
    const urls = [
      'file:///etc/passwd',
      'ftp://127.0.0.1/',
      'gopher://127.0.0.1/',
      'data:image/png;base64,AA',
      'x',
    ];
    const answer = await request<PredictResponse>(`${lab.url}/api/models/champion/predict`, {
      body: { urls },
    });
    const codes = answer.predictions.map((one) => ('error' in one ? one.error.code : 'answered'));
    expect(codes).toEqual(urls.map(() => 'bad-url'));
  });
});

describe('headers', () => {
  /** Bytes as they are, and all that comes back. */
  async function raw(lines: readonly string[], body = ''): Promise<string> {
    const { hostname, port } = new URL(lab.url);
    const socket = connect(Number(port), hostname);
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
    return text(socket);
  }
  const host = (): string => `Host: ${new URL(lab.url).host}`;
  const statusOf = (answer: string): string => /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? answer;

  it.each<[string, () => Promise<string>, string]>([
    [
      'a name that is not ours (DNS rebinding)',
      () => raw(['GET /api/health HTTP/1.1', 'Host: evil.example', 'Connection: close']),
      '403',
    ],
    ['no Host', () => raw(['GET /api/health HTTP/1.1', 'Connection: close']), '400'],
    [
      'two lengths',
      () => raw(['POST /api/projects HTTP/1.1', host(), 'Content-Length: 2', 'Content-Length: 40'], '{}'),
      '400',
    ],
    [
      'a length and chunks (request smuggling)',
      () =>
        raw(
          ['POST /api/projects HTTP/1.1', host(), 'Content-Length: 4', 'Transfer-Encoding: chunked'],
          '0\r\n\r\n',
        ),
      '400',
    ],
    [
      'chunks of no size',
      () => raw(['POST /api/projects HTTP/1.1', host(), 'Transfer-Encoding: chunked'], 'zz\r\n{}\r\n'),
      '400',
    ],
    [
      'a line within a header',
      () => raw(['GET /api/health HTTP/1.1', host(), 'X-A: b\nX-C: d\r \r\n']),
      '400',
    ],
    ['a zero byte', () => raw(['GET /api/health HTTP/1.1', host(), 'X-A: \0']), '400'],
    [
      'headers of 20 KiB',
      () => raw(['GET /api/health HTTP/1.1', host(), `X-A: ${'a'.repeat(20_480)}`]),
      '431',
    ],
    ['what is no HTTP', () => raw(['\x16\x03\x01\x02\x00\x01\x00']), '400'],
  ])('%s', async (_, answer, status) => {
    const said = await answer();
    expect(statusOf(said)).toBe(status);
    expect(said).toMatch(/content-type: application\/problem\+json/i);
    expect(said).not.toMatch(/\.js:|node_modules/);
  });

  it('echoes neither TRACE nor another method in a header', async () => {
    const trace = await raw(['TRACE /api/health HTTP/1.1', host(), 'X-Secret: s3cret', 'Connection: close']);
    expect([statusOf(trace), trace.includes('s3cret')]).toEqual(['404', false]);
    const override = await fetch(`${lab.url}/api/projects/${project}/schedule`, {
      method: 'POST',
      headers: { 'x-http-method-override': 'DELETE' },
    });
    expect(override.status).toBe(404);
  });

  it('takes no request id that could write a line of its own into a log', async () => {
    for (const id of ['a', 'x'.repeat(65), '{"level":"error"}', 'id\twith\ttabs']) {
      const answer = await fetch(`${lab.url}/api/health`, { headers: { 'x-request-id': id } });
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('bounds how long a request may take to arrive', () => {
    const server = lab.app.getHttpServer();
    expect(server.headersTimeout).toBeGreaterThan(0);
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
    expect(server.requestTimeout).toBeGreaterThan(0);
  });
});

describe('who says they are somebody else', () => {
  it('is not believed without a proxy that was named: wrong keys count for the true address', async () => {
    const closed = await servePackage(
      {},
      { GRAFT_REQUIRE_KEYS: 'true', GRAFT_KEY: 'a-key-that-is-long-enough' },
    );
    const statuses = new Set<number>();
    for (let i = 0; i < 40; i++) {
      const headers = {
        'x-forwarded-for': `10.0.0.${i}`,
        forwarded: `for=10.0.0.${i}`,
        authorization: 'Bearer x',
      };
      const answer = await fetch(`${closed.url}/api/models/champion`, { headers });
      await answer.body?.cancel();
      statuses.add(answer.status);
    }
    expect([...statuses]).toEqual([401, 429]);
  });
});
