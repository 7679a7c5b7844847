import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PredictResponse, Problem } from '../../../src/http/api.js';
import { RegistryRepository } from '../../../src/registry/registry.repository.js';
import { ModelsRepository } from '../../../src/serving/models.repository.js';
import { ServedModels } from '../../../src/serving/served-models.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { predicted } from '../../support/predicted.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { postBytes, postJson } from './package-lab.js';

const SENDERS = 4;

describe('an alias that moves while it is asked', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let lab: OpenApp;
  let picture: Buffer;
  let project: string;
  /** Of the project's models, the first the champion. */
  let models: string[];

  beforeAll(async () => {
    lab = await openApp({ clock });
    picture = await texturedPicture(7, { hue: 120 });
    project = await createProject(lab, ['cat', 'dog']);
    models = [];
    for (let seed = 1; seed <= 4; seed++) models.push(await registerModel(lab, project, { seed }));
    await moveTo(models[0] ?? '');
  });
  afterAll(() => lab.close());

  /** As another process on the same database does it. */
  async function moveTo(toId: string): Promise<void> {
    const registry = lab.app.get(RegistryRepository);
    const change = { projectId: project, alias: 'champion', action: 'promoted' } as const;
    await registry.inProject(project, (tx) =>
      registry.change(tx, { ...change, toId, actor: 'other', reason: 'x' }),
    );
  }
  const ask = async (model = `${project}:champion`): Promise<PredictResponse> => {
    const response = await postBytes(`${lab.url}/api/models/${model}/predict`, picture);
    expect(response.status, await response.clone().text()).toBe(200);
    return (await response.json()) as PredictResponse;
  };
  const promote = (modelId: string | undefined): Promise<Response> =>
    postJson(`${lab.url}/api/projects/${project}/promote`, { modelId, reason: 'x' });
  const settled = (): Promise<void> => lab.app.get(ServedModels).settled();
  async function damage(model: string | undefined, file: string, change: (text: string) => string) {
    const row = await lab.app.get(RegistryRepository).model(model ?? '');
    const path = join(row?.folder ?? '', file);
    const before = await readFile(path, 'latin1');
    await writeFile(path, change(before), 'latin1');
    return () => writeFile(path, before, 'latin1');
  }

  it('loses no answer, and every answer is that of the model it names', async () => {
    const [first = '', second = ''] = models;
    let stop = false;
    const answers: PredictResponse[] = [];
    const senders = Array.from({ length: SENDERS }, async () => {
      while (!stop) answers.push(await ask());
    });
    for (let i = 0; i < 3; i++) await ask(); // the senders are at it by then
    expect((await promote(second)).status).toBe(200);
    expect((await ask()).model).toBe(second); // from the moment on that the promotion is answered
    for (let i = 0; i < 3; i++) await ask();
    stop = true;
    await Promise.all(senders);
    expect(new Set(answers.map(({ model }) => model))).toEqual(new Set([first, second]));
    for (const model of [first, second]) {
      const [alone] = predicted(await ask(model));
      for (const answer of answers.filter((one) => one.model === model))
        expect(predicted(answer)[0]?.confidence).toBeCloseTo(alone?.confidence ?? 0, 5);
    }
  });

  it('goes on with the model before until the new one is open, wherever the alias was moved', async () => {
    const [, second, third = ''] = models;
    await moveTo(third);
    expect((await ask()).model).toBe(second);
    await settled();
    expect((await ask()).model).toBe(third);
  });

  it('is not moved to a damaged package, and if it was, the model before answers', async () => {
    const [, , third, fourth = ''] = models;
    const mend = await damage(fourth, 'model.onnx', (text) => text.slice(0, -100));
    const refused = await promote(fourth);
    expect([refused.status, ((await refused.json()) as Problem).code]).toEqual([409, 'model-unusable']);
    await moveTo(fourth);
    await ask();
    await settled();
    expect((await ask()).model).toBe(third);
    await mend();
    await ask();
    await settled();
    expect((await ask()).model).toBe(third); // not tried at every request
    clock.set('2026-03-02T10:01:00Z');
    await ask();
    await settled();
    expect((await ask()).model).toBe(fourth);
  });

  it('is not moved to a package that predicts its golden pictures otherwise', async () => {
    const model = await registerModel(lab, project, { seed: 5 });
    await moveTo(models[0] ?? '');
    await damage(model, 'golden.json', (text) => text.replaceAll(/("cat": 0\.)\d/g, '$10'));
    const refused = await promote(model);
    const problem = (await refused.json()) as Problem;
    expect([refused.status, problem.code]).toEqual([409, 'model-unusable']);
    expect(problem.detail).toContain('golden-1.png');
    expect(await lab.app.get(ModelsRepository).find(`${project}:champion`)).toMatchObject({ id: models[0] });
  });
});
