import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedKey, KeyView } from '../../../src/http/api.js';
import { graft, startGraft, type Ended, type GraftProcess } from '../../support/graft-process.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

/** A key that is none, but has the form of one. */
const GUESSED = `graft_${'Zz9_-'.repeat(8)}abc`;

describe('keys, from the command line to the log', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let service: GraftProcess;
  let url: string;
  let admin: string;
  let camera: CreatedKey;

  const withData = (args: string[], env?: Record<string, string>): Promise<Ended> =>
    graft([...args, '--data-dir', folder.path], env);
  const ask = (path: string, init?: RequestInit): Promise<Response> => fetch(`${url}${path}`, init);
  const bearer = (key: string): RequestInit => ({ headers: { authorization: `Bearer ${key}` } });

  beforeAll(async () => {
    folder = await temporaryFolder();
    const made = await withData(['keys', 'create', '--name', 'laptop', '--scope', 'admin']);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('not shown again') as string });
    admin = made.stdout.trim();
    service = startGraft(['serve', '--port', '0', '--data-dir', folder.path], {
      GRAFT_REQUIRE_KEYS: 'true',
      GRAFT_LOG: 'json',
    });
    [, url = ''] = await service.printed('stdout', /(http:\/\/127\.0\.0\.1:\d+)/);
  });
  afterAll(async () => {
    service.child.kill('SIGKILL');
    await folder.remove();
  });

  it('makes keys through the service that runs, without a key of its own', async () => {
    const made = await withData(['keys', 'create', '--name', 'camera', '--scope', 'predict', '--json']);
    camera = JSON.parse(made.stdout) as CreatedKey;
    expect(camera).toMatchObject({ name: 'camera', scopes: ['predict'], expiresAt: null });
    expect((await ask('/api/projects', bearer(admin))).status).toBe(200);
    expect((await ask('/api/projects', bearer(camera.key))).status).toBe(403);
    expect((await ask('/api/projects')).status).toBe(401);
  });

  it('lists and revokes them, and says who did what', async () => {
    const list = await withData(['keys', 'list']);
    expect(list.stdout).toMatch(/camera +graft_.{6}… +predict/);
    expect(await withData(['keys', 'revoke', 'camera'])).toMatchObject({ code: 0 });
    expect((await ask('/api/models/none/predict', { method: 'POST', ...bearer(camera.key) })).status).toBe(
      401,
    );
    const keys = JSON.parse((await withData(['keys', 'list', '--json'])).stdout) as KeyView[];
    expect(keys.find(({ name }) => name === 'camera')?.revokedAt).not.toBeNull();
    expect(await withData(['keys', 'revoke', 'camera'])).toMatchObject({ code: 2 });
    const audit = await withData(['audit']);
    expect(audit.stdout).toMatch(/command line +DELETE \/api\/keys\/:keyId/);
  });

  it('writes no key into the log or the data folder, wherever somebody put it', async () => {
    const picture = Uint8Array.from(await texturedPicture(1));
    const json = { 'content-type': 'application/json' };
    for (const key of [admin, camera.key, GUESSED]) {
      const cookie = { cookie: `graft_key=${key}; other=${key}` };
      await ask(`/api/projects?key=${key}`, bearer(key));
      await ask(`/api/models/${key}/predict`, { method: 'POST', body: picture, ...bearer(admin) });
      await ask(`/api/keys/${key}`, { method: 'DELETE', ...bearer(admin) });
      await ask('/api/projects', { headers: cookie });
      await ask('/api/session', { method: 'POST', headers: json, body: JSON.stringify({ key }) });
      await ask('/api/session', { method: 'POST', headers: json, body: `{"key": "${key}` });
      await ask('/api/projects', { headers: { 'x-request-id': key, authorization: key } });
    }
    const local = await readFile(join(folder.path, 'local-key'), 'utf8');
    service.child.kill('SIGTERM');
    const { stdout, stderr } = await service.ended();
    const log = stdout + stderr;
    expect(log).toContain('"path":"/api/session"'); // requests are in it
    const secrets = [admin, camera.key, GUESSED, local];
    expect(secrets.filter((key) => log.includes(key))).toEqual([]);
    expect(await holding(folder.path, [admin, camera.key, GUESSED])).toEqual([]);
  });
});

/** The files under a folder that hold one of some texts. */
async function holding(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path);
    if (texts.some((text) => bytes.includes(text))) found.push(path);
  }
  expect(entries.length).toBeGreaterThan(100); // the database is among them
  return found;
}
