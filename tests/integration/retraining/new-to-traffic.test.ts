import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  ModelEventView,
  ModelView,
  PredictResponse,
  RetrainingView,
  Verdict,
} from '../../../src/http/api.js';
import { PredictionWatch } from '../../../src/monitoring/prediction-watch.js';
import { RegistryRepository } from '../../../src/registry/registry.repository.js';
import { RetrainingsRepository } from '../../../src/retraining/retrainings.repository.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { Shadow } from '../../../src/retraining/shadow.js';
import { ServedModels } from '../../../src/serving/served-models.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { predicted } from '../../support/predicted.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';
import { postBytes } from '../serving/package-lab.js';

const PICTURES = 6;

/** A verdict as one that wins; where it comes from is the business of the story and of the unit tests. */
const won = (champion: string, challenger: string): Verdict => {
  const side = {
    version: 1,
    backbone: 'small',
    bytes: 1,
    latencyMs: 1,
    interval: [0, 1] as [number, number],
  };
  return {
    ...{ wins: true, reasons: ['it gains 9.0 points'], pictures: 40, comparisons: 1 },
    ...{ onlyChampion: 0, onlyChallenger: 9, pValue: 0.004 },
    champion: { ...side, modelId: champion, accuracy: 0.8 },
    challenger: { ...side, modelId: challenger, accuracy: 0.9 },
  };
};

