import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { download } from '../../../../zoo/hub/download.js';
import { fetchWeights } from '../../../../zoo/hub/fetch-weights.js';
import { createRng, HubError } from '../../../../zoo/index.js';
import { breaksAfter, startWeightsServer } from '../../../support/weights-server.js';
import { temporaryFolder } from '../backbones/installed.js';

const rng = createRng('weights');
const body = Buffer.from(Uint8Array.from({ length: 300_000 }, () => rng.int(256)));
const sha256 = createHash('sha256').update(body).digest('hex');
const server = await startWeightsServer();
const url = `${server.base}net.onnx`;
const request = { url, bytes: body.length, sha256 };
const fast = { pauseMs: 1 };
const NOBODY = 2 ** 22 + 12345; // above any process number

beforeEach(() => {
  server.files.clear();
  server.files.set('/net.onnx', body);
  server.special.clear();
  server.requests.length = 0;
});

async function reasonOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((caught: unknown) => caught);
  return error instanceof HubError ? `${error.reason}: ${error.message}` : String(error);
}

describe('a download', () => {
  it('brings the file, tells how far it is, and leaves nothing else', async () => {
    const folder = await temporaryFolder();
    const seen: [number, number | null][] = [];
    const onProgress = (done: number, total: number | null): void => void seen.push([done, total]);
    const found = await download(request, path.join(folder, 'net'), { onProgress });
    expect(found).toEqual({ bytes: body.length, sha256, statedSha256: null });
    expect(await readFile(path.join(folder, 'net'))).toEqual(body);
    expect(await readdir(folder)).toEqual(['net']);
    expect(seen.at(-1)).toEqual([body.length, body.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).sort((a, b) => a - b));
  });

  it('goes on where the connection broke', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    server.special.set('/net.onnx', (message, response) => {
      server.special.delete('/net.onnx');
      breaksAfter(100_000, body)(message, response);
    });
    await download(request, target, fast);
    expect(await readFile(target)).toEqual(body);
    expect(server.requests).toEqual(['/net.onnx', expect.stringMatching(/^\/net.onnx bytes=\d{4,}-$/)]);
  });

  it('goes on with what a killed process left', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    await writeFile(`${target}.${NOBODY}.part`, body.subarray(0, 250_000));
    await download(request, target, fast);
    expect(await readFile(target)).toEqual(body);
    expect(server.requests).toEqual(['/net.onnx bytes=250000-']);
  });

  it('takes what a killed process had finished', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    await writeFile(`${target}.${NOBODY}.part`, body);
    await download(request, target, fast);
    expect(await readFile(target)).toEqual(body);
  });

  it('begins anew where the server knows no ranges', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    await writeFile(`${target}.${NOBODY}.part`, Buffer.alloc(1000));
    server.special.set('/net.onnx', (_message, response) => response.writeHead(200).end(body));
    await download(request, target, fast);
    expect(await readFile(target)).toEqual(body);
  });

  it('serves two callers at a time', async () => {
    const folder = await temporaryFolder();
    const target = path.join(folder, 'net');
    await Promise.all([download(request, target, fast), download(request, target, fast)]);
    expect(await readFile(target)).toEqual(body);
    expect(await readdir(folder)).toEqual(['net']);
  });

  it('follows redirects, but not for ever and not to elsewhere than the web', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    const to = (location: string) => ({
      url: `${server.base}moved`,
      answer: void server.special.set('/moved', (_message, response) =>
        response.writeHead(302, { location }).end(),
      ),
    });
    await download({ ...request, url: to('/net.onnx').url }, target, fast);
    expect(await readFile(target)).toEqual(body);
    expect(await reasonOf(download({ ...request, url: to('/moved').url }, target, fast))).toMatch(
      /^redirects:.*more than 5/,
    );
    expect(await reasonOf(download({ ...request, url: to('ftp://host/file').url }, target, fast))).toMatch(
      /^redirects:.*ftp/,
    );
  });

  it.each([
    ['another checksum', { sha256: '0'.repeat(64) }, /^changed: .*sha256/],
    ['another size', { bytes: 1000 }, /^changed: .*bytes instead of 1000/],
    ['a file that is not there', { url: `${server.base}none` }, /^http: .*404.*no such file/],
  ])('refuses %s and keeps nothing', async (_name, changes, message) => {
    const folder = await temporaryFolder();
    expect(await reasonOf(download({ ...request, ...changes }, path.join(folder, 'net'), fast))).toMatch(
      message,
    );
    expect((await readdir(folder)).filter((name) => !name.endsWith('.part'))).toEqual([]);
  });

  it('says that there is no connection, and what helps', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    server.special.set('/net.onnx', (_message, response) => response.destroy());
    expect(await reasonOf(download(request, target, fast))).toMatch(/^unreachable: .*GRAFT_ZOO_MIRROR/);
    expect(server.requests.length).toBe(4);
  });

  it('says that it cannot be written', async () => {
    const folder = await temporaryFolder();
    await writeFile(path.join(folder, 'file'), '');
    expect(await reasonOf(download(request, path.join(folder, 'file', 'net'), fast))).toMatch(
      /^disk: .*GRAFT_CACHE_DIR/,
    );
  });

  it('keeps what it has when it is interrupted', async () => {
    const target = path.join(await temporaryFolder(), 'net');
    const stop = new AbortController();
    const options = { ...fast, signal: stop.signal, onProgress: () => stop.abort(new Error('stopped')) };
    await expect(download(request, target, options)).rejects.toThrow('stopped');
    const [part] = await readdir(path.dirname(target));
    expect(part).toMatch(/^net\.\d+\.part$/);
  });
});

