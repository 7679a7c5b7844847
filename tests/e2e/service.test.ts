import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ImageView,
  ModelView,
  PredictResponse,
  Problem,
  ProjectView,
  Report,
  RunView,
  UploadResult,
} from '../../src/http/api.js';
import { reportSchema, type PredictionPage } from '../../src/http/api.js';
import { oddPictures, texturedPicture } from '../support/odd-pictures.js';
import { startGraft } from '../support/graft-process.js';
import { postgresUrl, temporaryDatabase } from '../support/postgres.js';
import { predicted } from '../support/predicted.js';
import { startS3 } from '../support/s3-server.js';
import {
  followRun,
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeZip } from '../support/make-zip.js';

const HUES = { blue: 220, red: 0 };
const PER_CATEGORY = 14;

interface Page {
  total: number;
  items: ImageView[];
}

async function upload(url: string, files: { name: string; bytes: Uint8Array }[]): Promise<UploadResult> {
  const form = new FormData();
  for (const { name, bytes } of files) form.append('files', new Blob([Uint8Array.from(bytes)]), name);
  const response = await fetch(url, { method: 'POST', body: form });
  expect(response.status).toBe(201);
  return (await response.json()) as UploadResult;
}

/** fetch does not let a caller choose the Host header; node:http does. */
async function answerTo(url: string, headers: Record<string, string>): Promise<number | undefined> {
  const [response] = (await once(get(url, { headers }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toContain('application/problem+json');
  return (await response.json()) as Problem;
}

const post = (url: string, body: unknown): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

type Cleanups = (() => Promise<unknown>)[];

/** One process with all it needs inside, as `npm start` starts it. */
async function startAlone(cleanups: Cleanups, env: Record<string, string>): Promise<ServiceProcess> {
  const folder = await temporaryFolder();
  cleanups.push(() => folder.remove());
  const service = await startServiceProcess(folder.path, env);
  cleanups.push(() => service.kill('SIGTERM'));
  return service;
}

/** PostgreSQL, object storage, a service that only answers and a worker, each a process with a disk of its own. */
async function startSpread(cleanups: Cleanups, env: Record<string, string>): Promise<ServiceProcess> {
  const [database, s3, folder] = await Promise.all([temporaryDatabase(), startS3(), temporaryFolder()]);
  cleanups.push(
    () => folder.remove(),
    () => s3.close(),
    () => database.remove(),
  );
  const all = { ...env, ...s3.env, DATABASE_URL: database.url, GRAFT_LEASE_SECONDS: '2' };
  const service = await startServiceProcess(join(folder.path, 'api'), { ...all, GRAFT_ROLE: 'api' });
  cleanups.push(() => service.kill('SIGTERM'));
  const worker = startGraft(['worker', '--data-dir', join(folder.path, 'worker')], all);
  cleanups.push(() => {
    worker.child.kill('SIGTERM');
    return worker.ended();
  });
  await worker.printed('stdout', /works on/);
  return service;
}

const hasPostgres = (await postgresUrl()) !== null;
if (!hasPostgres) console.warn('SKIPPED: no PostgreSQL here; on Debian: apt-get install postgresql');

describe.each([
  { place: 'of one process', start: startAlone, isPossible: true },
  { place: 'with PostgreSQL, object storage and a worker', start: startSpread, isPossible: hasPostgres },
])('the service over HTTP, $place', ({ start, isPossible }) => {
  if (!isPossible) return it.skip('takes PostgreSQL');
  const cleanups: Cleanups = [];
  let pictures: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceProcess;
  let api: string;

  beforeAll(async () => {
    pictures = await temporaryFolder();
    cleanups.push(() => pictures.remove());
    service = await start(cleanups, { GRAFT_FOLDER: pictures.path });
    api = `${service.url}/api`;
  });
  afterAll(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
  });

  describe('with own pictures, some of them bad', () => {
    let project: ProjectView;
    let run: RunView;
    let report: Report;
    const odd = oddPictures();

    beforeAll(async () => {
      project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['blue', 'red'] } });
      for (const [category, hue] of Object.entries(HUES)) {
        const pictures = Array.from({ length: PER_CATEGORY }, async (_, i) => ({
          name: `${category}-${i}.png`,
          bytes: await texturedPicture(hue * 1000 + i + 1, { hue }),
        }));
        await upload(
          `${api}/projects/${project.id}/categories/${category}/images`,
          await Promise.all(pictures),
        );
      }
      const files = (await odd).map(({ file, bytes }) => ({ name: file, bytes }));
      expect(await upload(`${api}/projects/${project.id}/categories/blue/images`, files)).toEqual({
        accepted: files.length,
        rejected: [],
      });
      const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
        body: { seed: 3, backbones: ['nsfwjs-mobilenet-v2'] },
      });
      run = await followRun(service.url, started.id, isOver);
      expect(run.error).toBeNull();
      report = await request<Report>(`${api}/runs/${run.id}/report`);
    });

    it('counts each bad picture under its reason and loses no good one', async () => {
      const page = await request<Page>(`${api}/runs/${run.id}/images?category=blue&limit=500`);
      const reasonOf = new Map(page.items.map((image) => [image.title, image.reason]));
      for (const { file, reason } of await odd) expect([file, reasonOf.get(file)]).toEqual([file, reason]);
      const dropped = (await odd).filter(({ reason }) => reason !== null);
      const { counts } = report;
      expect(counts.candidates).toBe(2 * PER_CATEGORY + (await odd).length);
      expect(counts.kept).toBe(counts.candidates - dropped.length);
      expect(Object.values(counts.dropped).reduce((sum, count) => sum + count, 0)).toBe(dropped.length);
    });

    it('says how many more pictures would help, and what it takes for what, picture by picture', async () => {
      const { learningCurve, confusion, selected } = report;
      expect(learningCurve?.points.length).toBeGreaterThan(0);
      expect(learningCurve?.categories.map(({ category }) => category)).toEqual(report.categories);
      const { train, validation } = report.split;
      expect(confusion?.pictures).toBe(train + validation);
      const right = confusion?.counts.reduce((sum, row, at) => sum + (row[at] ?? 0), 0) ?? 0;
      expect(right / (train + validation)).toBeCloseTo(selected.validation.accuracy, 10);
      const of = (query: string) =>
        request<PredictionPage>(`${api}/runs/${report.runId}/predictions?${query}`);
      const [first = '', second = ''] = report.categories;
      expect((await of('wrong=false')).total).toBe(right);
      const cell = await of(`truth=${first}&predicted=${second}`);
      expect(cell.total).toBe(confusion?.counts[0]?.[1]);
      const [one] = (await of(`truth=${first}&predicted=${first}`)).items;
      const picture = await fetch(`${api}/images/${one?.imageId}/content`);
      expect(picture.headers.get('content-type')).toMatch(/^image\//);
      expect((await fetch(`${api}/runs/${report.runId}/predictions?truth=unicorn`)).status).toBe(404);
    });

    it('reports in the documented shape, with a split that holds every kept picture once', () => {
      expect(reportSchema.parse(report)).toEqual(report);
      const { train, validation, test } = report.split;
      expect(train + validation + test).toBe(report.counts.kept);
      expect(report.selected.test.count).toBe(test);
      expect(report.selected.cost.trainableParams).toBeGreaterThan(0);
      expect(report.selected.cost.totalParams).toBeGreaterThan(report.selected.cost.trainableParams);
    });

    it('tells red from blue, so its test accuracy is near 1', () => {
      expect(report.selected.test.accuracy).toBeGreaterThanOrEqual(0.8);
    });

    it('lists pictures by state and reason, and gives their bytes back', async () => {
      const dropped = await request<Page>(`${api}/runs/${run.id}/images?state=dropped`);
      expect(dropped.total).toBe(Object.values(report.counts.dropped).reduce((sum, count) => sum + count, 0));
      const kept = await request<Page>(`${api}/runs/${run.id}/images?state=kept&limit=1`);
      const [image] = kept.items;
      const content = await fetch(`${api}/images/${image?.id}/content`);
      expect(content.headers.get('content-type')).toBe('image/png');
      expect(content.headers.get('content-security-policy')).toContain('sandbox');
    });

    it('never serves an uploaded SVG as something a browser would run', async () => {
      const page = await request<Page>(`${api}/runs/${run.id}/images?reason=unsupported`);
      const content = await fetch(`${api}/images/${page.items[0]?.id}/content`);
      expect(content.headers.get('content-type')).toBe('application/octet-stream');
    });

    it('predicts raw bytes and forms alike, and the packaged file agrees with it', async () => {
      const bytes = await texturedPicture(777, { hue: HUES.red });
      const model = await request<ModelView>(`${api}/models/champion`);
      expect(model.runId).toBe(run.id);
      const raw = await fetch(`${api}/models/champion/predict`, {
        method: 'POST',
        body: Uint8Array.from(bytes),
        headers: { 'content-type': 'image/png' },
      });
      const rawAnswer = (await raw.json()) as PredictResponse;
      const [fromRaw] = predicted(rawAnswer);
      expect(rawAnswer).toMatchObject({ model: model.id, version: model.version, dataset: report.dataset });
      const form = new FormData();
      form.append('file', new Blob([Uint8Array.from(bytes)]), 'ünder.png');
      const [fromForm] = predicted(
        (await (
          await fetch(`${api}/models/${model.id}/predict`, { method: 'POST', body: form })
        ).json()) as PredictResponse,
      );
      expect(fromForm?.file).toBe('ünder.png');
      expect(fromForm?.probabilities).toEqual(fromRaw?.probabilities);
      expect(fromRaw?.label).toBe('red');
      const total = Object.values(fromRaw?.probabilities ?? {}).reduce((sum, p) => sum + p, 0);
      expect(total).toBeCloseTo(1, 4);
      const { openPackage } = await import('../../zoo/index.js');
      const direct = await openPackage(report.package);
      const [prediction] = await direct.predict([bytes]);
      for (const [label, p] of Object.entries(fromRaw?.probabilities ?? {})) {
        expect(prediction?.probabilities[label]).toBeCloseTo(p, 4);
      }
      await direct.close();
    });

    it('gives the package file by file, and nothing outside it', async () => {
      const model = await request<ModelView>(`${api}/models/champion`);
      expect(model.files).toContain('model.onnx');
      const served = Buffer.from(
        await (await fetch(`${api}/models/champion/package/model.onnx`)).arrayBuffer(),
      );
      expect(served.equals(await readFile(join(report.package, 'model.onnx')))).toBe(true);
      for (const path of [
        '..%2f..%2fholder.json',
        '..%5c..%5cholder.json',
        '%252e%252e%252fholder.json',
        'nothing.bin',
      ]) {
        expect((await fetch(`${api}/models/champion/package/${path}`)).status).toBe(404);
      }
    });

    it('answers a picture that is none with what is wrong', async () => {
      const response = await fetch(`${api}/models/champion/predict`, {
        method: 'POST',
        body: 'hello',
        headers: { 'content-type': 'image/jpeg' },
      });
      expect(response.status).toBe(422);
      expect((await problemOf(response)).code).toBe('bad-picture');
    });
  });

  it('unpacks a zip: escapes, links and bombs are refused by name, the rest is kept', async () => {
    const project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['a', 'b'] } });
    const zip = makeZip([
      { name: 'fine/one.png', data: await texturedPicture(1) },
      { name: '__MACOSX/fine/._one.png', data: Buffer.from('x') },
      { name: 'link.png', data: Buffer.from('/etc/passwd'), unixMode: 0o120777 },
      { name: 'two.png', data: await texturedPicture(2) },
    ]);
    const result = await upload(`${api}/projects/${project.id}/categories/a/images`, [
      { name: 'all.zip', bytes: zip },
    ]);
    expect(result.accepted).toBe(2);
    expect(result.rejected).toEqual([expect.objectContaining({ file: 'link.png', reason: 'link' })]);
    const escaping = makeZip([
      { name: 'three.png', data: await texturedPicture(3) },
      { name: '../../escape.png', data: await texturedPicture(4) },
    ]);
    const second = await upload(`${api}/projects/${project.id}/categories/a/images`, [
      { name: 'escape.zip', bytes: escaping },
    ]);
    expect(second.accepted).toBe(1);
    expect(second.rejected[0]?.reason).toBe('bad-zip');
    const lying = makeZip([{ name: 'lie.png', data: Buffer.alloc(60 * 1024 * 1024), claimedSize: 1000 }]);
    const third = await upload(`${api}/projects/${project.id}/categories/a/images`, [
      { name: 'lie.zip', bytes: lying },
    ]);
    expect(third).toEqual({ accepted: 0, rejected: [expect.objectContaining({ reason: 'bad-zip' })] });
    const notZip = await upload(`${api}/projects/${project.id}/categories/a/images`, [
      { name: 'not.zip', bytes: Buffer.from('hello') },
    ]);
    expect(notZip.rejected[0]?.reason).toBe('bad-zip');
  });

  it.each([
    [['one'], /At least 2 different categories/],
    [['Cat', ' cat '], /cat/i],
    [[], /At least 2/],
    [['a', ''], /empty/],
  ])('refuses the categories %j before any work', async (categories, message) => {
    const response = await post(`${api}/projects`, { categories });
    expect(response.status).toBe(422);
    const problem = await problemOf(response);
    expect(problem.detail).toMatch(message);
    expect(problem.fix).toBeTruthy();
  });

  it('refuses four pictures in all before any long work, saying what is needed', async () => {
    const project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['a', 'b'] } });
    for (const category of ['a', 'b']) {
      const files = await Promise.all(
        [1, 2].map(async (i) => ({ name: `${i}.png`, bytes: await texturedPicture(i) })),
      );
      await upload(`${api}/projects/${project.id}/categories/${category}/images`, files);
    }
    const response = await post(`${api}/projects/${project.id}/runs`, {});
    expect(response.status).toBe(422);
    expect((await problemOf(response)).detail).toMatch(/at least \d+ different pictures.*a has 2, b has 2/);
  });

  it('answers unknown things, bad bodies and bad settings with problem details', async () => {
    const nowhere = '00000000-0000-4000-8000-000000000000';
    expect((await problemOf(await fetch(`${api}/runs/${nowhere}`))).code).toBe('not-found');
    expect((await problemOf(await fetch(`${api}/runs/not-a-uuid`))).status).toBe(400);
    expect((await problemOf(await fetch(`${api}/nowhere`))).status).toBe(404);
    const broken = await fetch(`${api}/projects`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"categories": [',
    });
    expect((await problemOf(broken)).status).toBe(400);
    const project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['a', 'b'] } });
    const bad = await post(`${api}/projects/${project.id}/runs`, { imagesPerCategory: -3 });
    expect((await problemOf(bad)).detail).toContain('imagesPerCategory');
    const provider = await problemOf(
      await post(`${api}/projects/${project.id}/runs`, { providers: ['altavista'] }),
    );
    expect(provider.fix).toContain('gallery');
  });

  it('cancels a run, keeps it cancelled, and goes on with it when asked', async () => {
    const project = await request<ProjectView>(`${api}/projects`, {
      body: { categories: ['drink', 'building'] },
    });
    const settings = {
      providers: ['gallery'],
      imagesPerCategory: 16,
      seed: 1,
      backbones: ['nsfwjs-mobilenet-v2'],
    };
    const started = await request<RunView>(`${api}/projects/${project.id}/runs`, { body: settings });
    await followRun(service.url, started.id, (run) => run.state === 'running' && run.stage !== 'search');
    const cancelled = await request<RunView>(`${api}/runs/${started.id}/cancel`, { method: 'POST' });
    expect(cancelled.state).toBe('cancelled');
    expect((await post(`${api}/runs/${started.id}/cancel`, {})).status).toBe(409);
    await request<RunView>(`${api}/runs/${started.id}/resume`, { method: 'POST' });
    const over = await followRun(service.url, started.id, isOver);
    expect([over.state, over.error]).toEqual(['succeeded', null]);
    expect(over.counts.kept).toBeGreaterThanOrEqual(32);
  });

  it('reads a folder that the environment names in place, as the provider folder', async () => {
    for (const [category, hue] of Object.entries(HUES)) {
      await mkdir(join(pictures.path, category));
      for (let i = 0; i < 8; i++) {
        const bytes = await texturedPicture(hue * 2000 + i + 5, { hue });
        await writeFile(join(pictures.path, category, `${i}.png`), bytes);
      }
    }
    const project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['blue', 'red'] } });
    const settings = { providers: ['folder'], imagesPerCategory: 8, backbones: ['nsfwjs-mobilenet-v2'] };
    const started = await request<RunView>(`${api}/projects/${project.id}/runs`, { body: settings });
    const over = await followRun(service.url, started.id, isOver);
    expect([over.state, over.error]).toEqual(['succeeded', null]);
    expect(over.counts).toEqual({ candidates: 16, fetched: 16, kept: 16, dropped: {} });
  });

  it('says plainly why there is nothing when a provider cannot be reached', async () => {
    const project = await request<ProjectView>(`${api}/projects`, { body: { categories: ['cat', 'dog'] } });
    const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
      body: { providers: ['openverse'] },
    });
    const over = await followRun(service.url, started.id, isOver);
    expect(over.state).toBe('failed');
    expect(over.error?.message).toMatch(/openverse.*api\.openverse\.org/i);
    expect(over.error?.fix).toMatch(/--provider gallery.*--from DIR/);
  });

  it('keeps web pages from driving it: foreign origins and rebound names are refused', async () => {
    const foreign = await fetch(`${api}/projects`, { headers: { origin: 'https://evil.example' } });
    expect((await problemOf(foreign)).code).toBe('cross-site');
    const own = await fetch(`${api}/projects`, { headers: { origin: service.url } });
    expect(own.status).toBe(200);
    const rebound = await answerTo(`${api}/projects`, { host: 'evil.example' });
    expect(rebound).toBe(403);
  });

  it('serves an OpenAPI document that is generated, and names every route', async () => {
    const document = await request<{ paths: Record<string, unknown> }>(`${api}/docs-json`);
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        '/api/projects',
        '/api/projects/{projectId}/runs',
        '/api/runs/{runId}/events',
        '/api/models/{model}/predict',
      ]),
    );
    expect((await fetch(`${api}/docs`)).status).toBe(200);
  });
});
