import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageView, ProjectView, RunView } from '../../../src/http/api.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { openDataLab, type DataLab } from './data-lab.js';

const EACH = 20;
const OWN = 4;
const SETTINGS = { providers: ['searxng'], imagesPerCategory: EACH, morePhrasings: false, safety: 'off' };

const MARK = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="240" stroke="#fff" stroke-opacity="0.3" stroke-width="7" fill="none">` +
    `<path d="M0 0L320 240M320 0L0 240"/><circle cx="160" cy="120" r="60"/></svg>`,
);
const marked = async (seed: number): Promise<Buffer> =>
  sharp(await texturedPicture(seed))
    .composite([{ input: MARK }])
    .png()
    .toBuffer();

describe('a site that lays its mark over all pictures', () => {
  let lab: DataLab;
  let project: ProjectView;

  beforeAll(async () => {
    lab = await openDataLab();
    const results = new Map<string, string[]>();
    for (const [at, category] of ['red', 'blue'].entries()) {
      const one = async (i: number): Promise<string> =>
        lab.put(`${category}-${i}.png`, await marked(100 * at + i + 1));
      results.set(category, await Promise.all(Array.from({ length: EACH }, (_, i) => one(i))));
    }
    lab.engine.answer = (query, page) => (page === 1 ? (results.get(query) ?? []) : []);
    project = await lab.project('red', 'blue');
    const own = await Promise.all(
      Array.from({ length: OWN }, async (_, i) => [`${i}.png`, await marked(900 + i)] as const),
    );
    await lab.upload(project, 'red', new Map(own));
  }, 60_000);
  afterAll(() => lab.close());

  const run = (settings: Record<string, unknown>): Promise<RunView> =>
    lab.runThrough(project.id, 'dedupe', { ...SETTINGS, ...settings });
  const dropped = (images: readonly ImageView[]): ImageView[] =>
    images.filter(({ reason }) => reason === 'watermark');

  it('loses them, but not own pictures, and says why', async () => {
    const { id, counts } = await run({});
    const images = dropped(await lab.images(id));
    expect(images.length).toBeGreaterThan(1.5 * EACH);
    expect(new Set(images.map(({ provider }) => provider))).toEqual(new Set(['searxng']));
    expect(images[0]?.detail).toMatch(/^shows \d+ % of an overlay .* of 127\.0\.0\.1:\d+$/);
    expect(counts.dropped['watermark']).toBe(images.length);
  }, 120_000);

  it('keeps them when told to, and leaves the hashes of all pictures beside the run', async () => {
    const { id } = await run({ inspect: { maxOverlay: 2 } });
    expect(dropped(await lab.images(id))).toEqual([]);
    const file = join(lab.dataDir, 'runs', id, 'hashes.bin');
    expect((await stat(file)).size).toBeGreaterThan((2 * EACH + OWN) * 900);
  }, 120_000);
});
