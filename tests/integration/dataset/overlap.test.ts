import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ProjectView, RunView } from '../../../src/http/api.js';
import { startPictureServer, type PictureServer } from '../../support/picture-server.js';
import {
  CACHE_DIR,
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../../support/service-process.js';

const PICTURES = 24;

let root: string;
let pictures: PictureServer;
let service: ServiceProcess;

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'graft-overlap-'));
  pictures = await startPictureServer(PICTURES);
  service = await startServiceProcess(path.join(root, 'data'), {
    GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(','),
  });
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await pictures.close();
  await rm(root, { recursive: true, force: true });
});

const blank = (): Promise<Buffer> =>
  sharp({ create: { width: 96, height: 96, channels: 3, background: 'white' } })
    .png()
    .toBuffer();

async function until(id: string, isSo: (run: RunView) => boolean): Promise<RunView> {
  for (;;) {
    const run = await request<RunView>(`${service.url}/api/runs/${id}`);
    if (isSo(run)) return run;
    if (isOver(run)) throw new Error(`the run is over: ${JSON.stringify(run.error)}`);
    await wait(100);
  }
}

test('pictures are looked at while others are on their way, and their pixels are gone when features are there', async () => {
  const white = await blank();
  pictures.failing.set('/0.png', (response) =>
    response.writeHead(200, { 'content-type': 'image/png' }).end(white),
  );
  const held: ServerResponse[] = [];
  pictures.failing.set('/1.png', (response) => void held.push(response));
  const { id: project } = await request<ProjectView>(`${service.url}/api/projects`, {
    body: { categories: ['even', 'odd'] },
  });
  const rows = pictures.urls.map((url, at) => ({ category: at % 2 ? 'odd' : 'even', url }));
  await request(`${service.url}/api/projects/${project}/urls`, { body: { rows } });
  const { id } = await request<RunView>(`${service.url}/api/projects/${project}/runs`, {
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
