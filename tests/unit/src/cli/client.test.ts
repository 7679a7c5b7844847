import { expect, test } from 'vitest';
import { GraftClient, isUnreachable } from '../../../../src/cli/client.js';
import { sendJson, serveLoopback } from './loopback.js';
import { aRun, RUN_ID } from './samples.js';

test('names travel encoded, settings as JSON', async () => {
  const seen: string[] = [];
  const url = await serveLoopback(async (request, response) => {
    const body = await new Response(ReadableStream.from(request)).text();
    seen.push(`${request.method} ${request.url} ${body}`);
    sendJson(response, request.url?.includes('images') ? { total: 0, offset: 0, items: [] } : aRun());
  });
  const client = new GraftClient(url);
  await client.startRun('a/b c', { seed: 7 });
  await client.images(RUN_ID, { category: 'hot dog & co', limit: 5 });
  expect(seen).toEqual([
    'POST /api/projects/a%2Fb%20c/runs {"seed":7}',
    `GET /api/runs/${RUN_ID}/images?category=hot+dog+%26+co&limit=5 `,
  ]);
});

test('an answer of another shape is refused, naming what is wrong with it', async () => {
  const url = await serveLoopback((_request, response) =>
    sendJson(response, { ...aRun(), state: 'sleeping' }),
  );
  await expect(new GraftClient(url).run(RUN_ID)).rejects.toMatchObject({
    code: 'strange-answer',
    message: expect.stringMatching(/state/),
    fix: expect.stringContaining('versions'),
  });
});

test('problem details become the error, and tell bad requests from failures', async () => {
  const problem = {
    type: 'about:blank',
    title: 'x',
    detail: 'Too few.',
    code: 'too-few',
    fix: 'Add some.',
    requestId: '1',
  };
  const url = await serveLoopback((request, response) => {
    const status = Number(request.url?.split('/').at(-1));
    sendJson(response, { ...problem, status }, status);
  });
  const client = new GraftClient(url);
  await expect(client.run('422')).rejects.toMatchObject({
    code: 'too-few',
    message: 'Too few.',
    fix: 'Add some.',
    exitCode: 2,
  });
  await expect(client.run('500')).rejects.toMatchObject({ exitCode: 1 });
});

test('an error that is no problem document still names address and status', async () => {
  const url = await serveLoopback(
    (_request, response) => void response.writeHead(503).end('<html>busy</html>'),
  );
  await expect(new GraftClient(url).health()).rejects.toMatchObject({
    code: 'http-503',
    message: `${url}/api/health answered 503.`,
  });
});

test('a service that is gone is told as that', async () => {
  const url = await serveLoopback((_request, response) => void response.destroy());
  const error: unknown = await new GraftClient(url).health().catch((thrown: unknown) => thrown);
  expect(isUnreachable(error)).toBe(true);
  expect(error).toMatchObject({
    message: expect.stringContaining(url),
    fix: expect.stringContaining('graft resume'),
  });
});
