import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse, Problem } from '../../../src/http/api.js';
import { openPackage, sniffFormat } from '../../../zoo/index.js';
import { hugePng, texturedPicture } from '../../support/odd-pictures.js';
import { predicted } from '../../support/predicted.js';
import { formOf, postBytes, postJson, servePackage } from './package-lab.js';

let red: Buffer;
let blue: Buffer;
let web: http.Server;
let host: string;
let served: Awaited<ReturnType<typeof servePackage>>;
let expected: Record<string, number>[];

const answerOf = async (response: Response): Promise<PredictResponse> => {
  expect(response.status, await response.clone().text()).toBe(200);
  return (await response.json()) as PredictResponse;
};
const sound = async (response: Response) => predicted(await answerOf(response));
const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Problem;
};

/** A picture, a way to it, a way to where nobody may go, and pages that are none. */
function answerWeb({ url = '' }: http.IncomingMessage, response: http.ServerResponse): void {
  if (url === '/red.png') return void response.writeHead(200, { 'content-type': 'image/png' }).end(red);
  if (url === '/robots.txt') return void response.writeHead(200).end('User-agent: *\nDisallow: /');
  const target = { '/hop': '/red.png', '/inside': 'http://10.0.0.1/red.png', '/file': 'file:///etc/passwd' }[
    url
  ];
  if (target) return void response.writeHead(302, { location: target }).end();
  response.writeHead(url === '/page' ? 200 : 404, { 'content-type': 'text/html' }).end('<h1>hello</h1>');
}

beforeAll(async () => {
  [red, blue] = await Promise.all([texturedPicture(1, { hue: 0 }), texturedPicture(2, { hue: 220 })]);
  web = http.createServer(answerWeb);
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  host = `127.0.0.1:${(web.address() as AddressInfo).port}`;
  served = await servePackage({ unknownBelow: 0.999 }, { GRAFT_ALLOW_PRIVATE_HOSTS: host });
  const direct = await openPackage(served.folder);
  expected = (await direct.predict([red, blue])).map(({ probabilities }) => ({ ...probabilities }));
  await direct.close();
});
afterAll(() => {
  web.closeAllConnections();
  web.close();
});

function expectSame(
  got: readonly { probabilities: Record<string, number> }[],
  wanted: readonly Record<string, number>[],
): void {
  expect(got).toHaveLength(wanted.length);
  wanted.forEach((row, i) => {
    for (const [label, share] of Object.entries(row))
      expect(Math.abs((got[i]?.probabilities[label] ?? Number.NaN) - share)).toBeLessThan(1e-5);
  });
}

