import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImageView, ListedUrls, ProjectView, RunView } from '../../src/http/api.js';
import { createRng } from '../../zoo/rng.js';
import { startPictureServer, type PictureServer } from '../support/picture-server.js';
import {
  followRun,
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const PICTURES = 500;
const KILLS = 20;
const SEED = 20;
/** More than the crawler has in hand at once. */
const ON_ITS_WAY = 50;
/** The crawl is over here; the search for a model is not what is tested. */
const AFTER_CRAWL = ['split', 'features', 'trials', 'package'];

let server: PictureServer;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  server = await startPictureServer(PICTURES);
  cleanups.push(server.close);
});
afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean();
});

const start = (dataDir: string): Promise<ServiceProcess> =>
  startServiceProcess(dataDir, { GRAFT_ALLOW_PRIVATE_HOSTS: server.hosts.join(',') });

async function begin(url: string): Promise<string> {
  const project = await request<ProjectView>(`${url}/api/projects`, {
    body: { categories: ['even', 'odd'] },
  });
  const rows = server.urls.map((address, n) => ({ category: n % 2 ? 'odd' : 'even', url: address }));
  const listed = await request<ListedUrls>(`${url}/api/projects/${project.id}/urls`, { body: { rows } });
  expect(listed).toEqual({ accepted: PICTURES, rejected: [] });
  const body = { backbones: ['nsfwjs-mobilenet-v2'] };
  return (await request<RunView>(`${url}/api/projects/${project.id}/runs`, { body })).id;
}

async function crawlEnded(url: string, runId: string): Promise<RunView> {
  const run = await followRun(url, runId, (view) => AFTER_CRAWL.includes(view.stage) || isOver(view));
  expect(run.error).toBeNull();
  return run;
}

/** Address, content and fate of every picture. */
async function fates(url: string, runId: string): Promise<string[]> {
  const { items } = await request<{ items: ImageView[] }>(`${url}/api/runs/${runId}/images?limit=500`);
  return items
    .map(({ category, imageUrl, sha256, state, reason }) =>
      [category, imageUrl, sha256, state, reason].join(' '),
    )
    .sort();
}

/** Paths of the pictures whose record is committed. */
async function finishedPaths(url: string, runId: string): Promise<string[]> {
  const { items } = await request<{ items: ImageView[] }>(`${url}/api/runs/${runId}/images?limit=500`);
  return items.filter(({ sha256 }) => sha256 !== null).map(({ imageUrl }) => new URL(imageUrl).pathname);
}

/** Shoots the process at the n-th request for a picture from now: before its answer, amid others, after some. */
function shootAt(service: ServiceProcess, moment: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    server.onRequest = () => {
      if (++seen === moment) resolve(service.kill('SIGKILL'));
    };
  });
}

test('twenty kills at random moments lose nothing and download nothing twice', async () => {
  const calm = await temporaryFolder();
  cleanups.push(calm.remove);
  const undisturbed = await start(calm.path);
  cleanups.push(() => undisturbed.kill('SIGKILL'));
  const calmRun = await begin(undisturbed.url);
  await crawlEnded(undisturbed.url, calmRun);
  const expected = await fates(undisturbed.url, calmRun);
  await undisturbed.kill('SIGKILL');
  expect(expected).toHaveLength(PICTURES);
  expect(expected.filter((fate) => / kept $/.test(fate)).length).toBeGreaterThan(PICTURES * 0.9);
  expect([...server.requests.values()]).toEqual(Array.from({ length: PICTURES }, () => 1));

  const folder = await temporaryFolder();
  cleanups.push(folder.remove);
  const rng = createRng(SEED);
  let service = await start(folder.path);
  cleanups.push(() => service.kill('SIGKILL'));
  const before = new Map(server.requests);
  /** How often each finished picture had been asked for when the process was shot that had finished it. */
  const finishedAt = new Map<string, number>();
  const runId = await begin(service.url);
  const shots: number[] = [];
  while (shots.length < KILLS) {
    const left = PICTURES - finishedAt.size;
    // Spread over what is left, but never so late that the rest might be on its way already and no request come.
    const latest = Math.min(left - ON_ITS_WAY, Math.ceil((2 * left) / (KILLS - shots.length)));
    const moment = 1 + rng.int(Math.max(1, latest));
    const shot = shootAt(service, moment);
    await Promise.race([shot, crawlEnded(service.url, runId).catch(() => shot)]);
    expect(service.process.signalCode).toBe('SIGKILL');
    shots.push(moment);
    const counts = new Map(server.requests);
    const release = server.hold(); // what is finished now is what the dead process had finished
    service = await start(folder.path);
    for (const path of await finishedPaths(service.url, runId))
      if (!finishedAt.has(path)) finishedAt.set(path, counts.get(path) ?? 0);
    release();
  }
  expect(finishedAt.size).toBeGreaterThan(PICTURES / 4);
  server.onRequest = () => undefined;
  const run = await crawlEnded(service.url, runId);
  expect(run.counts.candidates).toBe(PICTURES);
  expect(await fates(service.url, runId)).toEqual(expected);
  await service.kill('SIGKILL');
  const twice = [...finishedAt].filter(([path, count]) => server.requests.get(path) !== count);
  expect(twice).toEqual([]);
  const downloads = [...server.requests].map(([path, count]) => count - (before.get(path) ?? 0));
  const total = downloads.reduce((sum, count) => sum + count, 0);
  console.log(
    `${KILLS} kills after ${shots.join(', ')} requests; ${finishedAt.size} pictures finished before the last kill, ` +
      `none asked for again; ${total - PICTURES} downloads of unfinished ones repeated`,
  );
});
