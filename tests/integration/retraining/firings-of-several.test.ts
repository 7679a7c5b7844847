import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RetrainingView, RunView } from '../../../src/http/api.js';
import { RetrainingsRepository } from '../../../src/retraining/retrainings.repository.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { postgresUrl, temporaryDatabase } from '../../support/postgres.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';

const SERVICES = 3;
const ROUNDS = 6;
const present = (await postgresUrl()) !== null;
if (!present) console.warn('SKIPPED: no PostgreSQL here; on Debian: apt-get install postgresql');

describe.runIf(present)('several services with GRAFT_ROLE=api on one PostgreSQL', () => {
  const clock = standingClock('2026-03-02T10:00:30Z');
  let database: Awaited<ReturnType<typeof temporaryDatabase>>;
  let services: OpenApp[];
  let project: string;

  beforeAll(async () => {
    database = await temporaryDatabase();
    services = [];
    for (let i = 0; i < SERVICES; i++) {
      const service = await openApp({ clock, env: { DATABASE_URL: database.url, GRAFT_ROLE: 'api' } });
      await service.platform.queue.start([]); // as a service of this role: runs wait for workers
      services.push(service);
    }
    const [first] = services as [OpenApp];
    project = await createProject(first, ['cat', 'dog']);
    await registerModel(first, project);
    await request(`${first.url}/api/projects/${project}/schedule`, {
      method: 'PUT',
      body: { cron: '* * * * *', triggers: { newBackbones: false } },
    });
  });
  afterAll(async () => {
    for (const { app, platform, close } of services) {
      await app.get(RetrainingScheduler).stop();
      await platform.queue.stop();
      await close();
    }
    await database.remove();
  });

  const of = <T>(path: string, service = services[0] as OpenApp): Promise<T> =>
    request(`${service.url}/api/projects/${project}/${path}`);

  it('fire once each time, whichever is first, and begin one run', async () => {
    const runsBefore = (await of<RunView[]>('runs')).length;
    for (let round = 1; round <= ROUNDS; round++) {
      clock.set(new Date(clock.now().getTime() + 60_000).toISOString());
      await Promise.all(services.map(({ app }) => app.get(RetrainingScheduler).tick()));
      await vi.waitFor(async () => {
        const [newest] = await of<RetrainingView[]>('retrainings');
        expect(newest).toMatchObject({ state: 'training', error: null });
      });
      const all = await of<RetrainingView[]>('retrainings', services[round % SERVICES]);
      expect(all).toHaveLength(round);
      expect(await of<RunView[]>('runs')).toHaveLength(runsBefore + round);
      await (services[0] as OpenApp).app
        .get(RetrainingsRepository)
        .fail(
          { ...(all[0] as RetrainingView), createdAt: clock.now(), finishedAt: null },
          'as if its worker had given up',
        );
    }
    const details = (await of<RetrainingView[]>('retrainings')).map(({ detail }) => detail);
    expect(new Set(details).size).toBe(ROUNDS); // each for a minute of its own
  });
});