describe('a model that is new to live traffic', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let lab: OpenApp;
  let pictures: Buffer[];

  beforeAll(async () => {
    lab = await openApp({ clock, env: { GRAFT_MODELS_IN_MEMORY: '1' } });
    pictures = await Promise.all(
      Array.from({ length: PICTURES }, (_, i) => texturedPicture(i, { hue: i * 60 })),
    );
  });
  afterAll(() => lab.close());

  const tick = (): Promise<void> => lab.app.get(RetrainingScheduler).tick();
  const championOf = async (project: string): Promise<string> =>
    (await request<ModelView>(`${lab.url}/api/models/${project}:champion`)).id;
  const newestOf = async (project: string): Promise<RetrainingView | undefined> =>
    (await request<RetrainingView[]>(`${lab.url}/api/projects/${project}/retrainings`))[0];
  const reasonsOf = async (project: string): Promise<string[]> =>
    (await request<ModelEventView[]>(`${lab.url}/api/projects/${project}/history`)).map(
      ({ action, reason }) => `${action}: ${reason}`,
    );
  const ask = (model: string, picture: Buffer): Promise<Response> =>
    postBytes(`${lab.url}/api/models/${model}/predict`, picture);
  const labelOf = async (model: string, picture: Buffer): Promise<string> =>
    predicted((await (await ask(model, picture)).json()) as PredictResponse)[0]?.label ?? '';
  /** Every picture asked of the champion, one after the other, and its shadow's answer waited for. */
  async function askAll(project: string): Promise<void> {
    for (const picture of pictures) {
      expect((await ask(`${project}:champion`, picture)).status).toBe(200);
      await lab.app.get(Shadow).settled();
    }
  }

  /** A project with a champion, and a challenger that has won on the held-out pictures. */
  async function challenged(policy: object, challengerSeed: number) {
    const project = await createProject(lab, ['cat', 'dog']);
    const champion = await registerModel(lab, project, { seed: 1 });
    const challenger = await registerModel(lab, project, { seed: challengerSeed });
    await request(`${lab.url}/api/projects/${project}/promote`, { body: { modelId: champion, reason: 'x' } });
    const body = { triggers: { newBackbones: false }, policy };
    await request(`${lab.url}/api/projects/${project}/schedule`, { method: 'PUT', body });
    const repository = lab.app.get(RetrainingsRepository);
    await lab.app.get(RegistryRepository).inProject(project, async (tx) => {
      const id = await repository.create(tx, {
        projectId: project,
        trigger: 'manual',
        detail: 'x',
        backbones: [],
      });
      const shadow = {
        requests: 0,
        wanted: PICTURES,
        agreed: 0,
        errors: 0,
        championMs: null,
        challengerMs: null,
      };
      await repository.moveOn(
        tx,
        { id, state: 'queued' },
        {
          state: 'shadowing',
          ...{ championId: champion, challengerId: challenger },
          ...{ verdict: won(champion, challenger), shadow },
        },
      );
    });
    clock.set(new Date(clock.now().getTime() + 10_000).toISOString()); // who shadows is believed for 2 s
    return { project, champion, challenger };
  }

  const damage = async (model: string): Promise<void> => {
    const row = await lab.app.get(RegistryRepository).model(model);
    await appendFile(join(row?.folder ?? '', 'model.onnx'), 'damaged');
  };

  it('answers beside the champion in silence, is counted, and takes its place after that', async () => {
    const { project, champion, challenger } = await challenged({ shadowRequests: PICTURES }, 2);
    const last = pictures.at(-1) as Buffer;
    const agreed = [];
    for (const picture of pictures.slice(0, -1)) {
      agreed.push((await labelOf(champion, picture)) === (await labelOf(challenger, picture)));
      await lab.app.get(Shadow).settled();
    }
    await tick();
    expect(await championOf(project)).toBe(champion); // one picture too few
    agreed.push((await labelOf(`${project}:champion`, last)) === (await labelOf(challenger, last)));
    await lab.app.get(Shadow).settled();
    const shadow = (await newestOf(project))?.shadow;
    expect(shadow).toMatchObject({ requests: PICTURES, errors: 0, agreed: agreed.filter(Boolean).length });
    expect(shadow?.championMs).toBeGreaterThan(0);
    expect(shadow?.challengerMs).toBeGreaterThan(0);
    await tick();
    expect(await newestOf(project)).toMatchObject({ state: 'promoted' });
    expect(await championOf(project)).toBe(challenger);
    expect((await reasonsOf(project))[0]).toMatch(
      /^promoted: The challenger wins: .*9.0 points.*live examples it agreed on/,
    );
  });

  it('is refused when it fails where the champion answers', async () => {
    const { project, champion, challenger } = await challenged(
      { shadowRequests: PICTURES, maxErrorRate: 0.1 },
      3,
    );
    await damage(challenger);
    await askAll(project);
    expect((await newestOf(project))?.shadow).toMatchObject({
      requests: PICTURES,
      agreed: 0,
      errors: PICTURES,
    });
    await tick();
    expect(await newestOf(project)).toMatchObject({ state: 'refused' });
    expect(await championOf(project)).toBe(champion);
    expect((await reasonsOf(project))[0]).toMatch(/^refused: The champion stays: .*failed on 6/);
  });

  it('is rolled back by itself when too many of its predictions fail after its promotion', async () => {
    const policy = { shadowRequests: PICTURES, maxErrorRate: 0.2, minRequests: PICTURES + 4 };
    const { project, champion, challenger } = await challenged(policy, 4);
    await askAll(project);
    await tick();
    expect(await championOf(project)).toBe(challenger);
    await ask(`${project}:champion`, pictures[0] as Buffer); // the old one answers, while the new one is opened
    await lab.app.get(ServedModels).settled();
    for (const picture of pictures.slice(1))
      expect((await ask(`${project}:champion`, picture)).status).toBe(200);
    await lab.app.get(PredictionWatch).flush();
    clock.set(new Date(clock.now().getTime() + 10_000).toISOString());
    await damage(challenger);
    await ask(champion, pictures[0] as Buffer); // takes the only place in memory
    const statuses = [];
    for (const picture of pictures.slice(0, 4))
      statuses.push((await ask(`${project}:champion`, picture)).status);
    expect(new Set(statuses)).toEqual(new Set([409]));
    await lab.app.get(PredictionWatch).flush();
    await tick();
    expect(await championOf(project)).toBe(challenger); // nine predictions are too few to say so
    await ask(`${project}:champion`, pictures[4] as Buffer);
    await lab.app.get(PredictionWatch).flush();
    await tick();
    expect(await championOf(project)).toBe(champion);
    expect(await newestOf(project)).toMatchObject({ state: 'rolled-back' });
    expect((await reasonsOf(project))[0]).toMatch(
      /^rolled-back: 5 of 10 predictions failed since its promotion \(50.0 %/,
    );
    expect((await ask(`${project}:champion`, pictures[0] as Buffer)).status).toBe(200);
  });
});
