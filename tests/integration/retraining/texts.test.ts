import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { FeedbackView, ProjectView, RetrainingView, RunView } from '../../../src/http/api.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { RunMachine } from '../../../src/runs/run-machine.js';
import { LABELLED } from '../../support/moods.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyMirror } from '../../support/tiny-encoder.js';

describe('a project of texts that is kept fresh', () => {
  const clock = standingClock('2099-03-02T10:00:00Z');
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let lab: OpenApp;
  let api: string;
  let project: ProjectView;

  beforeAll(async () => {
    folder = await temporaryFolder();
    await mkdir(join(folder.path, 'feed'));
    for (const [name, bytes] of tinyMirror()) await writeFile(join(folder.path, 'feed', name), bytes);
    // The feed lists nothing yet.
    await rename(join(folder.path, 'feed', 'zoo.json'), join(folder.path, 'later.json'));
    await writeFile(join(folder.path, 'feed', 'zoo.json'), '[]');
    lab = await openApp({ clock, env: { GRAFT_CACHE_DIR: join(folder.path, 'cache') } });
    api = `${lab.url}/api`;
    await lab.platform.queue.start();
    await lab.app.get(RunMachine).start();
    project = await request(`${api}/projects`, {
      body: { categories: ['positive', 'negative'], modality: 'text' },
    });
    await request(`${api}/projects/${project.id}/texts`, { body: { labelled: LABELLED } });
    const started = await request<RunView>(`${api}/projects/${project.id}/runs`, {
      body: { backbones: ['ngrams'] },
    });
    expect((await followRun(lab.url, started.id, isOver)).error).toBeNull();
  });
  afterAll(async () => {
    await lab.app.get(RetrainingScheduler).stop();
    lab.app.get(RunMachine).stop();
    await lab.platform.queue.stop();
    await lab.close();
    await folder.remove();
  });

  async function tickAt(time: string): Promise<RetrainingView | undefined> {
    clock.set(time);
    await lab.app.get(RetrainingScheduler).tick();
    return vi.waitFor(
      async () => {
        const [newest] = await request<RetrainingView[]>(`${api}/projects/${project.id}/retrainings`);
        expect(['queued', 'training']).not.toContain(newest?.state);
        return newest;
      },
      { timeout: 120_000, interval: 100 },
    );
  }

  const give = (body: object): Promise<Response> =>
    fetch(`${api}/models/${project.id}:champion/feedback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('takes no backbone for news that is there already, and none for pictures ever', async () => {
    const feed = join(folder.path, 'feed');
    await request(`${api}/projects/${project.id}/schedule`, {
      method: 'PUT',
      body: { feed, triggers: { newBackbones: true, feedback: 1 } },
    });
    expect(await tickAt('2099-03-02T11:00:00Z')).toBeUndefined();
  });

  it('tries a sentence encoder that turns up in its feed, alone, on the same texts', async () => {
    await rename(join(folder.path, 'later.json'), join(folder.path, 'feed', 'zoo.json'));
    const outcome = await tickAt('2099-03-02T12:00:00Z');
    expect(outcome).toMatchObject({ trigger: 'new-backbones', backbones: ['tiny-bert'], error: null });
    expect(outcome?.verdict?.pictures).toBe(12);
    expect(JSON.stringify(outcome?.verdict?.reasons)).not.toMatch(/picture/);
  });

  it('takes a correction of a text, and learns anew once it is accepted', async () => {
    const said = { label: 'negative', predicted: 'positive' };
    expect((await give({ ...said, text: ' \n' })).status).toBe(422);
    expect((await give(said)).status).toBe(422);
    const text = 'the plot number 9 was wonderful in no way and the critic felt asleep';
    const given = (await (await give({ ...said, text })).json()) as FeedbackView;
    expect(given).toMatchObject({ state: 'pending', label: 'negative' });
    expect(await (await fetch(`${api}/feedback/${given.id}/picture`)).text()).toBe(text);
    await request(`${api}/feedback/${given.id}/accept`, { body: {} });
    const outcome = await tickAt('2099-03-02T13:00:00Z');
    expect(outcome).toMatchObject({ trigger: 'feedback', error: null });
    const run = await request<RunView>(`${api}/runs/${outcome?.runId}`);
    expect(run.counts.kept).toBe(LABELLED.length + 1);
  });
});
