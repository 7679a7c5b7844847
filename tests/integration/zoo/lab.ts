import type { Clock } from '../../../src/storage/tokens.js';
import type { ProjectView, RunView } from '../../../src/http/api.js';
import { RunMachine } from '../../../src/runs/run-machine.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { followRun, isOver, request } from '../../support/service-process.js';
import { stripes } from '../retraining/feed.js';

export const PER_CATEGORY = 30;

/** A Graft of its own, with nothing in its folders but a project of lying and standing stripes. */
export interface Lab {
  readonly app: OpenApp;
  readonly project: ProjectView;
}

export async function openLab(mirror: string, cacheDir: string, clock?: Clock): Promise<Lab> {
  const env = { GRAFT_ZOO_MIRROR: mirror, GRAFT_CACHE_DIR: cacheDir };
  const app = await openApp({ clock: clock ?? standingClock('2026-03-02T10:00:00Z'), env });
  await app.platform.queue.start();
  await app.app.get(RunMachine).start();
  const project = await request<ProjectView>(`${app.url}/api/projects`, {
    body: { categories: ['lying', 'standing'] },
  });
  for (const category of ['lying', 'standing'] as const) {
    const form = new FormData();
    for (let i = 0; i < PER_CATEGORY; i++)
      form.append('files', new Blob([Uint8Array.from(await stripes(category, i))]), `${category}-${i}.png`);
    const address = `${app.url}/api/projects/${project.id}/categories/${category}/images`;
    const { status } = await fetch(address, { method: 'POST', body: form });
    if (status !== 201) throw new Error(`The pictures of ${category} were not taken: ${status}.`);
  }
  return { app, project };
}

/** A run to its end. @throws when it fails */
export async function buildIn({ app, project }: Lab, body: object): Promise<RunView> {
  const started = await request<RunView>(`${app.url}/api/projects/${project.id}/runs`, { body });
  const run = await followRun(app.url, started.id, isOver);
  if (run.error) throw new Error(`${run.error.message} ${run.error.fix ?? ''}`);
  return run;
}

export async function closeLab({ app }: Lab): Promise<void> {
  app.app.get(RunMachine).stop();
  await app.platform.queue.stop();
  await app.close();
}