describe('the forms of a predict request', () => {
  const both = (): Record<string, number>[] => expected;
  const first = (): Record<string, number>[] => expected.slice(0, 1);
  const base64 = (bytes: Buffer): string => bytes.toString('base64');

  it.each<[string, () => Promise<Response>, () => Record<string, number>[]]>([
    ['raw bytes', () => postBytes(served.predict, red), first],
    ['raw bytes of an odd type', () => postBytes(served.predict, red, 'text/plain'), first],
    ['a form', () => fetch(served.predict, { method: 'POST', body: formOf({ 'red.png': red }) }), first],
    [
      'a form of many',
      () => fetch(served.predict, { method: 'POST', body: formOf({ 'red.png': red, 'blue.png': blue }) }),
      both,
    ],
    ['base64', () => postJson(served.predict, { image: base64(red) }), first],
    [
      'base64 in lines, as mail has it',
      () => postJson(served.predict, { image: base64(red).replaceAll(/.{76}/g, '$&\r\n') }),
      first,
    ],
    ['base64url', () => postJson(served.predict, { image: red.toString('base64url') }), first],
    [
      'data: URLs',
      () =>
        postJson(served.predict, {
          images: [red, blue].map((bytes) => `data:image/png;base64,${base64(bytes)}`),
        }),
      both,
    ],
    ['an address', () => postJson(served.predict, { url: `http://${host}/red.png` }), first],
    ['an address that leads on', () => postJson(served.predict, { urls: [`http://${host}/hop`] }), first],
    [
      'base64 and an address',
      () => postJson(served.predict, { image: base64(red), url: `http://${host}/red.png` }),
      () => [...expected.slice(0, 1), ...expected.slice(0, 1)],
    ],
  ])('%s', async (_, send, wanted) => {
    expectSame(await sound(await send()), wanted());
  });

  it('says which model, version and data set answered, and what is unknown', async () => {
    const answer = await answerOf(await postBytes(served.predict, red));
    expect(answer).toMatchObject({ model: 'run-1', version: null, dataset: 'd'.repeat(64) });
    const [prediction] = predicted(answer);
    expect(prediction?.unknown).toBe((prediction?.confidence ?? 1) < 0.999);
    expect(prediction?.unknown).toBe(true);
  });

  it('?top=2 lists the two most probable labels in order', async () => {
    const [prediction] = await sound(await postBytes(`${served.predict}?top=2`, red));
    const order = Object.entries(expected[0] ?? {}).sort(([, a], [, b]) => b - a);
    expect(prediction?.top?.map(({ label }) => label)).toEqual(order.slice(0, 2).map(([label]) => label));
    expect(Object.keys(prediction?.probabilities ?? {})).toHaveLength(2);
    expect(prediction?.top?.[0]?.confidence).toBe(prediction?.confidence);
  });

  it('lets a bad picture among several fail alone, with its reason', async () => {
    const form = formOf({
      'red.png': red,
      'page.png': Buffer.from('<h1>404</h1>'),
      'cut.png': blue.subarray(0, 900),
    });
    const { predictions } = await answerOf(await fetch(served.predict, { method: 'POST', body: form }));
    expect(predictions).toEqual([
      expect.objectContaining({ file: 'red.png', label: expect.any(String) }),
      { file: 'page.png', error: { code: 'not-an-image', message: expect.any(String) } },
      { file: 'cut.png', error: { code: 'corrupt', message: expect.any(String) } },
    ]);
    const mixed = await answerOf(
      await postJson(served.predict, {
        images: [red.toString('base64'), '*not base64*', 'data:image/png,raw'],
        urls: [
          `http://${host}/inside`,
          `http://${host}/file`,
          'http://169.254.169.254/latest/meta-data',
          'http://[::1]/',
          `http://${host}/page`,
          `http://${host}/none`,
          'ftp://example.org/x.png',
        ],
      }),
    );
    expect(mixed.predictions.map((item) => ('error' in item ? item.error.code : item.label))).toEqual([
      expect.stringMatching(/cat|dog|fox/),
      ...['bad-base64', 'bad-base64', 'private-address', 'bad-url', 'private-address', 'private-address'],
      ...['not-an-image', 'http-404', 'bad-url'],
    ]);
  });
});

describe('where a picture was decided', () => {
  it('?heatmap=1 adds a grid and a PNG to each prediction', async () => {
    const form = formOf({ 'red.png': red, 'page.png': Buffer.from('<h1>404</h1>') });
    const answer = await answerOf(await fetch(`${served.predict}?heatmap=1`, { method: 'POST', body: form }));
    const [first, second] = answer.predictions;
    expect(second).toHaveProperty('error');
    const heatmap = first && 'heatmap' in first ? first.heatmap : undefined;
    expect(heatmap).toMatchObject({
      method: 'class-activation',
      label: first && 'label' in first && first.label,
    });
    expect(heatmap?.values).toHaveLength((heatmap?.rows ?? 0) * (heatmap?.columns ?? 0));
    expect(heatmap?.png).toMatch(/^data:image\/png;base64,iVBOR/);
  });

  it('/explain answers with a PNG, for any label of the model', async () => {
    const explain = served.predict.replace('/predict', '/explain');
    for (const query of ['', '?label=fox']) {
      const response = await postBytes(`${explain}${query}`, red);
      expect({ status: response.status, type: response.headers.get('content-type') }).toEqual({
        status: 200,
        type: 'image/png',
      });
      expect(sniffFormat(new Uint8Array(await response.arrayBuffer()))).toBe('png');
    }
    const wrong = await postBytes(`${explain}?label=cow`, red);
    expect([wrong.status, (await problemOf(wrong)).code]).toEqual([400, 'no-such-label']);
    const bad = await postBytes(explain, Buffer.from('hello'));
    expect([bad.status, (await problemOf(bad)).code]).toEqual([422, 'bad-picture']);
    const two = await fetch(explain, { method: 'POST', body: formOf({ 'a.png': red, 'b.png': blue }) });
    expect([two.status, (await problemOf(two)).code]).toEqual([400, 'one-picture']);
  });
});

