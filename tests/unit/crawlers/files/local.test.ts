import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localAddress, localPath } from '../../../../crawlers/files/local-address.js';
import { createCrawler, type Candidate, type Crawler } from '../../../../crawlers/index.js';
import { makeZip } from '../../../support/make-zip.js';
import { temporaryFolder } from '../../../support/temporary-folder.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('addresses of local pictures', () => {
  it.each(['cats/1.jpg', 'red fox/a b#c?d%2f.png', 'ünï/…/x.jpg', 'a/.../b.png'])('%s comes back', (path) => {
    expect(localPath('folder', localAddress('folder', path))).toBe(path);
  });

  it.each([
    'graft-zip:///cats/1.jpg',
    'graft-folder:///../1.jpg',
    'graft-folder:///cats/%2e%2e/1.jpg',
    'graft-folder:///cats%2F..%2F..%2Fetc/passwd',
    'graft-folder:///cats/..%5c1.jpg',
    'graft-folder:////etc/passwd',
    'graft-folder:///cats/%00.jpg',
    'graft-folder:///%zz',
    'graft-folder://host/cats/1.jpg',
    'file:///etc/passwd',
    'http://a.test/cats/1.jpg',
    '',
  ])('%s leads nowhere', (address) => {
    expect(localPath('folder', address)).toBeNull();
  });
});

