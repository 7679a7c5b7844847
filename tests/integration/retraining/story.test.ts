import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { projectRoot } from '../../../src/config/version.js';
import type {
  ModelEventView,
  ModelView,
  ProjectView,
  RetrainingView,
  RunView,
  ScheduleView,
} from '../../../src/http/api.js';
import { DriftRepository } from '../../../src/monitoring/drift.repository.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { RunMachine } from '../../../src/runs/run-machine.js';
import { cliOn, type InProcessCli } from '../../support/in-process-cli.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Feed, stripes } from './feed.js';

const PER_CATEGORY = 40;
const MIRROR = join(projectRoot(), '..', 'shared', 'zoo-mirror');
const mirrored = existsSync(join(MIRROR, 'zoo.json'));
if (!mirrored)
  console.warn(
    `\n*** SKIPPED: no network of a mirror is dropped into the feed, because ${MIRROR} is not there. ***\n`,
  );

describe('a project that is kept fresh, with real networks, a real database and a clock that the test sets', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let folders: Awaited<ReturnType<typeof temporaryFolder>>[];
  let feed: Feed;
  let lab: OpenApp;
  let api: string;
  let project: ProjectView;
  let cli: InProcessCli;

  beforeAll(async () => {
    folders = [await temporaryFolder(), await temporaryFolder()];
    const [feedFolder, cache] = folders.map(({ path }) => path) as [string, string];
    feed = new Feed(feedFolder);
    await feed.dropColourBlot('colour-blot', 8);
    lab = await openApp({ clock, env: { GRAFT_ZOO_MIRROR: feedFolder, GRAFT_CACHE_DIR: cache } });
    api = `${lab.url}/api`;
    await lab.platform.queue.start();
    await lab.app.get(RunMachine).start();
    cli = await cliOn(lab);
    project = await request(`${api}/projects`, { body: { categories: ['lying', 'standing'] } });
    await Promise.all((['lying', 'standing'] as const).map(upload));
  });
  afterAll(async () => {
    await lab.app.get(RetrainingScheduler).stop();
    lab.app.get(RunMachine).stop();
    await lab.platform.queue.stop();
    await cli.close();
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

  /** What the command line prints. */
  async function graft(...argv: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli.run(...argv);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  }

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
    const first = await champion();
    expect(first).toMatchObject({ version: 1, summary: { backbone: 'colour-blot' } });
    const baseline = await lab.app.get(DriftRepository).baseline(first.id);
    expect(baseline?.confidences.length).toBeGreaterThanOrEqual(12); // drift will be told from these
    expect(baseline?.sketches).toHaveLength(baseline?.confidences.length ?? 0);
  });

  it('does nothing while nothing is new', async () => {
    const when = ['--cron', '0 3 * * 1', '--time-zone', 'Europe/Berlin'];
    const set = await graft('schedule', 'set', project.name, ...when, '--margin', '5');
    expect(set).toContain('Monday 9 March 2026 at 03:00 (Europe/Berlin), in 7 days');
    expect(set).toContain('gains at least 5.0 points');
    expect(await graft('schedule', 'list')).toContain(
      `Project ${project.id.slice(0, 8)}: by the clock (0 3 * * 1`,
    );
    const kept = await request<ScheduleView>(`${api}/projects/${project.id}/schedule`);
    expect(kept).toMatchObject({ timeZone: 'Europe/Berlin', policy: { margin: 0.05 } });
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

  it('rolls back in one command, and forward again', async () => {
    const why = ['--reason', 'to see whether it works'];
    expect(await graft('models', 'rollback', project.name, ...why)).toContain('Version 1 answers now');
    expect((await champion()).version).toBe(1);
    const strong = (await history()).find(({ action }) => action === 'promoted')?.to?.id ?? '';
    expect(await graft('models', 'promote', strong.slice(0, 8), ...why)).toContain('Version 2 answers now');
    expect((await champion()).version).toBe(2);
    expect(await graft('models', 'history', project.name)).toMatch(
      /rolled-back[^\n]*to see whether it works/,
    );
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

  it('retrains at once when it is told to, and says who won by how much', async () => {
    const said = await graft('retrain', project.name, '--backbones', 'colour-blot');
    expect(said).toMatch(/^The champion stays \(version \d against 2\):/);
    expect(said).toMatch(/it is not more accurate \(\d+\.\d % against \d+\.\d %\)/);
    expect(said).toContain('challenger number 3 on these held-out examples');
    const unknown = await cli.run('retrain', project.name, '--backbones', 'nothing');
    expect(unknown).toMatchObject({ code: expect.any(Number), stderr: expect.stringContaining('nothing') });
    expect(unknown.code).not.toBe(0);
  });

  it.skipIf(!mirrored)('takes a real network of a mirror when that is dropped in', async () => {
    await graft('models', 'rollback', project.name, '--reason', 'to have a weak champion again');
    await feed.dropFromMirror(MIRROR, 'mobilenet-v1');
    const outcome = await tickAt('2026-03-02T14:00:00Z');
    expect(outcome).toMatchObject({ state: 'promoted', backbones: ['mobilenet-v1'], error: null });
    expect(await champion()).toMatchObject({ summary: { backbone: 'mobilenet-v1' } });
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
    expect(await graft('schedule', 'remove', project.name)).toContain('no schedule any more');
  });
});
