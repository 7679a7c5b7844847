import { readdir } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageView, ProjectView, RunView } from '../../../src/http/api.js';
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

async function until(id: string, isSo: (run: RunView) => boolean | Promise<boolean>): Promise<RunView> {
  for (;;) {
    const run = await request<RunView>(`${lab.service.url}/api/runs/${id}`);
    if (await isSo(run)) return run;
    if (isOver(run)) throw new Error(`the run is over: ${JSON.stringify(run.error)}`);
    await wait(100);
  }
}

/** Pictures whose pixels wait for the networks. */
const kept = (id: string): Promise<string[]> => readdir(path.join(CACHE_DIR, 'pixels', id)).catch(() => []);

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
  while ((await kept(id)).length < PICTURES - 2) await wait(100);
  for (const response of held) response.writeHead(404).end();
  const run = await until(id, ({ state }) => state === 'succeeded');
  expect(run.counts.kept).toBe(PICTURES - 2);
  expect(await kept(id)).toEqual([]);
});

test('small pictures too are decoded once: features finds the pixels of each', async () => {
  const body = { categories: ['fruit', 'vehicle'] };
  const project = await request<ProjectView>(`${lab.service.url}/api/projects`, { body });
  const settings = {
    ...{ providers: ['gallery'], imagesPerCategory: 12, backbones: ['human-movenet'], curate: 'off' },
  };
  const { id } = await request<RunView>(`${lab.service.url}/api/projects/${project.id}/runs`, {
    body: settings,
  });
  const seen = new Set<string>();
  const run = await until(id, async ({ state }) => {
    for (const name of await kept(id)) if (name.endsWith('.pixels')) seen.add(name);
    return state === 'succeeded';
  });
  const { items } = await request<{ items: ImageView[] }>(
    `${lab.service.url}/api/runs/${id}/images?limit=500`,
  );
  const used = items.filter(({ state }) => state === 'kept').map(({ sha256 }) => `${sha256}.pixels`);
  expect(used.length).toBe(run.counts.kept);
  expect(used.filter((name) => !seen.has(name))).toEqual([]);
});
