import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startService } from '../../../src/app.js';
import { readEnv } from '../../../src/config/env.js';
import type { CreatedKey, Problem, Scope, SessionView } from '../../../src/http/api.js';
import { ApiKeys } from '../../../src/access/api-keys.js';
import { allows, type Need } from '../../../src/access/scopes.js';
import { openApiDocument } from '../../../src/http/openapi.js';
import { apiKeys } from '../../../src/storage/operations-schema.js';
import { openApp, type OpenApp } from '../../support/open-app.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const ID = '00000000-0000-4000-8000-000000000000';

/** What each route needs; one that is not listed must need admin. A new route has to be put here on purpose. */
const NEEDS: Record<string, Need> = {
  'GET /api/health': 'nothing',
  'GET /api/ready': 'nothing',
  'GET /api/session': 'nothing',
  'POST /api/session': 'nothing',
  'DELETE /api/session': 'nothing',
  'POST /api/models/{model}/predict': 'predict',
  'POST /api/models/{model}/explain': 'predict',
  'POST /api/models/{model}/feedback': 'predict',
};
const ADMIN_READS = ['GET /api/keys', 'GET /api/audit'];

const needOf = (route: string): Need =>
  NEEDS[route] ?? (route.startsWith('GET ') && !ADMIN_READS.includes(route) ? 'read' : 'admin');