describe('hostile requests end in problem details, none in a 5xx', () => {
  const animated = Buffer.from('GIF89a'.padEnd(40, '\0'));
  const raw = (body: Uint8Array | string, headers: Record<string, string>, path = '') =>
    fetch(served.predict + path, {
      method: 'POST',
      body: typeof body === 'string' ? body : Uint8Array.from(body),
      headers,
    });
  const odd = (model: string): string => `${served.url}/api/models/${encodeURIComponent(model)}/predict`;
  const octets = { 'content-type': 'application/octet-stream' };
  const json = { 'content-type': 'application/json' };

  it.each<[string, () => Promise<Response>, number, string]>([
    ['no body', () => fetch(served.predict, { method: 'POST' }), 400, 'no-picture'],
    ['an empty body', () => raw('', octets), 400, 'no-picture'],
    ['text', () => raw('hello', { 'content-type': 'image/jpeg' }), 422, 'bad-picture'],
    ['a cut picture', () => raw(red.subarray(0, 500), octets), 422, 'bad-picture'],
    ['an animation without frames', () => raw(animated, octets), 422, 'bad-picture'],
    ['a decompression bomb', () => raw(hugePng(), octets), 422, 'bad-picture'],
    [
      'a gzipped bomb',
      () => raw(gzipSync(Buffer.alloc(60 * 1024 * 1024)), { ...octets, 'content-encoding': 'gzip' }),
      413,
      'entity-too-large',
    ],
    ['what is not gzip', () => raw('hello', { ...octets, 'content-encoding': 'gzip' }), 400, 'bad-request'],
    [
      'an unknown encoding',
      () => raw(deflateRawSync(red), { ...octets, 'content-encoding': 'zstd-9' }),
      415,
      'encoding-unsupported',
    ],
    ['JSON that is none', () => raw('{"image":', json), 400, 'bad-request'],
    ['JSON of another shape', () => postJson(served.predict, { picture: 'x' }), 400, 'invalid-request'],
    ['JSON null', () => raw('null', json), 400, 'bad-request'],
    ['an empty list', () => postJson(served.predict, { images: [] }), 400, 'invalid-request'],
    [
      'too many pictures',
      () => postJson(served.predict, { images: Array(65).fill('aaaa') }),
      400,
      'invalid-request',
    ],
    ['no picture named', () => postJson(served.predict, {}), 400, 'invalid-request'],
    ['an image that is no text', () => postJson(served.predict, { image: { a: 1 } }), 400, 'invalid-request'],
    [
      'huge base64',
      () => postJson(served.predict, { image: 'A'.repeat(33 * 1024 * 1024) }),
      413,
      'entity-too-large',
    ],
    [
      'base64 of nothing',
      () => postJson(served.predict, { image: 'data:image/png;base64,' }),
      422,
      'bad-picture',
    ],
    [
      'an address inside',
      () => postJson(served.predict, { url: 'http://127.0.0.1:1/x.png' }),
      422,
      'bad-picture',
    ],
    [
      'a form without boundary',
      () => raw('x', { 'content-type': 'multipart/form-data' }),
      400,
      'bad-request',
    ],
    [
      'a form cut short',
      () =>
        raw('--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\nabc', {
          'content-type': 'multipart/form-data; boundary=x',
        }),
      400,
      'bad-request',
    ],
    [
      'a form of fields',
      () =>
        raw('--x\r\nContent-Disposition: form-data; name="f"\r\n\r\nabc\r\n--x--', {
          'content-type': 'multipart/form-data; boundary=x',
        }),
      400,
      'bad-request',
    ],
    ['top=0', () => raw(red, octets, '?top=0'), 400, 'invalid-request'],
    ['top=many', () => raw(red, octets, '?top=many'), 400, 'invalid-request'],
    ['another model', () => postBytes(`${served.url}/api/models/none/predict`, red), 404, 'not-found'],
    ['a model of odd characters', () => postBytes(odd("';--"), red), 404, 'not-found'],
    ['a model with a zero byte', () => postBytes(odd("';--\0"), red), 400, 'bad-text'],
  ])('%s', async (_, send, status, code) => {
    const response = await send();
    const problem = await problemOf(response);
    expect({ status: response.status, code: problem.code, detail: problem.detail }).toMatchObject({
      status,
      code,
    });
    expect(JSON.stringify(problem)).not.toMatch(/node_modules|\.ts:|\.js:/);
  });

  it('does not tell what a private name leads to', async () => {
    const problem = await problemOf(await postJson(served.predict, { url: `http://${host}/inside` }));
    expect(problem.detail).toContain('private-address');
    expect(problem.detail).not.toContain('10.0.0.1');
  });
});
