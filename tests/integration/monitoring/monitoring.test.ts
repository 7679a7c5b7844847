import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Monitoring, PredictionLog, Ready, RetrainingView } from '../../../src/http/api.js';
import { DriftRepository } from '../../../src/monitoring/drift.repository.js';
import { PredictionWatch } from '../../../src/monitoring/prediction-watch.js';
import { PredictionsRepository } from '../../../src/monitoring/predictions.repository.js';
import { RetrainingScheduler } from '../../../src/retraining/scheduler.js';
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

  describe('drift of the confidence', () => {
    const rng = createRng('monitoring');
    const confidences = (count: number, low: number): number[] =>
      Array.from({ length: count }, () => low + (1 - low) * rng.next());
    const tick = (): Promise<void> => lab.app.get(RetrainingScheduler).tick();
    const live = (values: readonly number[]): Promise<void> =>
      lab.app.get(PredictionsRepository).add(
        values.map((confidence) => ({
          ...{ modelId: model, at: clock.now(), sha256: 'a'.repeat(64), label: 'cat', confidence },
          ...{ latencyMs: 1, error: null, kept: false },
        })),
      );
    const retrainings = (): Promise<RetrainingView[]> =>
      request(`${lab.url}/api/projects/${project}/retrainings`);

    it('is looked for once a window is full, and is no alarm while nothing has changed', async () => {
      await lab.app.get(DriftRepository).saveBaseline(model, confidences(80, 0.6), clock.now());
      await live(confidences(150, 0.6));
      await tick();
      expect((await monitoring()).drift).toEqual([]);
      await live(confidences(60, 0.6));
      await tick();
      const { drift } = await monitoring();
      expect(drift).toMatchObject([{ kind: 'confidence', window: 200, alarm: false, threshold: 0.01 }]);
    });

    it('is an alarm when the model has become less sure, and sets off a retraining, once', async () => {
      await request(`${lab.url}/api/projects/${project}/schedule`, {
        method: 'PUT',
        body: { triggers: { newBackbones: false, drift: true } },
      });
      await live(confidences(200, 0.3));
      await tick();
      const [newest] = (await monitoring()).drift;
      expect(newest).toMatchObject({ alarm: true, pValue: 0.001 });
      expect(newest?.statistic).toBeGreaterThan(0.3);
      await tick();
      const fired = await retrainings();
      expect(fired).toHaveLength(1);
      expect(fired[0]).toMatchObject({ trigger: 'drift', backbones: [] });
      expect(fired[0]?.detail).toContain('confidence of live pictures differs from training');
    });

    it('forgets predictions that are older than it is told to keep them', async () => {
      expect((await monitoring()).predictions).toBeGreaterThan(400);
      clock.set('2028-03-02T10:00:00Z');
      await tick();
      expect((await monitoring()).predictions).toBe(0);
    });
  });
});
