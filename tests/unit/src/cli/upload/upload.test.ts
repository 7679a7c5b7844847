import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GraftClient } from '../../../../../src/cli/client.js';
import { uploadPictures } from '../../../../../src/cli/upload/upload.js';
import { walkFolder } from '../../../../../src/cli/walk.js';
import type { ProjectView } from '../../../../../src/http/api.js';
import { readForm, sendJson, serveLoopback } from '../loopback.js';
import { tempFolder } from '../temp-folder.js';

interface Received {
  path: string;
  files: { name: string; content: string }[];
}

/** Answers as the service does: an empty form is refused, files called bad.* are rejected one by one. */
async function receiver(): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const url = await serveLoopback(async (request, response) => {
    const parts = [...(await readForm(request)).values()] as File[];
    const files = await Promise.all(
      parts.map(async (part) => ({ name: part.name, content: await part.text() })),
    );
    received.push({ path: decodeURIComponent(request.url ?? ''), files });
    if (files.length === 0) {
      const problem = {
        type: 'about:blank',
        title: 'No files',
        detail: 'The request has no files.',
        fix: null,
        requestId: '1',
      };
      return sendJson(response, { ...problem, status: 400, code: 'no-files' }, 400);
    }
    const bad = files.filter(({ name }) => name.startsWith('bad.'));
    const rejected = bad.map(({ name }) => ({ file: name, reason: 'bad-zip', detail: 'cut short' }));
    sendJson(response, { accepted: files.length - bad.length, rejected });
  });
  return { url, received };
}

const project = (...names: string[]): ProjectView => ({
  id: randomUUID(),
  name: 'test',
  modality: 'image',
  categories: names.map((name) => ({ id: randomUUID(), name, uploads: 0, urls: 0 })),
  createdAt: new Date(0).toISOString(),
});

async function send(folder: string, names: string[], maxFiles: number) {
  const { url, received } = await receiver();
  const pictures = new Map<string, Awaited<ReturnType<typeof walkFolder>>['files']>();
  for (const name of names) pictures.set(name, (await walkFolder(join(folder, name), folder)).files);
  const steps: [number, number][] = [];
  const go = () =>
    uploadPictures({
      client: new GraftClient(url),
      project: project(...names),
      pictures,
      limits: { maxFiles, maxBytes: 1_000_000 },
      onProgress: (done, total) => steps.push([done, total]),
    });
  return { go, received, steps };
}

test('every file arrives whole under its own name, batch after batch, category after category', async () => {
  const big = 'x'.repeat(300_000);
  const folder = tempFolder({
    'hot dog/1.jpg': 'one',
    'hot dog/sub/1.jpg': big,
    'hot dog/empty.jpg': '',
    'tea/say "čaj"\r\n--x.jpg': 'two\r\n--boundary',
  });
  const { go, received, steps } = await send(folder, ['hot dog', 'tea'], 2);
  expect(await go()).toEqual({ accepted: 4, rejected: [] });
  expect(received.map(({ path }) => path.replace(/^.*categories/, ''))).toEqual([
    '/hot dog/images',
    '/hot dog/images',
    '/tea/images',
  ]);
  expect(received.flatMap(({ files }) => files)).toEqual([
    { name: '1.jpg', content: 'one' },
    { name: 'empty.jpg', content: '' },
    { name: 'sub/1.jpg', content: big },
    { name: 'say "čaj"\r\n--x.jpg', content: 'two\r\n--boundary' },
  ]);
  expect(steps).toEqual([
    [2, 4],
    [3, 4],
    [4, 4],
  ]);
});

test('what is refused, and what vanished since it was found, is reported and loses nothing else', async () => {
  const folder = tempFolder({
    'cat/a.jpg': 'a',
    'cat/bad.zip': 'PK',
    'cat/gone.jpg': 'x',
    'cat/lost.jpg': 'x',
    'cat/z.jpg': 'z',
  });
  const { go } = await send(folder, ['cat'], 1);
  rmSync(join(folder, 'cat', 'gone.jpg'));
  rmSync(join(folder, 'cat', 'lost.jpg'));
  const result = await go();
  expect(result.accepted).toBe(2);
  expect(result.rejected.map(({ file, reason }) => [file, reason])).toEqual([
    ['bad.zip', 'bad-zip'],
    ['gone.jpg', 'unreadable'],
    ['lost.jpg', 'unreadable'],
  ]);
});

test('a refusal of the service ends the upload with its own words', async () => {
  const url = await serveLoopback((request, response) => {
    request.resume();
    const body = {
      type: 'about:blank',
      title: 'Not found',
      status: 404,
      detail: 'No such project.',
      code: 'not-found',
      fix: 'Create it.',
      requestId: '1',
    };
    sendJson(response, body, 404);
  });
  const folder = tempFolder({ 'cat/a.jpg': 'a' });
  const pictures = new Map([['cat', (await walkFolder(join(folder, 'cat'))).files]]);
  const upload = uploadPictures({
    client: new GraftClient(url),
    project: project('cat'),
    pictures,
    onProgress: () => undefined,
  });
  await expect(upload).rejects.toMatchObject({
    code: 'not-found',
    message: 'No such project.',
    fix: 'Create it.',
  });
});
