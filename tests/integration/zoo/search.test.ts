import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report, RunView } from '../../../src/http/api.js';
import { readModel } from '../../../zoo/graph/model-file.js';
import { request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Feed } from '../retraining/feed.js';
import { buildIn, closeLab, openLab, type Lab } from './lab.js';

const BLIND = ['blind-a', 'blind-b', 'blind-c', 'blind-d'];

describe('the search over more backbones than are to see all pictures', () => {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  const labs: Lab[] = [];

  async function folder(): Promise<string> {
    const made = await temporaryFolder();
    folders.push(made);
    return made.path;
  }

  const build = (lab: Lab): Promise<RunView> =>
    buildIn(lab, { backbones: [...BLIND, 'seeing'], maxBackbones: 2, curate: 'off', seed: 7 });

  beforeAll(async () => {
    const mirror = await folder();
    const feed = new Feed(mirror);
    for (const [i, id] of BLIND.entries()) await feed.dropColourBlot(id, 8 + i);
    await feed.dropEdges('seeing');
    for (let i = 0; i < 2; i++) labs.push(await openLab(mirror, await folder()));
  });
  afterAll(async () => {
    for (const lab of labs) await closeLab(lab);
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
