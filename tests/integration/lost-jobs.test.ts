import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { runSettingsSchema } from '../../src/config/settings.js';
import type { ProjectView, RunView } from '../../src/http/api.js';
import type { QueueName, RunJob } from '../../src/jobs/queue.js';
import { RunMachine } from '../../src/runs/run-machine.js';
import { RunsRepository } from '../../src/runs/runs.repository.js';
import { STAGE_LIST, type RunRecord, type Stage } from '../../src/runs/stage.js';
import { openApp, type OpenApp } from '../support/open-app.js';
import { request } from '../support/service-process.js';

/** What the queue calls. */
interface Worker {
  work(queue: QueueName, job: RunJob): Promise<void>;
}

let lab: OpenApp;

beforeEach(async () => void (lab = await openApp({ env: { GRAFT_LEASE_SECONDS: '1' } })));
afterEach(async () => {
  lab.app.get(RunMachine).stop();
  await lab.platform.queue.stop();
  await lab.close();
});

/** A run that no job speaks of. */
async function lostRun(): Promise<RunRecord> {
  const body = { categories: ['a', 'b'] };
  const project = await request<ProjectView>(`${lab.url}/api/projects`, { body });
  return lab.app.get(RunsRepository).create(project.id, runSettingsSchema.parse({ providers: [] }));
}

it('does a stage once for two jobs of a run that come at the same time', async () => {
  await lab.platform.queue.start([]);
  const { id: runId } = await lostRun();
  const [first] = lab.app.get<[Stage]>(STAGE_LIST);
  const run = vi.spyOn(first, 'run');
  const machine = lab.app.get<unknown, Worker>(RunMachine);
  await Promise.all([1, 2].map((place) => machine.work('fetch', { runId, kind: 'lead', place })));
  expect(run).toHaveBeenCalledTimes(1);
});

it('finds a run again whose job was lost, where there is no other process, too', async () => {
  await lab.platform.queue.start();
  await lab.app.get(RunMachine).start();
  const { id } = await lostRun();
  await vi.waitFor(
    async () => {
      const { state } = await request<RunView>(`${lab.url}/api/runs/${id}`);
      expect(state).toBe('failed'); // there is nothing to learn from
    },
    { timeout: 30_000, interval: 100 },
  );
});
