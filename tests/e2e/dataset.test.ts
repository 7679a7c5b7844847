import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DatasetDiffView, DatasetView, ProjectView, Review, RunView } from '../../src/http/api.js';
import { STAGES } from '../../src/runs/run.js';
import { texturedPicture } from '../support/odd-pictures.js';
import {
  followRun,
  isOver,
  request,
  startServiceProcess,
  type ServiceProcess,
} from '../support/service-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { graft } from '../support/graft-process.js';

const HUES = { blue: 220, red: 0 } as const;
const PER_CATEGORY = 8;

describe('data sets by the command line', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: ServiceProcess;
  let project: ProjectView;
  let run: RunView;
  let first: DatasetView;
  let dataDir: string;

  const cli = async <T>(...args: string[]): Promise<T> => {
    const { code, stdout, stderr } = await graft([...args, '--data-dir', dataDir, '--json']);
    expect([code, code === 0 ? '' : stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as T;
  };
  const upload = async (category: string, seed: number, hue: number): Promise<void> => {
    const form = new FormData();
    for (let i = 0; i < PER_CATEGORY; i++) {
      const bytes = await texturedPicture(seed + i, { hue });
      form.append('files', new Blob([Uint8Array.from(bytes)]), `${category}-${seed + i}.png`);
    }
    const url = `${service.url}/api/projects/${project.id}/categories/${category}/images`;
    expect((await fetch(url, { method: 'POST', body: form })).status).toBe(201);
  };
  const split = async (): Promise<RunView> => {
    const body = { backbones: ['nsfwjs-mobilenet-v2'] };
    const { id } = await request<RunView>(`${service.url}/api/projects/${project.id}/runs`, { body });
    const beyond = (view: RunView): boolean => STAGES.indexOf(view.stage) > STAGES.indexOf('split');
    const view = await followRun(service.url, id, (state) => isOver(state) || beyond(state));
    expect(view.error).toBeNull();
    if (!isOver(view)) await request(`${service.url}/api/runs/${id}/cancel`, { method: 'POST' });
    return view;
  };

  beforeAll(async () => {
    folder = await temporaryFolder();
    dataDir = join(folder.path, 'data');
    await mkdir(dataDir);
    service = await startServiceProcess(dataDir);
    project = await request(`${service.url}/api/projects`, { body: { categories: Object.keys(HUES) } });
    for (const [category, hue] of Object.entries(HUES)) await upload(category, hue * 10 + 1, hue);
    run = await split();
    [first] = (await cli<DatasetView[]>('dataset', 'list')) as [DatasetView];
  });
  afterAll(async () => {
    await service.kill('SIGTERM');
    await folder.remove();
  });

  it('lists a frozen version and shows its parts', async () => {
    expect(first.pictures).toBe(2 * PER_CATEGORY);
    expect(first.runs).toEqual([{ runId: run.id, projectId: project.id }]);
    const shown = await cli<DatasetView>('dataset', 'show', first.version.slice(0, 10));
    for (const { train, validation, test } of shown.categories)
      expect(train + validation + test).toBe(PER_CATEGORY);
  });

  it.each([
    ['folders', 'folders'],
    ['hf', 'hf'],
    ['zip', 'set.zip'],
    ['webdataset', 'set.tar'],
  ])('exports as %s what an import makes the same project of', async (format, name) => {
    const out = join(folder.path, name);
    await cli('dataset', 'export', first.version, '--format', format, '--out', out);
    const { project: made, accepted } = await cli<{ project: ProjectView; accepted: number }>(
      'dataset',
      'import',
      out,
    );
    expect(accepted).toBe(2 * PER_CATEGORY);
    expect(made.categories.map(({ name: category, uploads }) => [category, uploads])).toEqual([
      ['blue', PER_CATEGORY],
      ['red', PER_CATEGORY],
    ]);
  });

  it('exports the attribution, and never into a folder that holds something', async () => {
    const out = join(folder.path, 'set.csv');
    await cli('dataset', 'export', first.version, '--format', 'csv', '--out', out);
    expect((await readFile(out, 'utf8')).trim().split('\r\n')).toHaveLength(1 + 2 * PER_CATEGORY);
    const args = ['dataset', 'export', first.version, '--out', dataDir, '--data-dir', dataDir];
    const { code, stderr } = await graft(args);
    expect(code).toBe(2);
    expect(stderr).toContain('holds something already');
    expect(await readdir(dataDir)).toContain('blobs');
  });

  it('tells what a second run added, with nothing moved out of its part', async () => {
    await upload('red', 5000, HUES.red);
    await split();
    const [second] = await cli<DatasetView[]>('dataset', 'list');
    const diff = await cli<DatasetDiffView>('dataset', 'diff', first.version, second?.version ?? '');
    expect(diff.added).toHaveLength(PER_CATEGORY);
    expect(diff.removed).toEqual([]);
    expect(diff.moved).toEqual([]);
  });

  it('takes decisions, and the next run holds to them', async () => {
    const review = await cli<Review>('review', run.id.slice(0, 8));
    expect(review.projectId).toBe(project.id);
    const { items } = await request<{ items: { id: string; sha256: string; category: string }[] }>(
      `${service.url}/api/runs/${run.id}/images`,
    );
    const [gone, moved] = items.filter(({ category }) => category === 'red');
    await cli('decide', run.id, gone?.sha256.slice(0, 16) ?? '', 'drop');
    await cli('decide', run.id, moved?.id ?? '', 'move', 'blue');
    const later = await split();
    expect(later.counts.dropped).toEqual({ 'excluded-by-user': 1 });
    const [third] = await cli<DatasetView[]>('dataset', 'list');
    const diff = await cli<DatasetDiffView>('dataset', 'diff', first.version, third?.version ?? '');
    expect(diff.removed.map(({ sha256 }) => sha256)).toEqual([gone?.sha256]);
    expect(diff.moved).toMatchObject([
      { sha256: moved?.sha256, from: { category: 'red' }, to: { category: 'blue' } },
    ]);
  });
});