describe('pictures of this machine', () => {
  let temporary: Awaited<ReturnType<typeof temporaryFolder>>;
  let root: string;
  const crawlers: Crawler[] = [];
  beforeEach(async () => {
    temporary = await temporaryFolder();
    root = temporary.path;
  });
  afterEach(async () => {
    for (const crawler of crawlers.splice(0)) await crawler.close();
    await temporary.remove();
  });

  const crawlerWith = (settings: Record<string, string>): Crawler => {
    const crawler = createCrawler({
      userAgent: 'GraftTest/1.0',
      settings,
      allowPrivateHosts: [],
      limits: { maxBytes: 1000 },
      resolve: () => Promise.reject(Object.assign(new Error('offline'), { code: 'ENOTFOUND' })),
    });
    crawlers.push(crawler);
    return crawler;
  };

  async function found(crawler: Crawler, provider: string, query: string): Promise<Candidate[]> {
    const all: Candidate[] = [];
    for await (const candidate of crawler.search({ provider, query })) all.push(candidate);
    return all;
  }

  async function makeFolder(): Promise<string> {
    const folder = join(root, 'pictures');
    await mkdir(join(folder, 'Red_Fox', 'more'), { recursive: true });
    await mkdir(join(folder, 'wolf'));
    await writeFile(join(folder, 'Red_Fox', 'b.png'), PNG);
    await writeFile(join(folder, 'Red_Fox', 'more', 'a.png'), PNG);
    await writeFile(join(folder, 'Red_Fox', 'notes.txt'), 'no picture');
    await writeFile(join(folder, 'Red_Fox', 'big.jpg'), Buffer.alloc(1001));
    await writeFile(join(folder, 'Red_Fox', 'fake.jpg'), 'no picture');
    await writeFile(join(root, 'secret.png'), PNG);
    await symlink(join(root, 'secret.png'), join(folder, 'Red_Fox', 'link.png'));
    await symlink(root, join(folder, 'Red_Fox', 'up'));
    return folder;
  }

  it('folder: finds the pictures of a category, follows no links, reads their bytes', async () => {
    const crawler = crawlerWith({ 'folder.path': await makeFolder() });
    const all = await found(crawler, 'folder', 'red fox');
    expect(all.map((one) => one.imageUrl)).toEqual(
      ['b.png', 'big.jpg', 'fake.jpg', 'more/a.png'].map((name) => `graft-folder:///Red_Fox/${name}`),
    );
    expect(all[0]).toMatchObject({ provider: 'folder', title: 'b.png', bytes: PNG.length, pageUrl: null });
    const outcomes = await Promise.all(all.map((one) => crawler.fetchImage(one)));
    expect(outcomes.map((one) => (one.kind === 'fetched' ? one.mime : one.reason))).toEqual([
      'image/png',
      'too-large',
      'not-an-image',
      'image/png',
    ]);
    expect(await found(crawler, 'folder', 'lynx')).toEqual([]);
  });

  it('folder: what leads out of it, is gone, or comes from the web is not read', async () => {
    const crawler = crawlerWith({ 'folder.path': await makeFolder() });
    const reasonOf = async (imageUrl: string, provider: string | null): Promise<string> => {
      const outcome = await crawler.fetchImage({ imageUrl, provider });
      return outcome.kind === 'fetched' ? 'fetched' : outcome.reason;
    };
    expect(await reasonOf('graft-folder:///Red_Fox/b.png', 'folder')).toBe('fetched');
    expect(await reasonOf('graft-folder:///Red_Fox/link.png', 'folder')).toBe('bad-url');
    expect(await reasonOf('graft-folder:///Red_Fox/up/secret.png', 'folder')).toBe('bad-url');
    expect(await reasonOf('graft-folder:///Red_Fox/gone.png', 'folder')).toBe('unreachable');
    expect(await reasonOf('graft-folder:///Red_Fox/b.png', 'zip')).toBe('bad-url');
    for (const provider of ['openverse', 'url-list', 'upload', null])
      expect(await reasonOf('graft-folder:///Red_Fox/b.png', provider)).toBe('bad-url');
  });

  it('zip: finds and reads pictures inside, with or without one folder around all', async () => {
    for (const around of ['', 'export/', 'red fox/']) {
      const path = join(root, `${around.length}.zip`);
      const inside =
        around === 'red fox/' ? ['a/1.png', 'b/2.png'] : ['red fox/1.png', 'red fox/2.png', 'wolf/3.png'];
      const entries = [...inside, '__MACOSX/red fox/1.png'];
      await writeFile(
        path,
        makeZip(entries.map((name) => ({ name: name.startsWith('_') ? name : around + name, data: PNG }))),
      );
      const crawler = crawlerWith({ 'zip.path': path });
      const all = await found(crawler, 'zip', 'Red-Fox');
      expect(all.map((one) => [one.title, one.bytes])).toEqual([
        ['1.png', PNG.length],
        ['2.png', PNG.length],
      ]);
      expect(await Promise.all(all.map((one) => crawler.fetchImage(one)))).toMatchObject([
        { kind: 'fetched', mime: 'image/png' },
        { kind: 'fetched' },
      ]);
    }
  });

  it('zip: a bomb, a lie about a size, a link and a damaged archive are dropped with a reason', async () => {
    const path = join(root, 'hostile.zip');
    const entries = [
      { name: 'fox/bomb.png', data: Buffer.alloc(1_000_000) },
      { name: 'fox/lie.png', data: Buffer.alloc(1_000_000), claimedSize: 10 },
      { name: 'fox/link.png', data: Buffer.from('/etc/passwd'), unixMode: 0o120777 },
      { name: 'fox/ok.png', data: PNG },
    ];
    await writeFile(path, makeZip(entries));
    const crawler = crawlerWith({ 'zip.path': path });
    const all = await found(crawler, 'zip', 'fox');
    const outcomes = await Promise.all(all.map((one) => crawler.fetchImage(one)));
    expect(
      all.map((one, n) => [one.title, outcomes[n]?.kind === 'dropped' ? outcomes[n].reason : 'fetched']),
    ).toEqual([
      ['bomb.png', 'too-large'],
      ['lie.png', 'truncated'],
      ['ok.png', 'fetched'],
    ]);
    await writeFile(join(root, 'bad.zip'), 'not a zip');
    const bad = crawlerWith({
      'zip.path': join(root, 'bad.zip'),
      'folder.path': join(root, 'nowhere'),
      'url-list.path': join(root, 'none.txt'),
    });
    for (const provider of ['zip', 'folder', 'url-list'])
      await expect(found(bad, provider, 'fox')).rejects.toMatchObject({ provider, reason: 'needs-key' });
  });

  it('url-list: reads the file that is set', async () => {
    const path = join(root, 'list.csv');
    await writeFile(path, 'category,url\nred fox,https://foxes.test/1.jpg\nwolf,https://wolves.test/1.jpg\n');
    const all = await found(crawlerWith({ 'url-list.path': path }), 'url-list', 'Red Fox');
    expect(all.map((one) => [one.provider, one.imageUrl])).toEqual([
      ['url-list', 'https://foxes.test/1.jpg'],
    ]);
  });
});
