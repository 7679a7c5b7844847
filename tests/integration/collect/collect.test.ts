import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ListedUrls, Retried, RunView } from '../../../src/http/api.js';
import { request } from '../../support/service-process.js';
import { openCrawlLab, rowsOf, type CrawlLab } from './crawl-lab.js';

let lab: CrawlLab;
let urls: readonly string[];
beforeAll(async () => {
  lab = await openCrawlLab(60);
  urls = lab.pictures.urls;
});
beforeEach(() => lab.reset());
afterAll(() => lab.close());

const SEARXNG = { providers: ['searxng'], backbones: ['nsfwjs-mobilenet-v2'], morePhrasings: false };
const stage = (run: RunView, name: string) => run.stages.find((one) => one.stage === name);

/** The engine has so many pictures, half of them for each of two categories, so many a page. */
function halves(count: number, perPage: number): void {
  const half = count / 2;
  lab.engine.answer = (query, page) => {
    const own = query === 'cat' ? urls.slice(0, half) : query === 'dog' ? urls.slice(half, count) : [];
    return own.slice((page - 1) * perPage, page * perPage);
  };
}

describe('the search stops', () => {
  it('when enough pictures are kept, counting kept ones, and asks no further', async () => {
    halves(60, 10);
    // Every third picture is gone, so that one round cannot be enough.
    for (let n = 0; n < 60; n += 3)
      lab.pictures.failing.set(`/${n}.png`, (response) => response.writeHead(404).end());
    const project = await lab.project('cat', 'dog');
    const run = await lab.crawled((await lab.run(project.id, { ...SEARXNG, imagesPerCategory: 12 })).id);
    expect(
      run.search.map(({ category, wanted, stoppedBecause }) => [category, wanted, stoppedBecause]),
    ).toEqual([
      ['cat', 12, 'enough'],
      ['dog', 12, 'enough'],
    ]);
    for (const { kept, providers } of run.search) {
      expect(kept).toBeGreaterThanOrEqual(12);
      expect(providers).toEqual([expect.objectContaining({ provider: 'searxng', state: 'stopped', kept })]);
    }
    expect(run.counts.dropped['http-404']).toBeGreaterThan(0);
    expect(stage(run, 'dedupe')?.note).toBe('every category has enough');
    expect(new Set(lab.engine.asked).size).toBe(lab.engine.asked.length);
    expect(lab.engine.asked.filter((question) => question.startsWith('cat/'))).not.toContain('cat/3');
    expect([...lab.pictures.requests.values()].every((count) => count === 1)).toBe(true);
  });

  it('when every provider is exhausted, after all phrasings, and says so', async () => {
    halves(24, 50);
    const project = await lab.project('cat', 'dog');
    const settings = {
      ...SEARXNG,
      imagesPerCategory: 40,
      synonyms: { cat: ['kitty'] },
      queries: { dog: ['Hund'] },
    };
    const run = await lab.crawled((await lab.run(project.id, settings)).id);
    expect(run.search).toMatchObject([
      { category: 'cat', wanted: 40, kept: 12, stoppedBecause: 'exhausted' },
      { category: 'dog', wanted: 40, kept: 12, stoppedBecause: 'exhausted' },
    ]);
    expect(run.search[0]?.providers[0]?.queries.map(({ query, found }) => [query, found])).toEqual([
      ['cat', 12],
      ['kitty', 0],
    ]);
    expect(lab.engine.asked).toEqual(expect.arrayContaining(['kitty/1', 'Hund/1']));
    expect(stage(run, 'dedupe')?.note).toContain('cat: 12 of 40 kept, every provider is exhausted');
  });

  it('with what others have, when a provider changes its shape; a dead one is named', async () => {
    const project = await lab.project('fruit', 'vehicle');
    lab.engine.answer = () => 404;
    const settings = { ...SEARXNG, providers: ['searxng', 'gallery'], imagesPerCategory: 10 };
    const run = await lab.crawled((await lab.run(project.id, settings)).id);
    expect(run.search.map(({ stoppedBecause }) => stoppedBecause)).toEqual(['enough', 'enough']);
    for (const { providers } of run.search) {
      expect(providers.find(({ provider }) => provider === 'searxng')).toMatchObject({
        state: 'failed',
        found: 0,
        reason: expect.stringMatching(/searxng.*127\.0\.0\.1.*changed/) as string,
      });
    }
    expect(lab.engine.asked).toHaveLength(1);
    expect(stage(run, 'search')?.note).toMatch(/"searxng" \(127\.0\.0\.1/);
  });

  it('with an error when nobody answers, naming provider, host and what to try', async () => {
    lab.engine.answer = () => 403;
    const project = await lab.project('cat', 'dog');
    const run = await lab.crawled((await lab.run(project.id, SEARXNG)).id);
    expect(run).toMatchObject({ state: 'failed', error: { code: 'no-provider-answered', stage: 'search' } });
    expect(`${run.error?.message} ${run.error?.fix}`).toMatch(
      /searxng.*127\.0\.0\.1.*refused.*--provider gallery.*--from/,
    );
    // Whoever tries again hopes for better: the same run asks anew.
    await request(`${lab.url}/api/runs/${run.id}/resume`, { method: 'POST' });
    lab.engine.answer = () => [];
    expect((await lab.crawled(run.id)).error?.code).toBe('nothing-found');
  });
});

describe('before download', () => {
  it('the same picture under another address is told, and the same address is fetched once for all categories', async () => {
    const [first = '', second = ''] = urls;
    lab.engine.answer = (query, page) =>
      page > 1 || !['cat', 'dog'].includes(query)
        ? []
        : query === 'cat'
          ? [first, `${first}?utm_source=feed`, ...urls.slice(1, 10)]
          : [second, ...urls.slice(10, 20)];
    const project = await lab.project('cat', 'dog');
    const run = await lab.crawled((await lab.run(project.id, { ...SEARXNG, imagesPerCategory: 30 })).id);
    const twins = await lab.images(run.id, '&reason=exact-duplicate');
    expect(twins).toEqual([
      expect.objectContaining({ imageUrl: `${first}?utm_source=feed`, stage: 'fetch', sha256: null }),
    ]);
    expect(twins[0]?.detail).toContain(first);
    expect([...lab.pictures.requests.values()].every((count) => count === 1)).toBe(true);
    const shared = (await lab.images(run.id)).filter(({ imageUrl }) => imageUrl === second);
    expect(shared.map(({ category, reason }) => [category, reason])).toEqual([
      ['cat', 'cross-category'],
      ['dog', 'cross-category'],
    ]);
    const { kept, candidates, dropped } = run.counts;
    expect(kept + Object.values(dropped).reduce((sum, count) => sum + count, 0)).toBe(candidates);
  });

  it('a twin is fetched after all when its picture cannot be had', async () => {
    const [first = '', ...others] = urls.slice(0, 20);
    const gone = 'http://127.0.0.1:9/photos/777/large.jpg';
    const page = (n: number): string => `https://www.inaturalist.org/photos/${n}`;
    const project = await lab.project('cat', 'dog');
    const rows = [{ category: 'cat', url: gone, page: page(777) }, ...rowsOf(others, ['cat', 'dog'])];
    await request(`${lab.url}/api/projects/${project.id}/urls`, { body: { rows } });
    lab.engine.answer = (query, n) => (query === 'cat' && n === 1 ? [`${gone}?utm_x=1`, first] : []);
    const run = await lab.crawled((await lab.run(project.id, { ...SEARXNG, imagesPerCategory: 30 })).id);
    const reasons = (await lab.images(run.id)).filter(({ imageUrl }) => imageUrl.startsWith(gone));
    expect(reasons.map(({ provider, reason }) => [provider, reason]).sort()).toEqual([
      ['searxng', 'private-address'],
      ['url-list', 'private-address'],
    ]);
  });

  it('a licence that was not asked for is counted as unlicensed and not downloaded', async () => {
    const project = await lab.project('cat', 'dog');
    const rows = [
      ...rowsOf(urls.slice(0, 20), ['cat', 'dog'], { licence: 'CC BY 4.0' }),
      ...rowsOf(urls.slice(20, 30), ['cat', 'dog'], { licence: 'CC-BY-NC-4.0' }),
      ...rowsOf(urls.slice(30, 40), ['cat', 'dog']),
    ];
    await request(`${lab.url}/api/projects/${project.id}/urls`, { body: { rows } });
    const settings = { licence: 'commercial', backbones: SEARXNG.backbones };
    const run = await lab.crawled((await lab.run(project.id, settings)).id);
    expect(run.counts).toMatchObject({ candidates: 40, fetched: 20, dropped: { unlicensed: 20 } });
    expect(lab.pictures.requests.size).toBe(20);
    const details = (await lab.images(run.id, '&reason=unlicensed')).map(({ detail }) => detail);
    expect(details.filter((detail) => detail?.includes('CC-BY-NC-4.0'))).toHaveLength(10);
    expect(details.filter((detail) => detail?.includes('not known'))).toHaveLength(10);
  });
});

describe('listed addresses', () => {
  it('become candidates of url-list, each one; bad rows are reported by line, and sent again they add nothing', async () => {
    const project = await lab.project('cat', 'dog');
    const rows = [
      ...rowsOf(urls.slice(0, 20), ['cat', 'DOG ']),
      { category: 'fox', url: 'https://example.org/1.jpg', line: 22 },
      { category: 'cat', url: 'file:///etc/passwd', line: 23 },
      { category: 'cat', url: 'cat.jpg', line: 24 },
    ];
    const send = (): Promise<ListedUrls> =>
      request(`${lab.url}/api/projects/${project.id}/urls`, { body: { rows } });
    const answer = await send();
    expect(answer.accepted).toBe(20);
    expect(answer.rejected.map(({ line, reason }) => [line, reason])).toEqual([
      [22, 'unknown-category'],
      [23, 'bad-url'],
      [24, 'bad-url'],
    ]);
    await send();
    const run = await lab.crawled((await lab.run(project.id, { backbones: SEARXNG.backbones })).id);
    expect(run.settings.providers).toEqual([]);
    expect(run.counts).toMatchObject({ candidates: 20, fetched: 20 });
    const images = await lab.images(run.id);
    expect(new Set(images.map(({ provider }) => provider))).toEqual(new Set(['url-list']));
    expect(images.filter(({ category }) => category === 'dog').map(({ rank }) => rank)).toEqual(
      Array.from({ length: 10 }, (_, n) => n),
    );
    expect(lab.engine.asked).toEqual([]);
  });
});

describe('failed fetches', () => {
  const fail = (paths: number[], status: number): void => {
    for (const n of paths)
      lab.pictures.failing.set(`/${n}.png`, (response) => response.writeHead(status).end());
  };

  async function listedRun(): Promise<RunView> {
    const project = await lab.project('cat', 'dog');
    const body = { rows: rowsOf(urls.slice(0, 24), ['cat', 'dog']) };
    await request(`${lab.url}/api/projects/${project.id}/urls`, { body });
    return lab.crawled((await lab.run(project.id, { backbones: SEARXNG.backbones })).id);
  }

  const retry = (runId: string, reasons?: string[]): Promise<Retried> =>
    request(`${lab.url}/api/runs/${runId}/retry-failed`, { body: { reasons } });

  it('of a run without a data set are fetched again in it, and only those that may pass', async () => {
    fail([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21], 503);
    fail([0], 404);
    const run = await listedRun();
    expect(run).toMatchObject({ state: 'failed', stage: 'split' });
    expect(run.counts.dropped).toMatchObject({ 'http-503': 11, 'http-404': 1 });
    const before = new Map(lab.pictures.requests);
    lab.pictures.failing.clear();
    expect(await retry(run.id)).toEqual({
      runId: run.id,
      copied: false,
      pictures: 11,
      byReason: { 'http-503': 11 },
    });
    const again = await lab.crawled(run.id);
    expect(again.error).toBeNull();
    expect(again.counts).toMatchObject({ candidates: 24, fetched: 23, dropped: { 'http-404': 1 } });
    const repeated = [...lab.pictures.requests].filter(([path, count]) => count !== before.get(path));
    expect(repeated.map(([path]) => Number(path.slice(1, -4))).sort((a, b) => a - b)).toEqual([
      1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21,
    ]);
  });

  it('of a run that has gone further are fetched in a copy, and the old one stays as it is', async () => {
    fail([2, 3], 503);
    const old = await listedRun();
    expect(old.counts).toMatchObject({ fetched: 22, dropped: { 'http-503': 2 } });
    await expect(retry(old.id, ['timeout'])).rejects.toThrow(/nothing-to-retry.*http-503 \(2\)/);
    const before = new Map(lab.pictures.requests);
    lab.pictures.failing.clear();
    const retried = await retry(old.id, ['http-503']);
    expect(retried).toMatchObject({ copied: true, pictures: 2 });
    const run = await lab.crawled(retried.runId);
    expect(run.counts).toMatchObject({ candidates: 24, fetched: 24, dropped: {} });
    expect(run.settings).toEqual(old.settings);
    const repeated = [...lab.pictures.requests].filter(([path, count]) => count !== before.get(path));
    expect(repeated.map(([path]) => path).sort()).toEqual(['/2.png', '/3.png']);
    const now = await request<RunView>(`${lab.url}/api/runs/${old.id}`);
    expect(now.counts).toEqual(old.counts);
    await expect(retry(old.id, ['http-503'])).resolves.toMatchObject({ copied: true });
  });
});

describe('the attribution file', () => {
  it('has a line for each kept picture, with all that a licence asks for, and no formula', async () => {
    halves(24, 50);
    const project = await lab.project('cat', 'dog');
    const run = await lab.crawled((await lab.run(project.id, { ...SEARXNG, imagesPerCategory: 12 })).id);
    const response = await fetch(`${lab.url}/api/runs/${run.id}/attribution`);
    expect(response.headers.get('content-disposition')).toContain('ATTRIBUTION.csv');
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe('sha256,category,provider,query,rank,page,creator,licence,licence_url,title,image');
    expect(lines).toHaveLength(run.counts.kept);
    const kept = await lab.images(run.id, '&state=kept');
    for (const image of kept) {
      const line = lines.find((text) =>
        text.startsWith(`${image.sha256},${image.category},searxng,${image.query},`),
      );
      expect(line).toContain(`,${image.rank},${image.pageUrl},`);
      expect(line).toContain(image.rank % 2 ? ",'=cmd()," : ',"Ann, ""the"" Artist",');
      expect(line).toMatch(new RegExp(`,${image.imageUrl}$`));
    }
  });
});

describe('what is refused at once', () => {
  it.each([
    [{ providers: ['flickr'] }, /GRAFT_FLICKR_KEY.*needs-key/],
    [{ providers: ['unsplash'] }, /refused-provider/],
    [{ providers: ['altavista'] }, /unknown-provider/],
    [{ providers: ['gallery'], synonyms: { fox: ['vixen'] } }, /fox.*unknown-category/],
  ])('%j', async (settings, message) => {
    const project = await lab.project('cat', 'dog');
    await expect(lab.run(project.id, settings)).rejects.toThrow(message);
  });
});
