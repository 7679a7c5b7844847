import { describe, expect, test } from 'vitest';
import { beginRun } from '../../../../src/cli/begin-run.js';
import { GraftClient } from '../../../../src/cli/client.js';
import { planBuild, type BuildOptions } from '../../../../src/cli/plan.js';
import type { RunView } from '../../../../src/http/api.js';
import { sendJson, serveLoopback } from './loopback.js';
import { aRun, PROJECT_ID } from './samples.js';
import { pictures, tempFolder } from './temp-folder.js';

const NEW_RUN_ID = '7d444840-9dc0-41d1-b245-5ffdce74fad2';

const provider = (id: string, enabledByDefault: boolean) => {
  return { id, title: id, homepage: 'x', terms: 'x', needs: [], enabledByDefault, offline: false };
};

interface Service {
  runs: RunView[];
  /** Own pictures of the one project there is. */
  uploads: Record<string, number>;
}

async function begin(service: Service, named: string[], options: BuildOptions, fresh = false) {
  const requests: string[] = [];
  const categories = Object.entries(service.uploads).map(([name, uploads]) => ({
    id: NEW_RUN_ID,
    name,
    uploads,
  }));
  const project = { id: PROJECT_ID, name: 'x', categories, createdAt: '2026-01-01T00:00:00.000Z' };
  const answers: Record<string, unknown> = {
    'GET /api/providers': [provider('gallery', false), provider('openverse', true)],
    'GET /api/runs': service.runs,
    [`GET /api/projects/${PROJECT_ID}`]: project,
    'POST /api/projects': project,
    [`POST /api/projects/${PROJECT_ID}/runs`]: aRun({ id: NEW_RUN_ID }),
  };
  const url = await serveLoopback((request, response) => {
    request.resume();
    const key = `${request.method} ${request.url}`;
    if (request.method === 'POST') requests.push(key.replace(PROJECT_ID, '*'));
    request.on('end', () => sendJson(response, answers[key] ?? { accepted: 1, rejected: [] }));
  });
  const notes: string[] = [];
  const progress = {
    update: () => undefined,
    note: (text: string) => void notes.push(text),
    close: () => undefined,
  };
  const run = await beginRun(new GraftClient(url), progress, await planBuild(named, options), { fresh });
  return { run, requests, notes };
}

const none = { cat: 0, dog: 0 };
const gallery: BuildOptions = { provider: ['gallery'] };

describe('beginRun', () => {
  test('creates a project and a run', async () => {
    const { run, requests } = await begin({ runs: [], uploads: none }, ['cat', 'dog'], gallery);
    expect(run.id).toBe(NEW_RUN_ID);
    expect(requests).toEqual(['POST /api/projects', 'POST /api/projects/*/runs']);
  });

  test('sends own pictures before the run starts', async () => {
    const from = tempFolder({ ...pictures('cat', 5), ...pictures('dog', 5) });
    const { requests } = await begin({ runs: [], uploads: none }, [], { from });
    expect(requests).toEqual([
      'POST /api/projects',
      'POST /api/projects/*/categories/cat/images',
      'POST /api/projects/*/categories/dog/images',
      'POST /api/projects/*/runs',
    ]);
  });

  test('goes on with an unfinished run whose backbones the service chose, and with no run of other ones', async () => {
    const settled = aRun({ settings: { ...aRun().settings, backbones: ['human-movenet'] } });
    const service = { runs: [settled], uploads: none };
    expect((await begin(service, ['cat', 'dog'], gallery)).run.id).toBe(settled.id);
    const other = { ...gallery, backbone: ['human-centernet'] };
    expect((await begin(service, ['cat', 'dog'], other)).run.id).toBe(NEW_RUN_ID);
  });

  test('goes on with the unfinished run of the same build, and says so', async () => {
    const { run, requests, notes } = await begin({ runs: [aRun()], uploads: none }, ['Dog', 'cat'], gallery);
    expect(run.id).toBe(aRun().id);
    expect(requests).toEqual([]);
    expect(notes.join()).toContain('--fresh');
  });

  test('a build that names no provider is the same as its run over the default ones', async () => {
    const unfinished = aRun({ settings: { ...aRun().settings, providers: ['openverse'] } });
    expect((await begin({ runs: [unfinished], uploads: none }, ['cat', 'dog'], {})).run.id).toBe(
      unfinished.id,
    );
  });

  test.each<[string, Service, BuildOptions, boolean]>([
    ['the run is over', { runs: [aRun({ state: 'failed' })], uploads: none }, gallery, false],
    ['the settings differ', { runs: [aRun()], uploads: none }, { ...gallery, seed: 2 }, false],
    ['the categories differ', { runs: [aRun()], uploads: { cat: 0, fox: 0 } }, gallery, false],
    ['there is one category more', { runs: [aRun()], uploads: { ...none, fox: 0 } }, gallery, false],
    ['it has own pictures', { runs: [aRun()], uploads: { cat: 3, dog: 0 } }, gallery, false],
    ['a fresh one is asked for', { runs: [aRun()], uploads: none }, gallery, true],
  ])('starts another one when %s', async (_why, service, options, fresh) => {
    expect((await begin(service, ['cat', 'dog'], options, fresh)).run.id).toBe(NEW_RUN_ID);
  });
});
