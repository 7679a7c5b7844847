import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunView } from '../../../src/http/api.js';
import { startListedPictures, type ListedPictures } from '../../support/listed-pictures.js';
import { CACHE_DIR, isOver, request } from '../../support/service-process.js';

const PICTURES = 24;

let lab: ListedPictures;
beforeAll(async () => void (lab = await startListedPictures(PICTURES)));
afterAll(() => lab.close());

const blank = (): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: 'white' } })
    .png()
    .toBuffer();

async function until(id: string, isSo: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await request<RunView>(`${lab.service.url}/api/runs/${id}`);
    if (isSo(run)) return run;
    if (isOver(run)) throw new Error(`the run is over: ${JSON.stringify(run.error)}`);
    await wait(100);
  }
}

test('pictures are looked at while others are on their way, and their pixels are gone when features are there', async () => {
  const white = await blank();
  lab.pictures.failing.set('/0.png', (response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(white),
  );
  const held: ServerResponse[] = [];
  lab.pictures.failing.set('/1.png', (response) => void held.push(response));
  const project = await lab.listed();
  const { id } = await request<RunView>(`${lab.service.url}/api/projects/${project}/runs`, {
    body: { providers: [], backbones: ['human-movenet'], curate: 'off' },
  });
  // One picture is not answered, so that the stage fetch cannot be through.
  const early = await until(id, ({ counts }) => counts.dropped.blank === 1);
  expect(early.stage).toBe('fetch');
  await until(id, () => held.length > 0);
  const kept = (): Promise<string[]> => readdir(path.join(CACHE_DIR, 'pixels', id)).catch(() => []);
  while ((await kept()).length < PICTURES - 2) await wait(100);
  for (const response of held) response.writeHead(404).end();
  const run = await until(id, ({ state }) => state === 'succeeded');
  expect(run.counts.kept).toBe(PICTURES - 2);
  expect(await kept()).toEqual([]);
});
