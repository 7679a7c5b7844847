import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProjectView, Report, RunView } from '../../../src/http/api.js';
import { RunMachine } from '../../../src/runs/run-machine.js';
import { readModel } from '../../../zoo/graph/model-file.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { followRun, isOver, request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Feed, stripes } from '../retraining/feed.js';

const BLIND = ['blind-a', 'blind-b', 'blind-c', 'blind-d'];
const PER_CATEGORY = 30;

/** A Graft of its own, with nothing in its folders. */
interface Lab {
  readonly app: OpenApp;
  readonly project: ProjectView;
}

describe('the search over more backbones than are to see all pictures', () => {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  const labs: Lab[] = [];

  async function folder(): Promise<string> {
    const made = await temporaryFolder();
    folders.push(made);
    return made.path;
  }

  async function openLab(mirror: string): Promise<Lab> {
    const env = { GRAFT_ZOO_MIRROR: mirror, GRAFT_CACHE_DIR: await folder() };
    const app = await openApp({ clock: standingClock('2026-03-02T10:00:00Z'), env });
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
      expect((await fetch(address, { method: 'POST', body: form })).status).toBe(201);
    }
    return { app, project };
  }

  async function build({ app, project }: Lab): Promise<RunView> {
    const started = await request<RunView>(`${app.url}/api/projects/${project.id}/runs`, {
      body: { backbones: [...BLIND, 'seeing'], maxBackbones: 2, curate: 'off', seed: 7 },
    });
    const run = await followRun(app.url, started.id, isOver);
    expect(run.error).toBeNull();
    return run;
  }

  beforeAll(async () => {
    const mirror = await folder();
    const feed = new Feed(mirror);
    for (const [i, id] of BLIND.entries()) await feed.dropColourBlot(id, 8 + i);
    await feed.dropEdges('seeing');
    labs.push(await openLab(mirror), await openLab(mirror));
  });
  afterAll(async () => {
    for (const { app } of labs) {
      app.app.get(RunMachine).stop();
      await app.platform.queue.stop();
      await app.close();
    }
    for (const one of folders) await one.remove();
  });

  it('drops the weaker halves on samples and says so; twice from nothing, it makes the same model to the bit', async () => {
    const files: Buffer[] = [];
    for (const lab of labs) {
      const { id } = await build(lab);
      const { selection, trials } = await request<Report>(`${lab.app.url}/api/runs/${id}/report`);
      // Both are of one size, so they are also tried together.
      const searched = new Set(trials.flatMap(({ backbone }) => backbone.split('+')));
      expect(searched.size).toBe(2);
      expect(searched).toContain('seeing');
      const dropped = selection?.droppedBackbones ?? [];
      expect(dropped.map(({ backbone }) => backbone).sort()).toEqual(
        BLIND.filter((one) => !searched.has(one)),
      );
      for (const { reason } of dropped)
        expect(reason).toMatch(/backbones on \d+ pictures \(\d+\.\d % by ridge.*LogME/);
      files.push(await readFile(join(lab.app.platform.env.dataDir, 'packages', id, 'model.onnx')));
    }
    const [first, second] = files.map((file) => readModel(file));
    expect(second?.nodes).toEqual(first?.nodes);
    expect(second?.constants).toEqual(first?.constants);
  });
});
