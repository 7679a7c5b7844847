import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type {
  ImageView,
  ModelView,
  PredictResponse,
  Problem,
  ProjectView,
  Report,
  RetrainingView,
  RunView,
} from '../../src/http/api.js';
import type { AddedTexts } from '../../src/http/api/texts.js';
import {
  followRun,
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.js';
import { LABELLED, sentences, UNLABELLED } from '../support/moods.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { tinyMirror } from '../support/tiny-encoder.js';
import { graft } from '../support/graft-process.js';

/** The last is a sentence encoder of a mirror. */
const BACKBONES = ['ngrams', 'skip-gram-50', 'subwords-100', 'tiny-bert'];

const MOODS = ['positive', 'negative'] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let service: ServiceProcess;
let api: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const mirror = join(folder.path, 'mirror');
  await mkdir(mirror);
  for (const [name, bytes] of tinyMirror()) await writeFile(join(mirror, name), bytes);
  service = await startServiceProcess(join(folder.path, 'data'), {
    GRAFT_CACHE_DIR: join(folder.path, 'cache'),
    GRAFT_ZOO_MIRROR: mirror,
  });
  api = `${service.url}/api`;
});
afterAll(async () => {
  await service.kill('SIGTERM');
  await folder.remove();
});

const post = (path: string, body: unknown): Promise<Response> =>
  fetch(`${api}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

const problemOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as Problem).code,
];

test('over HTTP: labelled and unlabelled texts to a model that predicts texts; bad ones are counted by reason', async () => {
  const body = { categories: ['positive', 'negative'], modality: 'text' };
  const project = await request<ProjectView>(`${api}/projects`, { body });
  expect(project.modality).toBe('text');
  const bad = [
    { label: 'positive', text: '   ' },
    { label: 'positive', text: '— … —' },
    { label: 'negative', text: 'x'.repeat(70_000) },
    { label: 'positive', text: (LABELLED[0]?.text ?? '').toUpperCase() },
    { label: 'negative', text: 'it says the same under both labels' },
    { label: 'positive', text: 'it says the same, under both labels.' },
    { label: 'neutral', text: 'no such label' },
  ].map((row, i) => ({ ...row, place: `bad ${i}` }));
  const labelled = [...LABELLED.map((row, i) => ({ ...row, place: `line ${i}` })), ...bad];
  const added = await request<AddedTexts>(`${api}/projects/${project.id}/texts`, {
    body: { labelled, unlabelled: [...UNLABELLED, ' '] },
  });
  expect(added).toMatchObject({ labelled: 66, unlabelled: UNLABELLED.length });
  expect(added.rejected).toEqual([expect.objectContaining({ place: 'bad 6', reason: 'unknown-label' })]);

  const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
    body: { backbones: BACKBONES },
  });
  const run = await followRun(service.url, started.id, isOver);
  expect(run.error).toBeNull();
  expect(run.counts.dropped).toEqual({
    ...{ empty: 1, 'no-words': 1, 'too-long': 1, 'exact-duplicate': 1, 'cross-category': 2 },
  });
  const report = await request<Report>(`${api}/runs/${run.id}/report`);
  expect(new Set(report.trials.map(({ backbone }) => backbone))).toEqual(new Set(BACKBONES));
  const depths = report.trials.filter(({ backbone }) => backbone === 'tiny-bert').map(({ tap }) => tap);
  expect(depths).toEqual(expect.arrayContaining(['class-01', 'block-01', 'block-02']));
  expect(report.selected.test.accuracy).toBeGreaterThan(0.8);
  expect(report.split.train + report.split.validation + report.split.test).toBe(60);

  const predict = `/models/${run.modelId}/predict`;
  const one = await request<PredictResponse>(`${api}${predict}`, {
    body: { text: 'a superb and lovely plot' },
  });
  expect(one.predictions).toEqual([expect.objectContaining({ label: 'positive' })]);
  const texts = ['the cast was dreadful and boring', '', 'a wonderful, excellent story'];
  const several = await request<PredictResponse>(`${api}${predict}`, { body: { texts } });
  expect(several.predictions).toEqual([
    expect.objectContaining({ label: 'negative' }),
    expect.objectContaining({ error: expect.objectContaining({ code: 'empty' }) as unknown }),
    expect.objectContaining({ label: 'positive' }),
  ]);
  expect(await problemOf(await post(predict, { text: '' }))).toEqual([422, 'bad-text']);
  expect((await post(predict, { texts: [] })).status).toBe(400);
});

const readFileOf = (name: string, content: string, kind = 'labelled'): Promise<Response> => {
  const body = new FormData();
  body.append('file', new Blob([content]), name);
  return fetch(`${api}/texts/read?kind=${kind}`, { method: 'POST', body });
};

test('a file of texts is read by the service as the command line reads it, and kept nowhere', async () => {
  const csv = 'label,text\npos,"good, ""really"""\nneg,\n';
  expect(await (await readFileOf('a.csv', csv)).json()).toEqual({
    labelled: [{ label: 'pos', text: 'good, "really"', place: 'line 2' }],
    unlabelled: [],
    leftOut: ['line 3 (no text)'],
  });
  expect(await (await readFileOf('more.txt', 'one\n\ntwo\n', 'unlabelled')).json()).toMatchObject({
    unlabelled: ['one', 'two'],
  });
  expect(await problemOf(await readFileOf('a.csv', 'mood,sentence\ngood,yes\n'))).toEqual([
    422,
    'wrong-header',
  ]);
  expect((await readFileOf('a.csv', 'x'.repeat(17 * 1024 * 1024))).status).toBe(413);
  expect(await problemOf(await post('/texts/read', {}))).toEqual([400, 'no-file']);
});

test('a project of texts is kept fresh: it learns anew when there are more, and the better model answers', async () => {
  const body = { categories: ['positive', 'negative'], modality: 'text' };
  const project = await request<ProjectView>(`${api}/projects`, { body });
  const texts = (['positive', 'negative'] as const).flatMap((mood) =>
    sentences(mood, 120).map((text, i) => ({ text, mood, i })),
  );
  const add = (labelled: { label: string; text: string }[]): Promise<AddedTexts> =>
    request(`${api}/projects/${project.id}/texts`, { body: { labelled } });
  // The first ones were labelled by somebody who did not look.
  const careless = texts.filter(({ i }) => i < 20);
  await add(careless.map(({ text, i }) => ({ text, label: i % 2 === 0 ? 'positive' : 'negative' })));
  const settings = { backbones: ['ngrams'] };
  const started = await request<RunView>(`${api}/projects/${project.id}/runs`, { body: settings });
  expect((await followRun(service.url, started.id, isOver)).error).toBeNull();
  await add(texts.filter(({ i }) => i >= 20).map(({ text, mood }) => ({ text, label: mood })));

  const begun = await request<RetrainingView>(`${api}/projects/${project.id}/retrain`, { body: {} });
  const retraining = await vi.waitFor(
    async () => {
      const now = await request<RetrainingView>(`${api}/retrainings/${begun.id}`);
      expect(['queued', 'training']).not.toContain(now.state);
      return now;
    },
    { timeout: 120_000, interval: 200 },
  );
  expect([retraining.state, retraining.error]).toEqual(['promoted', null]);
  const { verdict, runId } = retraining;
  const run = await request<RunView>(`${api}/runs/${runId}`);
  expect([run.settings.modality, run.counts.kept]).toEqual(['text', 240]);
  const report = await request<Report>(`${api}/runs/${runId}/report`);
  expect(verdict?.pictures).toBe(report.split.test);
  expect(verdict?.challenger.accuracy).toBeGreaterThan((verdict?.champion.accuracy ?? 1) + 0.1);
  expect(verdict?.reasons.join()).not.toMatch(/picture/);
  const champion = await request<ModelView>(`${api}/models/${project.id}:champion`);
  expect(champion).toMatchObject({ version: 2, modality: 'text' });

  // A backbone that was never tried, alone, on the same texts.
  const one = await request<RetrainingView>(`${api}/projects/${project.id}/retrain`, {
    body: { backbones: ['tiny-bert'] },
  });
  await vi.waitFor(
    async () => {
      const now = await request<RetrainingView>(`${api}/retrainings/${one.id}`);
      expect([now.state, now.error]).toEqual(['refused', null]);
    },
    { timeout: 120_000, interval: 200 },
  );
  expect((await request<ModelView>(`${api}/models/${project.id}:champion`)).version).toBe(2);
});

test('texts under the wrong label are found for a person to look at, and only those', async () => {
  const project = await request<ProjectView>(`${api}/projects`, {
    body: { categories: ['positive', 'negative'], modality: 'text' },
  });
  const labelled = MOODS.flatMap((mood, which) =>
    sentences(mood, 120).map((text, i) => ({
      text,
      label: i % 10 === 3 ? (MOODS[1 - which] ?? mood) : mood,
      place: `${i % 10 === 3 ? 'wrong' : 'right'} ${mood} ${i}`,
    })),
  );
  await request<AddedTexts>(`${api}/projects/${project.id}/texts`, { body: { labelled } });
  const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
    body: { backbones: ['ngrams'] },
  });
  const run = await followRun(service.url, started.id, isOver);
  expect(run.error).toBeNull();
  const doubted = await request<{ items: ImageView[] }>(`${api}/runs/${run.id}/images?doubt=any&limit=100`);
  expect(doubted.items.filter(({ title }) => !title?.startsWith('wrong'))).toEqual([]);
  expect(doubted.items.length).toBeGreaterThan(12);
  // They are a person's own: nobody else drops them.
  expect(run.counts.kept).toBe(240);
  const { diagnosis } = await request<Report>(`${api}/runs/${run.id}/report`);
  expect(diagnosis).toContainEqual(expect.objectContaining({ code: 'label-errors', blames: 'data' }));
});

test('what cannot make a classifier of texts is refused at once', async () => {
  const pictures = await request<ProjectView>(`${api}/projects`, { body: { categories: ['a', 'b'] } });
  const texts = { labelled: [{ label: 'a', text: 'x' }] };
  expect(await problemOf(await post(`/projects/${pictures.id}/texts`, texts))).toEqual([
    409,
    'not-about-texts',
  ]);
  const body = { categories: ['a', 'b'], modality: 'text' };
  const project = await request<ProjectView>(`${api}/projects`, { body });
  const start = (settings: object) => post(`/projects/${project.id}/runs`, settings);
  expect(await problemOf(await start({}))).toEqual([422, 'too-few-texts']);
  expect(await problemOf(await start({ providers: ['openverse'] }))).toEqual([400, 'no-text-providers']);
});

test('the command line: build from CSV, predict and serve the package', async () => {
  const csv = join(folder.path, 'labelled.csv');
  const out = join(folder.path, 'package');
  await writeFile(csv, `label,text\n${LABELLED.map(({ label, text }) => `${label},"${text}"`).join('\n')}\n`);
  const more = join(folder.path, 'more.txt');
  await writeFile(more, UNLABELLED.join('\n'));
  const env = { GRAFT_DATA_DIR: join(folder.path, 'data'), GRAFT_CACHE_DIR: join(folder.path, 'cache') };
  const from = ['--from', csv, '--unlabelled', more, '--out', out];
  const built = await graft(['build', '--modality', 'text', ...from, '--backbone', 'ngrams'], env);
  expect(built).toMatchObject({ code: 0 });
  expect(built.stdout).toContain('texts');
  expect(built.stdout + built.stderr).not.toMatch(/picture|image/i);

  const text = 'a great, superb ending';
  const said = await graft(['predict', '--package', out, '--text', text, '--text', '', '--json'], env);
  expect(said.code).not.toBe(0);
  const [first, second] = JSON.parse(said.stdout) as [{ label: string; probabilities: object }, object];
  expect(first.label).toBe('positive');
  expect(second).toMatchObject({ error: { code: 'empty' } });
  const replayed = await graft(['package', 'verify', out, '--json'], env);
  expect(replayed.code).toBe(0);
  expect(JSON.parse(replayed.stdout)).toMatchObject({ holds: true });
});
