import type { Report, RunView } from '../../../../src/http/api.js';
import { runSettingsSchema } from '../../../../src/config/settings.js';
import { STAGES } from '../../../../src/runs/run.js';

export const RUN_ID = '0b8c6e0e-6a55-4d1f-9d0c-6f0d4a7c1a11';
export const PROJECT_ID = '5a5c1a86-1f3b-4f53-8f5e-6a1b9f4f7a10';
export const MODEL_ID = '1f2e3d4c-5b6a-4798-8a9b-0c1d2e3f4a5b';

export function aRun(facts: Partial<RunView> = {}): RunView {
  return {
    id: RUN_ID,
    projectId: PROJECT_ID,
    state: 'running',
    stage: 'fetch',
    settings: runSettingsSchema.parse({ providers: ['gallery'] }),
    error: null,
    counts: { candidates: 10, fetched: 5, kept: 0, dropped: {} },
    search: [],
    stages: STAGES.map((stage) => ({ stage, state: 'pending', done: 0, total: 0, note: null, elapsedMs: 0 })),
    modelId: null,
    createdAt: '2026-01-01T00:00:00.000Z',
    finishedAt: null,
    ...facts,
  };
}

type Trial = Report['trials'][number];

export function aTrial(tap: string, accuracy: number, trunk: number, facts: Partial<Trial> = {}): Trial {
  return {
    backbone: 'mobile',
    tap,
    head: 'ridge',
    params: { strength: 1 },
    validation: { accuracy, interval: [accuracy - 0.05, accuracy + 0.03], count: 160 },
    cost: { trainableParams: 500, totalParams: trunk + 500, latencyMs: 7.04, flops: 6e8, bytes: 4 * trunk },
    pareto: false,
    ...facts,
  };
}

export function aReport(trials: Trial[], selected: Trial): Report {
  return {
    modality: 'image',
    runId: RUN_ID,
    categories: ['cat', 'dog'],
    counts: {
      candidates: 240,
      fetched: 220,
      kept: 200,
      dropped: { 'http-404': 9, 'near-duplicate': 20, corrupt: 11 },
    },
    search: [],
    split: { train: 128, validation: 32, test: 40 },
    dataset: null,
    leakDelta: null,
    selection: null,
    trials,
    selected: { ...selected, test: { accuracy: 0.925, interval: [0.801, 0.974], count: 40 } },
    learningCurve: null,
    diagnosis: [],
    confusion: null,
    package: '/data/packages/one',
  };
}

type Selection = NonNullable<Report['selection']>;

export const aSelection = (facts: Partial<Selection>): Selection => ({
  floor: [],
  optimism: null,
  comparisons: [],
  unknown: { below: null, rightBelow: 0, wrongBelow: 0 },
  temperature: 1,
  droppedBackbones: [],
  leftOut: [],
  ...facts,
});
