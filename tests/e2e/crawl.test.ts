import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../src/http/api.js';
import { startPictureServer, type PictureServer } from '../support/picture-server.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { graft } from '../support/graft-process.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: PictureServer;
const path = (...parts: string[]): string => join(folder.path, ...parts);

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startPictureServer(40);
});
afterAll(async () => {
  await server.close();
  await folder.remove();
});

interface Found {
  provider: string;
  query: string;
  rank: number;
}

const search = async (...args: string[]) => {
  const NODE_OPTIONS = `--require ${join(import.meta.dirname, '..', 'fixtures', 'no-internet.cjs')}`;
  const ended = await graft(['search', ...args, '--json'], { GRAFT_DATA_DIR: path('unused'), NODE_OPTIONS });
  return { ...ended, json: JSON.parse(ended.stdout) as Found[] & { error: Record<string, string> } };
};

describe('graft search', () => {
  test('lists candidates of the gallery without a data folder', async () => {
    const { code, json } = await search('fruit', '--provider', 'gallery', '--limit', '60');
    expect(code).toBe(0);
    expect(json).toHaveLength(60);
    expect(Object.keys(json[0] ?? {}).sort()).toEqual(
      ['provider', 'query', 'rank', 'imageUrl', 'pageUrl', 'licence', 'creator', 'width', 'height'].sort(),
    );
    expect(json.map(({ provider, query, rank }) => [provider, query, rank])).toEqual(
      json.map((_, rank) => ['gallery', 'fruit', rank]),
    );
    expect(await readdir(folder.path)).not.toContain('unused');
  });

  test('lists only licences that were asked for, and other phrasings when the plain one runs out', async () => {
    const { json } = await search(
      'fruit',
      '--provider',
      'gallery',
      '--limit',
      '400',
      '--licence',
      'public-domain',
    );
    expect(json).toEqual([]);
    const filled = await search('apple', '--provider', 'gallery', '--limit', '400', '--synonym', 'banana');
    const queries = [...new Set(filled.json.map(({ query }) => query))];
    expect(queries.slice(0, 2)).toEqual(['apple', 'banana']);
  });

  test('fails, naming provider, host and what to try, when nobody can be reached', async () => {
    const { code, json } = await search('cat', '--provider', 'openverse,wikimedia-commons');
    expect(code).toBe(1);
    expect(json.error.code).toBe('no-provider-answered');
    expect(json.error.message).toMatch(
      /openverse.*api\.openverse\.org.*wikimedia-commons.*commons\.wikimedia\.org/s,
    );
    expect(`${json.error.message} ${json.error.fix}`).toMatch(/--provider gallery/);
  });

  test.each([
    [['cat', '--provider', 'flickr'], 'needs-key'],
    [['cat', '--provider', 'pexels'], 'refused-provider'],
    [['cat', '--provider', 'altavista'], 'unknown-provider'],
  ])('%j is refused before anything is asked', async (args, code) => {
    const ended = await search(...args);
    expect([ended.code, ended.json.error.code]).toEqual([2, code]);
  });
});

describe('graft build --urls', () => {
  const env = (): Record<string, string> => ({ GRAFT_ALLOW_PRIVATE_HOSTS: server.hosts.join(',') });

  test('builds from a list, names its bad rows, attributes each picture, and retries only what failed', async () => {
    const rows = server.urls.map((url, n) => `${n % 2 ? 'odd' : 'even'},${url},Ann ${n},CC-BY-4.0`);
    rows.splice(3, 0, 'odd,"broken', 'odd,ftp://127.0.0.1/x.png');
    await writeFile(path('list.csv'), ['category,url,creator,licence', ...rows].join('\n'));
    server.failing.set('/7.png', (response) => response.writeHead(503).end());
    const build = await graft(
      [
        ...[
          'build',
          '--urls',
          path('list.csv'),
          '--licence',
          'commercial',
          '--backbone',
          'nsfwjs-mobilenet-v2',
        ],
        ...['--data-dir', path('data'), '--out', path('model'), '--json'],
      ],
      env(),
    );
    expect({ code: build.code, stderr: build.stderr }).toMatchObject({ code: 0 });
    expect(build.stderr).toMatch(/Left out 1 entry: line 5 \(a quotation mark/);
    expect(build.stderr).toMatch(/Refused 1 entry: line 6: ftp:.*bad-url/);
    const report = JSON.parse(build.stdout) as Report;
    expect(report.counts).toMatchObject({ candidates: 40, fetched: 39, dropped: { 'http-503': 1 } });
    expect(report.search.map(({ category, providers }) => [category, providers[0]?.provider])).toEqual([
      ['even', 'url-list'],
      ['odd', 'url-list'],
    ]);

    const attribution = await readFile(path('model', 'ATTRIBUTION.csv'), 'utf8');
    const lines = attribution.trimEnd().split('\r\n').slice(1);
    expect(lines).toHaveLength(report.counts.kept);
    const own = await (await fetch(server.urls[0] ?? '')).arrayBuffer();
    const sha256 = createHash('sha256').update(new Uint8Array(own)).digest('hex');
    expect(attribution).toContain(`${sha256},even,url-list,even,0,,Ann 0,CC-BY-4.0,`);
    const printed = await graft(['attribution', report.runId.slice(0, 8), '--data-dir', path('data')], env());
    expect(printed.stdout).toBe(attribution);

    server.failing.clear();
    const before = new Map(server.requests);
    const retried = await graft(['retry', report.runId, '--data-dir', path('data'), '--json'], env());
    expect({ code: retried.code, stderr: retried.stderr }).toMatchObject({ code: 0 });
    expect((JSON.parse(retried.stdout) as Report).counts).toMatchObject({
      candidates: 40,
      fetched: 40,
      dropped: {},
    });
    expect([...server.requests].filter(([name, count]) => count !== before.get(name))).toEqual([
      ['/7.png', (before.get('/7.png') ?? 0) + 1],
    ]);
  });
});
