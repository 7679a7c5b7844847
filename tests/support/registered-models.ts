import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runSettingsSchema } from '../../src/config/settings.js';
import { RegistryRepository } from '../../src/registry/registry.repository.js';
import type { ModelSummary } from '../../src/runs/run.js';
import { RunsRepository } from '../../src/runs/runs.repository.js';
import { ModelsRepository } from '../../src/serving/models.repository.js';
import type { PackageManifest } from '../../zoo/index.js';
import type { OpenApp } from './open-app.js';

const score = { accuracy: 0.9, interval: [0.8, 0.95] as [number, number], count: 40 };
const summary: ModelSummary = {
  backbone: 'small',
  tap: 'last',
  head: 'ridge',
  params: { strength: 1 },
  validation: score,
  test: score,
  cost: { trainableParams: 10, totalParams: 1000, latencyMs: 2, flops: 6e8, bytes: 9e6 },
};

const manifestOf = (runId: string): PackageManifest => ({
  format: 1,
  graftVersion: '0.1.0',
  runId,
  createdAt: '2026-01-01T00:00:00.000Z',
  seed: 1,
  labels: ['cat', 'dog'],
  model: { file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1000 },
  input: {
    width: 8,
    height: 8,
    layout: 'nhwc',
    channels: 'rgb',
    scale: 1,
    mean: [0, 0, 0],
    std: [1, 1, 1],
    resize: 'squish',
    kernel: 'linear',
  },
  backbone: {
    id: 'small',
    title: 'Small',
    licence: 'MIT',
    origin: 'test',
    pretrainedOn: 'nothing',
    weightsSha256: '0'.repeat(64),
  },
  selected: summary,
  temperature: 1,
  dataset: null,
  unknownBelow: null,
  pictures: { cat: 20, dog: 20 },
});

/** Registers a model of a run, as the stage package does; its files are not there. */
export async function registerModel(lab: OpenApp, projectId: string): Promise<string> {
  const run = await lab.app.get(RunsRepository).create(projectId, runSettingsSchema.parse({}));
  const folder = join(lab.platform.env.dataDir, 'packages', run.id);
  await mkdir(folder, { recursive: true });
  await lab.app
    .get(RegistryRepository)
    .register({ projectId, runId: run.id, folder, summary, manifest: manifestOf(run.id) });
  const row = (await lab.app.get(ModelsRepository).list()).find((model) => model.runId === run.id);
  return row?.id ?? '';
}
