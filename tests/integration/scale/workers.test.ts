import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ModelView, ProjectView, Report, RetrainingView, RunView } from '../../../src/http/api.js';
import { startGraft, type GraftProcess } from '../../support/graft-process.js';
import { startPictureServer, type PictureServer } from '../../support/picture-server.js';
import { postgresUrl, temporaryDatabase } from '../../support/postgres.js';
import { startS3 } from '../../support/s3-server.js';
import { followRun, isOver, request, startServiceProcess } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const PICTURES = 60;
const CATEGORIES = ['even', 'odd'];
const present = (await postgresUrl()) !== null;
if (!present) console.warn('SKIPPED: no PostgreSQL here; on Debian: apt-get install postgresql');

const essence = ({ counts, split, trials, selected }: Report): unknown => ({
  counts,
  split,
  trials: trials.map(({ backbone, tap, head, params, validation }) => ({
    backbone,
    tap,
    head,
    params,
    validation,
  })),
  selected: [selected.backbone, selected.tap, selected.head, selected.validation, selected.test],
});

/** The service, its workers, PostgreSQL and object storage, each a process of its own with a disk of its own. */
describe.runIf(present)('a service whose work is done elsewhere', () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let pictures: PictureServer;
  let undisturbed: Report;
  afterAll(async () => {
    for (const clean of cleanups.reverse()) await clean();
  });

  const folder = async (): Promise<string> => {
    const made = await temporaryFolder();
    cleanups.push(made.remove);
    return made.path;
  };

  const begin = async (url: string): Promise<string> => {
    const project = await request<ProjectView>(`${url}/api/projects`, { body: { categories: CATEGORIES } });
    const rows = pictures.urls.map((imageUrl, at) => ({ category: CATEGORIES[at % 2], url: imageUrl }));
    await request(`${url}/api/projects/${project.id}/urls`, { body: { rows } });
    const settings = { providers: [], seed: 3, backbones: ['nsfwjs-mobilenet-v2'], curate: 'off' };
    return (await request<RunView>(`${url}/api/projects/${project.id}/runs`, { body: settings })).id;
  };

  const finish = async (url: string, runId: string): Promise<Report> => {
    const run = await followRun(url, runId, isOver);
    expect(run.error).toBeNull();
    return request<Report>(`${url}/api/runs/${runId}/report`);
  };

  beforeAll(async () => {
    pictures = await startPictureServer(PICTURES);
    cleanups.push(() => pictures.close());
    const alone = await startServiceProcess(await folder(), {
      GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(','),
    });
    undisturbed = await finish(alone.url, await begin(alone.url));
    await alone.kill('SIGTERM');
  });

  it('ends with the same model when one of its workers is killed in the middle', async () => {
    const database = await temporaryDatabase();
    cleanups.push(() => database.remove());
    const s3 = await startS3();
    cleanups.push(() => s3.close());
    const env = {
      ...s3.env,
      DATABASE_URL: database.url,
      GRAFT_ALLOW_PRIVATE_HOSTS: pictures.hosts.join(','),
      GRAFT_LEASE_SECONDS: '2',
    };
    const api = await startServiceProcess(await folder(), { ...env, GRAFT_ROLE: 'api' });
    cleanups.push(() => api.kill('SIGKILL'));
    const workers: GraftProcess[] = [];
    for (let i = 0; i < 2; i++) {
      const worker = startGraft(['worker', '--data-dir', await folder()], env);
      cleanups.push(() => {
        worker.child.kill('SIGKILL');
        return worker.ended();
      });
      await worker.printed('stdout', /works on/);
      workers.push(worker);
    }
    pictures.requests.clear();
    const release = pictures.hold();
    const bothAtWork = new Promise<void>((resolve) => {
      pictures.onRequest = (count) => count >= PICTURES + 12 && resolve();
    });
    const runId = await begin(api.url);
    await bothAtWork;
    workers[0]?.child.kill('SIGKILL');
    release();
    const report = await finish(api.url, runId);
    expect(essence(report)).toEqual(essence(undisturbed));
    // What was under way when the worker died is asked for again, and nothing else.
    expect(Math.max(...pictures.requests.values())).toBeLessThanOrEqual(2);
    expect(report.counts.fetched).toBe(PICTURES);
    const models = await request<ModelView[]>(`${api.url}/api/models`);
    const picture = await (await fetch(pictures.urls[0] as string)).arrayBuffer();
    const answer = await fetch(`${api.url}/api/models/${models[0]?.id}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: picture,
    });
    expect(answer.status).toBe(200);
    await retrain(api.url, models[0]?.projectId ?? '');
  });

  /** The service notes the retraining, a worker trains the challenger from what lies in the object storage, and judges it. */
  async function retrain(url: string, projectId: string): Promise<void> {
    const body = { backbones: ['nsfwjs-mobilenet-v2'] };
    const { id } = await request<RetrainingView>(`${url}/api/projects/${projectId}/retrain`, { body });
    const over = await vi.waitFor(
      async () => {
        const view = await request<RetrainingView>(`${url}/api/retrainings/${id}`);
        expect(['queued', 'training']).not.toContain(view.state);
        return view;
      },
      { timeout: 120_000, interval: 250 },
    );
    // The same network on the same pictures: no gain, so the champion stays.
    expect(over).toMatchObject({ state: 'refused', error: null, verdict: { wins: false, comparisons: 1 } });
    expect(over.verdict?.reasons.join()).toContain('it is not more accurate');
  }

  it('refuses a worker without a database that others can reach', async () => {
    const { code, stderr } = await startGraft(['worker', '--data-dir', await folder()]).ended();
    expect([code, stderr]).toEqual([expect.any(Number), expect.stringContaining('DATABASE_URL')]);
    expect(code).not.toBe(0);
  });
});
