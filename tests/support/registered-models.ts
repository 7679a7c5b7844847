import { join } from 'node:path';
import type { ProjectView } from '../../src/http/api.js';
import { runSettingsSchema } from '../../src/config/settings.js';
import { RegistryRepository } from '../../src/registry/registry.repository.js';
import type { ModelSummary } from '../../src/runs/run.js';
import { RunsRepository } from '../../src/runs/runs.repository.js';
import type { OpenApp } from './open-app.js';
import { request } from './service-process.js';
import { makePackage, type SmallPackage } from './small-package.js';

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

/** A project, without a run. */
export const createProject = async (lab: OpenApp, categories: readonly string[]): Promise<string> =>
  (await request<ProjectView>(`${lab.url}/api/projects`, { body: { categories } })).id;

/** Registers a model of a run, as the stage package does, with a package of a real network. @returns its id */
export async function registerModel(
  lab: OpenApp,
  projectId: string,
  options: SmallPackage = {},
): Promise<string> {
  const run = await lab.app.get(RunsRepository).create(projectId, runSettingsSchema.parse({}));
  const folder = join(lab.platform.env.dataDir, 'packages', run.id);
  const manifest = await makePackage(folder, { labels: ['cat', 'dog'], runId: run.id, ...options });
  return lab.app.get(RegistryRepository).register({ projectId, runId: run.id, folder, summary, manifest });
}
