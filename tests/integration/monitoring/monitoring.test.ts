import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Monitoring, PredictionLog, Ready, RetrainingView } from '../../../src/http/api.js';
import { testPointDrift } from '../../../src/monitoring/drift.js';
import { DriftRepository } from '../../../src/monitoring/drift.repository.js';
import { PredictionWatch } from '../../../src/monitoring/prediction-watch.js';
import { PredictionsRepository } from '../../../src/monitoring/predictions.repository.js';
import { RegistryRepository } from '../../../src/registry/registry.repository.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
import { InferenceHost } from '../../../src/serving/inference/inference-host.js';
import { ServedModels } from '../../../src/serving/served-models.js';
import { createRng } from '../../../zoo/index.js';
import { texturedPicture } from '../../support/odd-pictures.js';
import { openApp, standingClock, type OpenApp } from '../../support/open-app.js';
import { createProject, registerModel } from '../../support/registered-models.js';
import { request } from '../../support/service-process.js';
import { formOf, postBytes } from '../serving/package-lab.js';

describe('what an operator sees', () => {
  const clock = standingClock('2026-03-02T10:00:00Z');
  let lab: OpenApp;
  let project: string;
  let model: string;

  beforeAll(async () => {
    lab = await openApp({ clock });
    await lab.platform.queue.start([]);
    project = await createProject(lab, ['cat', 'dog']);
    model = await registerModel(lab, project);
  });
  afterAll(async () => {
    await lab.platform.queue.stop();
    await lab.close();
  });

  const flushed = (): Promise<void> => lab.app.get(PredictionWatch).flush();
  const monitoring = (): Promise<Monitoring> => request(`${lab.url}/api/models/${model}/monitoring`);

  it('the log: what was answered, by the hash of the picture, and not the picture', async () => {
    const [one, two] = [await texturedPicture(1), await texturedPicture(2)];
    const predict = `${lab.url}/api/models/champion/predict`;
    const form = formOf({ 'one.png': one, 'two.png': two, 'page.png': Buffer.from('<h1>404</h1>') });
    expect((await fetch(predict, { method: 'POST', body: form })).status).toBe(200);
    expect((await postBytes(predict, Buffer.from('no picture'))).status).toBe(422);
    await flushed();
    const log = await request<PredictionLog>(`${lab.url}/api/models/${model}/predictions`);
    expect(log.total).toBe(2); // what cannot be read is the sender's business, not the model's
    expect(log.items[0]).toMatchObject({ at: '2026-03-02T10:00:00.000Z', error: null, kept: false });
    expect(log.items[0]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    const seen = await monitoring();
    expect(seen).toMatchObject({ modelId: model, predictions: 2, errors: 0, drift: [] });
    expect(Object.values(seen.labels).reduce((sum, count) => sum + count, 0)).toBe(2);
    const [stored] = await lab.app.get(PredictionsRepository).after(model, 0, 1);
    expect(stored?.sketch).toHaveLength(16);
    expect(await lab.platform.blobs.has(log.items[0]?.sha256 ?? '')).toBe(false);
  });

  it('/metrics: predictions by outcome, and requests by the pattern of their route', async () => {
    const response = await fetch(`${lab.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    const valueOf = (line: RegExp): number => Number(line.exec(text)?.[1] ?? Number.NaN);
    const predictions = (outcome: string): number =>
      valueOf(new RegExp(`^graft_predictions_total\\{model="${model}",outcome="${outcome}"\\} (\\d+)$`, 'm'));
    expect([predictions('answered'), predictions('unreadable')]).toEqual([2, 2]);
    expect(valueOf(new RegExp(`^graft_prediction_seconds_count\\{model="${model}"\\} (\\d+)$`, 'm'))).toBe(2);
    const route = 'route="/api/models/:model/predict",method="POST"';
    expect(
      valueOf(new RegExp(`^graft_http_request_seconds_count\\{${route},status="4xx"\\} (\\d+)$`, 'm')),
    ).toBe(1);
    expect(text).not.toContain(`route="/api/models/${model}`);
    expect(valueOf(/^process_resident_memory_bytes (\d+)$/m)).toBeGreaterThan(1e6);
  });

  it('readiness: 503 with the check that fails, and no word of where things lie; health goes on', async () => {
    const ready = async (): Promise<[number, Ready]> => {
      const response = await fetch(`${lab.url}/api/ready`);
      return [response.status, (await response.json()) as Ready];
    };
    expect(await ready()).toMatchObject([200, { ready: true, checks: [{ ok: true }, { ok: true }] }]);
    const folder = join(lab.platform.env.dataDir, 'tmp');
    await rm(folder, { recursive: true, force: true });
    await writeFile(folder, 'a file where a folder should be');
    const [status, view] = await ready();
    expect([status, view.ready]).toEqual([503, false]);
    expect(view.checks.map(({ name, ok }) => [name, ok])).toEqual([
      ['database', true],
      ['data folder', false],
    ]);
    expect(JSON.stringify(view)).not.toContain(lab.platform.env.dataDir);
    expect((await fetch(`${lab.url}/api/health`)).status).toBe(200);
    await rm(folder);
    expect((await ready())[0]).toBe(200);
  });

  describe('drift', () => {
    const rng = createRng('monitoring');
    const confidences = (count: number, low: number): number[] =>
      Array.from({ length: count }, () => low + (1 - low) * rng.next());
    const sketches = (count: number, shift: number): number[][] =>
      Array.from({ length: count }, () => Array.from({ length: 16 }, () => rng.normal() + shift));
    const tick = (): Promise<void> => lab.app.get(RetrainingScheduler).tick();
    const live = (count: number, low: number, shift: number): Promise<void> => {
      const seen = sketches(count, shift);
      return lab.app.get(PredictionsRepository).add(
        confidences(count, low).map((confidence, i) => ({
          ...{ modelId: model, at: clock.now(), sha256: 'a'.repeat(64), label: 'cat', confidence },
          ...{ sketch: seen[i], latencyMs: 1, error: null, kept: false },
        })),
      );
    };
    const retrainings = (): Promise<RetrainingView[]> =>
      request(`${lab.url}/api/projects/${project}/retrainings`);
    const newest = async () =>
      Object.fromEntries((await monitoring()).drift.slice(0, 2).map((one) => [one.kind, one]));

    it('is looked for once a window is full, and is no alarm while nothing has changed', async () => {
      const baseline = { confidences: confidences(80, 0.6), sketches: sketches(64, 0) };
      await lab.app.get(DriftRepository).saveBaseline(model, baseline, clock.now());
      await live(150, 0.6, 0);
      await tick();
      expect((await monitoring()).drift).toEqual([]);
      await live(60, 0.6, 0);
      await tick();
      const quiet = { window: 200, alarm: false, threshold: 0.005 }; // two tests share 0.01
      expect(await newest()).toMatchObject({ confidence: quiet, embedding: quiet });
    });

    it('of the embedding is seen where the model is as sure as ever', async () => {
      await live(200, 0.6, 1);
      await tick();
      const seen = await newest();
      expect(seen).toMatchObject({ confidence: { alarm: false }, embedding: { alarm: true, pValue: 0.001 } });
      expect(seen.embedding?.statistic).toBeGreaterThan(0.5);
    });

    it('of the confidence is seen, and sets off a retraining, once', async () => {
      clock.set('2026-03-02T11:00:00Z');
      await request(`${lab.url}/api/projects/${project}/schedule`, {
        method: 'PUT',
        body: { triggers: { newBackbones: false, drift: true } },
      });
      await tick();
      expect(await retrainings()).toEqual([]); // alarms of before are no news
      await live(200, 0.3, 0);
      await tick();
      expect(await newest()).toMatchObject({ confidence: { alarm: true }, embedding: { alarm: false } });
      await tick();
      const fired = await retrainings();
      expect(fired).toHaveLength(1);
      expect(fired[0]).toMatchObject({ trigger: 'drift', backbones: [] });
      expect(fired[0]?.detail).toContain('confidence of live examples differs from training');
    });

    it('forgets predictions that are older than it is told to keep them', async () => {
      expect((await monitoring()).predictions).toBeGreaterThan(600);
      clock.set('2028-03-02T10:00:00Z');
      await tick();
      expect((await monitoring()).predictions).toBe(0);
    });
  });

  it('real embeddings: pictures of another kind are seen at once, of the same kind not', async () => {
    const host = lab.app.get(InferenceHost);
    const row = await lab.app.get(RegistryRepository).model(model);
    const served = await lab.app.get(ServedModels).of(row as NonNullable<typeof row>);
    const sketchesOf = async (from: number, hue: number): Promise<number[][]> => {
      const kind = Array.from({ length: 24 }, (_, i) => texturedPicture(from + i, { hue }));
      const answers = await host.predict(served, await Promise.all(kind));
      return answers.map((answer) => (answer.kind === 'predicted' ? [...(answer.sketch ?? [])] : []));
    };
    const [red, moreRed, blue] = [
      await sketchesOf(0, 0),
      await sketchesOf(100, 0),
      await sketchesOf(200, 220),
    ];
    expect(red[0]).toHaveLength(16);
    expect(testPointDrift(red, moreRed, 'x').pValue).toBeGreaterThan(0.01);
    expect(testPointDrift(red, blue, 'x').pValue).toBe(0.001);
  });
});
