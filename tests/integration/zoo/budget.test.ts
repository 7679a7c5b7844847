import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../../src/http/api.js';
import type { Clock } from '../../../src/storage/tokens.js';
import { openPackage } from '../../../zoo/index.js';
import { request } from '../../support/service-process.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { Feed, stripes } from '../retraining/feed.js';
import { buildIn, closeLab, openLab, PER_CATEGORY, type Lab } from './lab.js';

const BUDGET_MS = 600_000;
const START = Date.parse('2026-03-02T10:00:00Z');
const BLIND = ['blind-a', 'blind-b'];

describe('a build whose time is over when all pictures are to go through the backbones', () => {
  const folders: Awaited<ReturnType<typeof temporaryFolder>>[] = [];
  let lab: Lab;
  let runs: string | null = null;

  async function folder(): Promise<string> {
    const made = await temporaryFolder();
    folders.push(made);
    return made.path;
  }

  /** By this clock samples take no time, and when the choice by them is written down the whole limit is gone. */
  const isChosen = (): boolean =>
    runs !== null &&
    existsSync(runs) &&
    readdirSync(runs).some((run) => existsSync(join(runs as string, run, 'shortlist.json')));
  const clock: Clock = { now: () => new Date(START + (isChosen() ? BUDGET_MS : 0)) };

  beforeAll(async () => {
    const mirror = await folder();
    const feed = new Feed(mirror);
    for (const [i, id] of BLIND.entries()) await feed.dropColourBlot(id, 8 + i);
    await feed.dropEdges('seeing');
    lab = await openLab(mirror, await folder(), clock);
    runs = join(lab.app.platform.env.dataDir, 'runs');
  });
  afterAll(async () => {
    await closeLab(lab);
    for (const one of folders) await one.remove();
  });

  it('finishes the best by the samples, names what it left out and why, and makes a package that works', async () => {
    const settings = { backbones: [...BLIND, 'seeing'], curate: 'off', budgetMs: BUDGET_MS, seed: 7 };
    const { id } = await buildIn(lab, settings);
    const { selection, trials, learningCurve } = await request<Report>(
      `${lab.app.url}/api/runs/${id}/report`,
    );
    expect(new Set(trials.map(({ backbone }) => backbone))).toEqual(new Set(['seeing']));
    const dropped = selection?.droppedBackbones ?? [];
    expect(dropped.map(({ backbone }) => backbone).sort()).toEqual(BLIND);
    // The samples have gone through these, but not the test part.
    for (const { reason } of dropped)
      expect(reason).toMatch(new RegExp(`left no time for it: \\d+ of ${2 * PER_CATEGORY} pictures`));
    expect(selection?.leftOut.join(' ')).toMatch(/how long a picture takes through seeing.*floor of random/);
    expect(learningCurve?.text).toMatch(/the time limit was over/);

    const model = await openPackage(join(lab.app.platform.env.dataDir, 'packages', id));
    const picture = await model.prepare(await stripes('lying', 1));
    const [look] = await model.look([picture]);
    await model.close();
    expect(look?.row.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
  });
});
