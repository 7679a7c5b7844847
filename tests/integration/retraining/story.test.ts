import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type {
  ModelEventView,
  ModelView,
  ProjectView,
  RetrainingView,
  RunView,
  ScheduleView,
} from '../../../src/http/api.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { RunMachine } from '../../../src/runs/run-machine.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Feed, stripes } from './feed.js';

const PER_CATEGORY = 40;

describe('a project that is kept fresh, with real networks, a real database and a clock that the test sets', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let folders: Awaited<ReturnType<typeof temporaryFolder>>[];
  let feed: Feed;
  let lab: OpenApp;
  let api: string;
  let project: ProjectView;

  beforeAll(async () => {
    folders = [await temporaryFolder(), await temporaryFolder()];
    const [feedFolder, cache] = folders.map(({ path }) => path) as [string, string];
    feed = new Feed(feedFolder);
    await feed.dropColourBlot('colour-blot', 8);
    lab = await openApp({ clock, env: { GRAFT_ZOO_MIRROR: feedFolder, GRAFT_CACHE_DIR: cache } });
    api = `${lab.url}/api`;
    await lab.platform.queue.start();
    await lab.app.get(RunMachine).start();
    project = await request(`${api}/projects`, { body: { categories: ['lying', 'standing'] } });
    await Promise.all((['lying', 'standing'] as const).map(upload));
  });
  afterAll(async () => {
    await lab.app.get(RetrainingScheduler).stop();
    lab.app.get(RunMachine).stop();
    await lab.platform.queue.stop();
    await lab.close();
    for (const folder of folders) await folder.remove();
  });

  async function upload(category: 'lying' | 'standing'): Promise<void> {
    const form = new FormData();
    for (let i = 0; i < PER_CATEGORY; i++)
      form.append('files', new Blob([Uint8Array.from(await stripes(category, i))]), `${category}-${i}.png`);
    const address = `${api}/projects/${project.id}/categories/${category}/images`;
    expect((await fetch(address, { method: 'POST', body: form })).status).toBe(201);
  }

  const retrainings = (): Promise<RetrainingView[]> => request(`${api}/projects/${project.id}/retrainings`);
  const champion = (): Promise<ModelView> => request(`${api}/models/${project.id}:champion`);
  const history = (): Promise<ModelEventView[]> => request(`${api}/projects/${project.id}/history`);

  /** The next look at the schedules, and what came of it. */
  async function tickAt(time: string): Promise<RetrainingView | undefined> {
    clock.set(time);
    await lab.app.get(RetrainingScheduler).tick();
    return vi.waitFor(
      async () => {
        const [newest] = await retrainings();
        expect(['queued', 'training']).not.toContain(newest?.state);
        return newest;
      },
      { timeout: 150_000, interval: 200 },
    );
  }

  it('is built with the weak zoo', async () => {
    const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
      body: { backbones: ['colour-blot'], curate: 'off', seed: 5 },
    });
    expect((await followRun(lab.url, started.id, isOver)).error).toBeNull();
    expect(await champion()).toMatchObject({ version: 1, summary: { backbone: 'colour-blot' } });
  });

  it('does nothing while nothing is new', async () => {
    const schedule = await request<ScheduleView>(`${api}/projects/${project.id}/schedule`, {
      method: 'PUT',
      body: { cron: '0 3 * * 1', timeZone: 'Europe/Berlin', triggers: {}, policy: { margin: 0.05 } },
    });
    expect(schedule.nextFirings[0]?.words).toBe('Monday 9 March 2026 at 03:00 (Europe/Berlin), in 7 days');
    expect(await tickAt('2026-03-02T11:00:00Z')).toBeUndefined();
  });

  it('trains a strong backbone that is dropped into the feed, that one alone, and promotes it', async () => {
    await feed.dropEmbedded('strong', 'nsfwjs-mobilenet-v2');
    const outcome = await tickAt('2026-03-02T12:00:00Z');
    expect(outcome).toMatchObject({
      trigger: 'new-backbones',
      state: 'promoted',
      backbones: ['strong'],
      error: null,
    });
    const { verdict } = outcome as RetrainingView;
    expect(verdict?.challenger.accuracy).toBeGreaterThan((verdict?.champion.accuracy ?? 1) + 0.05);
    expect(verdict?.pictures).toBeGreaterThanOrEqual(12);
    const run = await request<RunView>(`${api}/runs/${outcome?.runId}`);
    const trials = await request<{ backbone: string }[]>(`${api}/runs/${run.id}/trials`);
    expect(new Set(trials.map(({ backbone }) => backbone))).toEqual(new Set(['strong']));
    const stages = run.stages.filter(({ elapsedMs }) => elapsedMs > 0).map(({ stage }) => stage);
    expect(stages.every((stage) => ['features', 'trials', 'package'].includes(stage))).toBe(true);
    expect(await champion()).toMatchObject({ version: 2, summary: { backbone: 'strong' } });
    expect((await history())[0]).toMatchObject({ action: 'promoted', actor: 'schedule' });
  });

  it('rolls back in one call, and forward again', async () => {
    await request(`${api}/projects/${project.id}/rollback`, { body: { reason: 'to see whether it works' } });
    expect((await champion()).version).toBe(1);
    const { id } = await request<ModelView>(
      `${api}/models/${(await history()).find(({ action }) => action === 'promoted')?.to?.id}`,
    );
    await request(`${api}/projects/${project.id}/promote`, { body: { modelId: id, reason: 'it does' } });
    expect((await champion()).version).toBe(2);
  });

  it('refuses a worse backbone, and says so with its numbers', async () => {
    await feed.dropColourBlot('worse', 12);
    const outcome = await tickAt('2026-03-02T13:00:00Z');
    expect(outcome).toMatchObject({ state: 'refused', backbones: ['worse'] });
    const { verdict } = outcome as RetrainingView;
    expect(verdict).toMatchObject({ wins: false, comparisons: 2 });
    const shown = `${((verdict?.challenger.accuracy ?? 0) * 100).toFixed(1)} %`;
    expect(verdict?.reasons.join()).toContain(shown);
    expect(await champion()).toMatchObject({ version: 2, aliases: ['champion'] });
    expect((await history())[0]).toMatchObject({ action: 'refused', from: { version: 3 }, to: null });
    expect((await history())[0]?.reason).toContain(shown);
  });

  it('fires by the clock once for all the times it was not there', async () => {
    await request(`${api}/projects/${project.id}/schedule`, {
      method: 'PUT',
      body: { cron: '0 3 * * *', triggers: { newBackbones: false } },
    });
    const outcome = await tickAt('2026-03-09T12:00:00Z');
    expect(outcome).toMatchObject({ trigger: 'cron', backbones: [] });
    expect(outcome?.detail).toContain('2026-03-09T03:00:00.000Z');
    // Everything anew on the same pictures gives the same model: no gain, so the champion stays.
    expect(outcome).toMatchObject({ state: 'refused', error: null });
    const count = (await retrainings()).length;
    await lab.app.get(RetrainingScheduler).tick();
    expect(await retrainings()).toHaveLength(count);
  });
});