describe('access', () => {
  let lab: OpenApp;
  let keys: Record<Scope, CreatedKey>;
  let callers = 0;

  beforeAll(async () => {
    lab = await openApp({
      env: {
        GRAFT_REQUIRE_KEYS: 'true',
        GRAFT_LOG: 'json',
        GRAFT_PUBLIC_HOSTS: 'graft.example.org',
        GRAFT_CORS_ORIGINS: 'https://app.example.org',
      },
      logLevel: 'info',
    });
    const ring = lab.app.get(ApiKeys);
    const make = (scope: Scope) =>
      ring.create({ name: `the ${scope} one`, scopes: [scope], expiresAt: null });
    keys = { predict: await make('predict'), read: await make('read'), admin: await make('admin') };
  });
  afterAll(async () => {
    await lab.close();
  });

  const call = (route: string, key?: string, init: RequestInit = {}): Promise<Response> => {
    const [method = 'GET', path = ''] = route.split(' ');
    const headers = {
      ...(key ? { authorization: `Bearer ${key}` } : {}),
      'x-forwarded-for': `10.0.0.${callers++ % 250}`, // the proxy on this machine says who it is
      ...(init.headers as object),
    };
    return fetch(`${lab.url}${path.replace(/\{[^}]+\}/g, ID)}`, { ...init, method, headers });
  };

  const routes = (): string[] =>
    Object.entries(openApiDocument(lab.app).paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );

  it('demands of every route the scope that is meant for it, and admin of one that nobody thought of', async () => {
    expect(routes().length).toBeGreaterThan(40);
    for (const route of routes()) {
      const need = needOf(route);
      const nobody = await call(route);
      expect([route, nobody.status === 401], route).toEqual([route, need !== 'nothing']);
      await nobody.body?.cancel();
      if (need === 'nothing') continue;
      for (const scope of ['predict', 'read'] as const) {
        const response = await call(route, keys[scope].key);
        const allowed = allows([scope], need);
        expect([route, scope, response.status === 403], route).toEqual([route, scope, !allowed]);
        await response.body?.cancel();
      }
    }
  });

  it('keeps no key, only hashes, and takes a revoked or expired one no more', async () => {
    const ring = lab.app.get(ApiKeys);
    const created = await ring.create({ name: 'short', scopes: ['read'], expiresAt: null });
    const rows = JSON.stringify(await lab.platform.database.db.select().from(apiKeys));
    expect(rows).not.toContain(created.key);
    expect((await call('GET /api/projects', created.key)).status).toBe(200);
    await call(`DELETE /api/keys/${created.id}`, keys.admin.key);
    expect((await call('GET /api/projects', created.key)).status).toBe(401);
    const past = { name: 'x', scopes: ['read'], expiresAt: '2020-01-01T00:00:00.000Z' };
    const headers = { 'content-type': 'application/json' };
    const refused = await call('POST /api/keys', keys.admin.key, { headers, body: JSON.stringify(past) });
    expect(((await refused.json()) as Problem).code).toBe('expired-key');
  });

  it('writes down acts that need admin, refused ones too', async () => {
    await call('POST /api/projects', keys.read.key);
    await call(`DELETE /api/keys/${ID}`, keys.admin.key);
    await vi.waitFor(async () => {
      const page = (await (await call('GET /api/audit?limit=3', keys.admin.key)).json()) as {
        items: { actor: string; action: string; status: number }[];
      };
      const lines = page.items.map(({ actor, action, status }) => `${actor}: ${action} ${status}`);
      expect(lines).toContain('the admin one: DELETE /api/keys/:keyId 404');
      expect(lines).toContain('the read one: POST /api/projects 403');
    });
  });

  it('gives a browser a cookie that no script can read', async () => {
    const headers = { 'content-type': 'application/json' };
    const opened = await call('POST /api/session', undefined, {
      headers,
      body: JSON.stringify({ key: keys.read.key }),
    });
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict$/);
    const session = await call('GET /api/session', undefined, {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect((await session.json()) as SessionView).toEqual({
      keysDemanded: true,
      actor: 'the read one',
      scopes: ['read'],
    });
  });

  it('tells nobody without a key where its data lies', async () => {
    expect(await (await call('GET /api/health')).json()).toMatchObject({ status: 'ok', dataDir: null });
    expect(await (await call('GET /api/health', keys.read.key)).json()).toMatchObject({
      dataDir: lab.platform.env.dataDir,
    });
  });

  it('answers to the names and origins that were set, and to no others', async () => {
    const { port } = new URL(lab.url);
    const answer = async (headers: Record<string, string>): Promise<IncomingMessage> => {
      const [response] = (await once(
        get(`http://127.0.0.1:${port}/api/health`, { headers }),
        'response',
      )) as [IncomingMessage];
      response.resume();
      return response;
    };
    expect((await answer({ host: 'graft.example.org' })).statusCode).toBe(200);
    expect((await answer({ host: 'evil.example.org' })).statusCode).toBe(403);
    expect((await answer({ origin: 'https://evil.example.org' })).statusCode).toBe(403);
    const friend = await answer({ origin: 'https://app.example.org', 'sec-fetch-site': 'cross-site' });
    expect([friend.statusCode, friend.headers['access-control-allow-origin']]).toEqual([
      200,
      'https://app.example.org',
    ]);
  });

  it('sends headers of safety, a request id, and no stack', async () => {
    const response = await call('GET /api/models/none', keys.read.key, {
      headers: { 'x-request-id': 'from-the-proxy-1' },
    });
    const problem = (await response.json()) as Problem;
    expect(problem.requestId).toBe('from-the-proxy-1');
    expect(JSON.stringify(problem)).not.toContain('.ts:');
    const { headers } = response;
    expect(headers.get('x-request-id')).toBe('from-the-proxy-1');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('logs every request and never a key', async () => {
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr])
      vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(written.push(String(text))));
    await call(`GET /api/projects?key=${keys.read.key}`, keys.read.key);
    await vi.waitFor(() => expect(written.join('')).toContain('"actor":"the read one"'));
    for (const { key } of Object.values(keys)) expect(written.join('')).not.toContain(key);
  });

  it('makes whoever tries keys wait', async () => {
    const statuses = new Set<number>();
    let waits: string | null = null;
    for (let i = 0; i < 200 && waits === null; i++) {
      const headers = { 'x-forwarded-for': '10.1.1.1' };
      const response = await call('GET /api/projects', `graft_${'x'.repeat(43)}`, { headers });
      statuses.add(response.status);
      if (response.status === 429) waits = response.headers.get('retry-after');
      expect(response.headers.get('content-type')).toContain('application/problem+json');
      await response.body?.cancel();
    }
    expect([...statuses]).toEqual([401, 429]);
    expect(Number(waits)).toBeGreaterThan(0);
  });
});

describe('a service that others could reach', () => {
  it('refuses to start without a key, and says how to make one', async () => {
    const folder = await temporaryFolder();
    const env = readEnv({ GRAFT_DATA_DIR: folder.path, GRAFT_HOST: '0.0.0.0' });
    await expect(startService({ env, port: 0, logLevel: 'silent' })).rejects.toMatchObject({
      code: 'no-keys',
      fix: expect.stringContaining('npx graft keys create') as string,
    });
    await folder.remove();
  });
});
