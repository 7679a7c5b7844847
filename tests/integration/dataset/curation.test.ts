import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionView, ImageView, ProjectView, Review, RunView } from '../../../src/http/api.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { request } from '../../support/service-process.js';
import { openDataLab, type DataLab } from './data-lab.js';

const HUES = { red: 0, green: 120, blue: 220 } as const;
type Category = keyof typeof HUES;
const CATEGORIES = Object.keys(HUES) as Category[];
const GOOD = 24;
const BAD = 5;
const SETTINGS = {
  providers: ['searxng'],
  imagesPerCategory: GOOD + BAD,
  morePhrasings: false,
  backbones: ['nsfwjs-mobilenet-v2'],
};

/** Each category's search gives its own colour, and a few pictures of the next one. */
async function serveResults(lab: DataLab): Promise<void> {
  const results = new Map<string, string[]>();
  for (const [at, category] of CATEGORIES.entries()) {
    const next = CATEGORIES[(at + 1) % CATEGORIES.length] as Category;
    const one = async (hue: number, name: string, seed: number): Promise<string> =>
      lab.put(name, await texturedPicture(seed, { hue }));
    const good = Array.from({ length: GOOD }, (_, i) =>
      one(HUES[category], `${category}-${i}.png`, 1000 * at + i + 1),
    );
    const bad = Array.from({ length: BAD }, (_, i) =>
      one(HUES[next], `bad-${category}-${i}.png`, 9000 + 100 * at + i),
    );
    results.set(category, await Promise.all([...good, ...bad]));
  }
  lab.engine.answer = (query, page) => (page === 1 ? (results.get(query) ?? []) : []);
}

const isBad = (image: ImageView): boolean => image.imageUrl.includes('/bad-');

describe('the curation of crawled pictures', () => {
  let lab: DataLab;
  let project: ProjectView;
  let run: RunView;
  let images: ImageView[];

  beforeAll(async () => {
    lab = await openDataLab();
    await serveResults(lab);
    project = await lab.project(...CATEGORIES);
    run = await lab.runThrough(project.id, 'split', SETTINGS);
    expect(run.error).toBeNull();
    images = await lab.images(run.id);
  }, 180_000);
  afterAll(() => lab.close());

  const decide = (decisions: unknown[]): Promise<DecisionView[]> =>
    request(`${lab.url}/api/projects/${project.id}/decisions`, { body: { decisions } });
  const review = (runId: string): Promise<Review> => request(`${lab.url}/api/runs/${runId}/review?limit=500`);

  it('doubts the wrong ones, naming the category they belong to, and drops no right one', () => {
    const doubted = images.filter((image) => image.doubt !== null);
    expect(doubted.filter(isBad).length).toBeGreaterThanOrEqual(0.8 * BAD * CATEGORIES.length);
    expect(doubted.length).toBeLessThanOrEqual(1.5 * BAD * CATEGORIES.length);
    expect(images.filter((image) => image.stage === 'curate' && !isBad(image))).toEqual([]);
    const named = doubted.filter((image) => image.doubt === 'likely-mislabelled' && isBad(image));
    expect(named.length).toBeGreaterThan(0);
    for (const image of named) {
      const next = CATEGORIES[(CATEGORIES.indexOf(image.category as Category) + 1) % CATEGORIES.length];
      expect(image.suggestedCategory).toBe(next);
    }
  });

  it('counts every picture once and says in a line what it did', () => {
    const { candidates, kept, dropped } = run.counts;
    expect(kept + Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(candidates);
    expect(run.stages.find(({ stage }) => stage === 'curate')?.note).toMatch(/^\d+ dropped, \d+ to look at/);
  });

  it('queues doubted pictures, the surest first, until a person has decided', async () => {
    const { items, total, projectId } = await review(run.id);
    expect(projectId).toBe(project.id);
    expect(total).toBe(items.length);
    expect(items.map(({ suspicion }) => suspicion ?? 0)).toEqual(
      items.map(({ suspicion }) => suspicion ?? 0).sort((a, b) => b - a),
    );
    expect(items.filter(isBad).length).toBeGreaterThanOrEqual(0.8 * BAD * CATEGORIES.length);
    const [first] = items;
    await decide([{ sha256: first?.sha256, action: 'drop' }]);
    expect((await review(run.id)).items.map(({ id }) => id)).not.toContain(first?.id);
    await fetch(`${lab.url}/api/projects/${project.id}/decisions/${first?.sha256}`, { method: 'DELETE' });
    expect((await review(run.id)).items.map(({ id }) => id)).toContain(first?.id);
  });

  describe('in the next crawl, with another seed', () => {
    let kept: ImageView;
    let moved: ImageView;
    let excluded: ImageView;
    let again: RunView;
    let later: ImageView[];

    beforeAll(async () => {
      const wrong = images.filter((image) => image.doubt === 'likely-mislabelled' && isBad(image));
      const right = images.filter((image) => image.state === 'kept' && !isBad(image));
      [kept, moved] = wrong as [ImageView, ImageView];
      [excluded] = right as [ImageView];
      await decide([
        { sha256: kept.sha256, action: 'keep' },
        { sha256: moved.sha256, action: 'move', category: moved.suggestedCategory },
        { sha256: excluded.sha256, action: 'drop' },
      ]);
      again = await lab.runThrough(project.id, 'split', { ...SETTINGS, seed: 77 });
      later = await lab.images(again.id);
    }, 180_000);

    it('holds to decisions: keep, drop and move', () => {
      const after = new Map(later.map((image) => [image.sha256, image]));
      expect(after.get(kept.sha256)).toMatchObject({
        state: 'kept',
        category: kept.category,
        decision: 'keep',
        doubt: null,
      });
      expect(after.get(moved.sha256)).toMatchObject({
        state: 'kept',
        category: moved.suggestedCategory,
        movedFrom: moved.category,
      });
      expect(after.get(excluded.sha256)).toMatchObject({ state: 'dropped', reason: 'excluded-by-user' });
      expect(again.counts.dropped['excluded-by-user']).toBe(1);
    });

    it('never moves a picture from test to train', () => {
      const first = new Map(images.map((image) => [image.sha256, image.part]));
      const changed = later.filter(({ sha256, part }) => {
        const before = first.get(sha256) ?? null;
        return before !== null && part !== null && before !== part;
      });
      expect(changed).toEqual([]);
      expect(later.some(({ part }) => part === 'test')).toBe(true);
    });
  });

  it('does not look when it is told not to', async () => {
    const off = await lab.runThrough(project.id, 'curate', { ...SETTINGS, curate: 'off' });
    expect((await lab.images(off.id)).filter(({ doubt }) => doubt !== null)).toEqual([]);
  });

  it('only queues when it is told to, and never drops own pictures', async () => {
    const queued = await lab.runThrough(project.id, 'curate', { ...SETTINGS, curate: 'queue' });
    const all = await lab.images(queued.id);
    expect(all.filter(({ reason }) => reason === 'likely-mislabelled' || reason === 'outlier')).toEqual([]);
    expect(all.filter(({ doubt }) => doubt !== null).length).toBeGreaterThan(0);
  });

  it('refuses decisions about pictures it does not know, and moves to nowhere', async () => {
    const unknown = [{ sha256: 'a'.repeat(64), action: 'drop' }];
    await expect(decide(unknown)).rejects.toThrow(/unknown-picture/);
    const nowhere = [
      { sha256: images.find(({ sha256 }) => sha256)?.sha256, action: 'move', category: 'purple' },
    ];
    await expect(decide(nowhere)).rejects.toThrow(/red, green, blue/);
  });
});