describe('weights whose card states no checksum', () => {
  const open = { kind: 'download' as const, url, bytes: null, sha256: null };

  it('are locked at first use', async () => {
    const folder = await temporaryFolder();
    const first = await fetchWeights('net', open, folder, fast);
    expect(first.sha256).toBe(sha256);
    const lock = JSON.parse(await readFile(path.join(folder, 'zoo.lock.json'), 'utf8')) as object;
    expect(lock).toEqual({ net: { url, bytes: body.length, sha256, from: 'first use' } });
    server.files.set('/net.onnx', Buffer.concat([body, Buffer.from('!')]));
    expect(await fetchWeights('net', open, folder, fast)).toEqual(first);
    await writeFile(first.path, 'lost');
    expect(await reasonOf(fetchWeights('net', open, folder, fast))).toMatch(/^changed: .*zoo\.lock\.json/);
  });

  it('are compared with what the hub states, before it redirects', async () => {
    const folder = await temporaryFolder();
    const states = (etag: string): void => {
      const head = { location: '/net.onnx', 'x-linked-etag': `"${etag}"` };
      server.special.set('/hub', (_message, response) => response.writeHead(302, head).end());
    };
    const source = { ...open, url: `${server.base}hub` };
    states('1'.repeat(64));
    expect(await reasonOf(fetchWeights('hub', source, folder, fast))).toMatch(/^changed/);
    states(sha256);
    await fetchWeights('hub', source, folder, fast);
    const lock = JSON.parse(await readFile(path.join(folder, 'zoo.lock.json'), 'utf8')) as object;
    expect(lock).toMatchObject({ hub: { from: 'hub', sha256 } });
  });

  it('are not taken from another address without a word', async () => {
    const folder = await temporaryFolder();
    await fetchWeights('net', open, folder, fast);
    expect(
      await reasonOf(fetchWeights('net', { ...open, url: `${server.base}other` }, folder, fast)),
    ).toMatch(/^changed/);
  });

  it('need a lock file that can be read', async () => {
    const folder = await temporaryFolder();
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'zoo.lock.json'), '{');
    expect(await reasonOf(fetchWeights('net', open, folder, fast))).toMatch(
      /^bad-zoo-file: .*zoo\.lock\.json/,
    );
  });
});
