import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '../../../src/app.js';
import type { FeedbackView, ProjectView, RetrainingView } from '../../../src/http/api.js';
import { createJobQueue } from '../../../src/jobs/queue.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';

describe('firings of schedules', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let lab: OpenApp;
  let api: string;
  let workers: NestExpressApplication[];
  let project: ProjectView;
  let model: string;

  beforeAll(async () => {
    lab = await openApp({ clock });
    api = `${lab.url}/api`;
    await lab.platform.queue.start();
    project = await request(`${api}/projects`, { body: { categories: ['cat', 'dog'] } });
    model = await registerModel(lab, project.id);
    workers = [lab.app];
    for (let i = 0; i < 3; i++) workers.push(await openWorker());
  });
  afterAll(async () => {
    for (const worker of workers.slice(1)) await worker.close();
    await lab.platform.queue.stop();
    await lab.close();
  });

  /** Another process on the same database, as far as the schedules can tell. */
  async function openWorker(): Promise<NestExpressApplication> {
    const queue = createJobQueue(lab.platform.database, () => undefined);
    queue.send = () => Promise.resolve(); // only the first worker has a queue that works
    return createApp({ ...lab.platform, queue }, 'silent');
  }

  const tickAll = (): Promise<void[]> =>
    Promise.all(workers.map((worker) => worker.get(RetrainingScheduler).tick()));
  const retrainings = (): Promise<RetrainingView[]> => request(`${api}/projects/${project.id}/retrainings`);
  const schedule = (body: object): Promise<unknown> =>
    request(`${api}/projects/${project.id}/schedule`, { method: 'PUT', body });

  it('happen once, however many workers look, and however often the time was missed', async () => {
    await schedule({ cron: '*/10 * * * *', triggers: { newBackbones: false } });
    await tickAll();
    expect(await retrainings()).toHaveLength(0);
    clock.set('2026-03-02T15:05:00Z');
    await tickAll();
    await tickAll();
    const fired = await retrainings();
    expect(fired).toHaveLength(1);
    expect(fired[0]?.detail).toContain('2026-03-02T15:00:00.000Z');
  });

  it('do not happen again after a restart', async () => {
    const restarted = await openWorker();
    await restarted.get(RetrainingScheduler).tick();
    await restarted.close();
    expect(await retrainings()).toHaveLength(1);
  });

  it('take corrections that a person has accepted, and none that wait', async () => {
    await schedule({ triggers: { newBackbones: false, feedback: 2 } });
    const give = async (seed: number): Promise<FeedbackView> => {
      const form = new FormData();
      form.append('picture', new Blob([Uint8Array.from(await texturedPicture(seed))]), 'x.png');
      form.append('label', 'Dog');
      form.append('predicted', 'cat');
      const response = await fetch(`${api}/models/${model}/feedback`, { method: 'POST', body: form });
      expect(response.status).toBe(200);
      return (await response.json()) as FeedbackView;
    };
    const given = [await give(1), await give(2), await give(2)];
    expect(given.map(({ state, label }) => `${state} ${label}`)).toEqual(Array(3).fill('pending dog'));
    expect(given[2]?.id).toBe(given[1]?.id);
    const uploads = async (): Promise<number | undefined> =>
      (await request<ProjectView>(`${api}/projects/${project.id}`)).categories[1]?.uploads;
    expect(await uploads()).toBe(0);
    await request(`${api}/feedback/${given[0]?.id}/accept`, { method: 'POST' });
    await request(`${api}/feedback/${given[1]?.id}/reject`, { method: 'POST' });
    expect(await uploads()).toBe(1);
    const again = await fetch(`${api}/feedback/${given[0]?.id}/reject`, { method: 'POST' });
    expect(again.status).toBe(409);
    const html = new FormData();
    html.append('picture', new Blob(['<!doctype html><script>alert(1)</script>']), 'x.png');
    html.append('label', 'dog');
    const refused = await fetch(`${api}/models/${model}/feedback`, { method: 'POST', body: html });
    expect(refused.status).toBe(422);
  });
});
