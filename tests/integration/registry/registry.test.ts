import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelEventView, ModelView, Problem, ProjectView } from '../../../src/http/api.js';
import { openApp, type OpenApp } from '../../support/open-app.js';
import { registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';

describe('the registry of a project', () => {
  let lab: OpenApp;
  let api: string;
  beforeAll(async () => {
    lab = await openApp();
    api = `${lab.url}/api`;
  });
  afterAll(() => lab.close());

  const createProject = (): Promise<ProjectView> =>
    request(`${api}/projects`, { body: { categories: ['cat', 'dog'] } });
  const champion = async (projectId: string): Promise<number> =>
    (await request<ModelView>(`${api}/models/${projectId}:champion`)).version;
  const change = (projectId: string, verb: string, body: unknown): Promise<Response> =>
    fetch(`${api}/projects/${projectId}/${verb}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('numbers models that come at the same time, and each is the champion once', async () => {
    const { id } = await createProject();
    await Promise.all(Array.from({ length: 5 }, () => registerModel(lab, id)));
    const history = await request<ModelEventView[]>(`${api}/projects/${id}/history`);
    expect(history.map(({ to }) => to?.version)).toEqual([5, 4, 3, 2, 1]);
    expect(history.map(({ from }) => from?.version ?? null)).toEqual([4, 3, 2, 1, null]);
  });

  it('promotes and rolls back in one call, and keeps who did it and why', async () => {
    const { id } = await createProject();
    const first = await registerModel(lab, id);
    await registerModel(lab, id);
    expect(await champion(id)).toBe(2);
    const promoted = (await (
      await change(id, 'promote', { modelId: first, reason: 'version 2 dislikes foxes' })
    ).json()) as ModelEventView;
    expect(promoted).toMatchObject({
      action: 'promoted',
      actor: 'local',
      from: { version: 2 },
      to: { version: 1 },
    });
    expect(await champion(id)).toBe(1);
    await change(id, 'rollback', { reason: 'it was the light' });
    expect(await champion(id)).toBe(2);
    await change(id, 'rollback', { reason: 'to the very first' });
    expect(await champion(id)).toBe(1);
    const refused = await change(id, 'rollback', { reason: 'once more' });
    expect(refused.status).toBe(409);
    expect(((await refused.json()) as Problem).code).toBe('nothing-to-roll-back');
    const history = await request<ModelEventView[]>(`${api}/projects/${id}/history`);
    expect(history.map(({ action, reason }) => `${action}: ${reason}`).slice(0, 3)).toEqual([
      'rolled-back: to the very first',
      'rolled-back: it was the light',
      'promoted: version 2 dislikes foxes',
    ]);
  });

  it('refuses models of other projects, the champion itself, and a missing reason', async () => {
    const [one, other] = [await createProject(), await createProject()];
    const model = await registerModel(lab, one.id);
    const codes = await Promise.all(
      [
        { project: other.id, body: { modelId: model, reason: 'x' } },
        { project: one.id, body: { modelId: model, reason: 'x' } },
        { project: one.id, body: { modelId: model, reason: ' ' } },
      ].map(async ({ project, body }) => {
        const response = await change(project, 'promote', body);
        return `${response.status} ${((await response.json()) as Problem).code}`;
      }),
    );
    expect(codes).toEqual(['404 not-found', '409 already-champion', '400 invalid-request']);
  });
});
