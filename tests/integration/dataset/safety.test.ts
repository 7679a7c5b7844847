import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageView, ProjectView, RunView } from '../../../src/http/api.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { request } from '../../support/service-process.js';
import { openDataLab, type DataLab } from './data-lab.js';

const CRAWLED = 6;
const OWN = 5;
const SETTINGS = { providers: ['searxng'], imagesPerCategory: CRAWLED, morePhrasings: false };
/** Of all pictures nobody would call unsafe: what is dropped from this threshold on shows who was asked. */
const EVERYTHING = { inspect: { maxUnsafe: 0 } };

describe('unsafe pictures in a run', () => {
  let lab: DataLab;
  let project: ProjectView;

  beforeAll(async () => {
    lab = await openDataLab();
    const results = new Map<string, string[]>();
    for (const [at, category] of ['red', 'blue'].entries()) {
      const one = async (i: number): Promise<string> =>
        lab.put(`${category}-${i}.png`, await texturedPicture(100 * at + i, { hue: 200 * at }));
      results.set(category, await Promise.all(Array.from({ length: CRAWLED }, (_, i) => one(i))));
    }
    lab.engine.answer = (query, page) => (page === 1 ? (results.get(query) ?? []) : []);
    project = await lab.project('red', 'blue');
    const own = await Promise.all(
      Array.from({ length: OWN }, async (_, i) => [`${i}.png`, await texturedPicture(900 + i)] as const),
    );
    await lab.upload(project, 'red', new Map(own));
  }, 60_000);
  afterAll(() => lab.close());

  const run = (settings: Record<string, unknown>): Promise<RunView> =>
    lab.runThrough(project.id, 'inspect', { ...SETTINGS, ...settings });
  const unsafe = (images: readonly ImageView[], provider: string): number =>
    images.filter((image) => image.reason === 'unsafe' && image.provider === provider).length;

  it('keeps pictures that are safe, and tells what was measured', async () => {
    const { id, error } = await run({});
    expect(error).toBeNull();
    const images = await lab.images(id);
    expect(images.map(({ reason }) => reason)).not.toContain('unsafe');
    const crawled = images.find((image) => image.provider === 'searxng');
    const measures = await request<{ safety: { unsafe: number; classes: Record<string, object> } }>(
      `${lab.url}/api/images/${crawled?.id}/measures`,
    );
    const answer = Object.values(measures.safety.classes['nsfwjs-mobilenet-v2'] ?? {}) as number[];
    expect(answer).toHaveLength(5);
    expect(answer.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 3);
    const own = images.find((image) => image.provider === 'upload');
    expect(await request(`${lab.url}/api/images/${own?.id}/measures`)).not.toHaveProperty('safety');
  }, 120_000);

  it('asks about crawled pictures, and about own ones when told to', async () => {
    const crawled = await lab.images((await run(EVERYTHING)).id);
    expect([unsafe(crawled, 'searxng'), unsafe(crawled, 'upload')]).toEqual([2 * CRAWLED, 0]);
    const all = await lab.images((await run({ ...EVERYTHING, safety: 'all' })).id);
    expect([unsafe(all, 'searxng'), unsafe(all, 'upload')]).toEqual([2 * CRAWLED, OWN]);
    const off = await lab.images((await run({ ...EVERYTHING, safety: 'off' })).id);
    expect([unsafe(off, 'searxng'), unsafe(off, 'upload')]).toEqual([0, 0]);
  }, 120_000);

  it('refuses limits that do not exist', async () => {
    await expect(run({ inspect: { maxUgliness: 1 } })).rejects.toThrow(/maxUgliness/);
  });
});
