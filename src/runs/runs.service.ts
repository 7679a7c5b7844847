import { Inject, Injectable } from '@nestjs/common';
import { runSettingsSchema } from '../config/settings.js';
import type { RunView, StartRun } from '../http/api.js';
import { ProjectsService } from '../projects/projects.service.js';
import type { Database } from '../storage/database.js';
import { DATABASE } from '../storage/tokens.js';
import { GraftError, notFound } from './errors.js';
import { countRun } from './run-counts.js';
import { RunMachine } from './run-machine.js';
import { isFinal, STAGES, type StageView } from './run.js';
import { RunsRepository, type StageRow } from './runs.repository.js';
import { RunResults } from './run-results.js';
import type { RunRecord } from './stage.js';
import { StartChecks } from './start-checks.js';

@Injectable()
export class RunsService {
  constructor(
    private readonly repository: RunsRepository,
    private readonly machine: RunMachine,
    private readonly projects: ProjectsService,
    private readonly checks: StartChecks,
    private readonly results: RunResults,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  /** Starts a run. Everything that can be known to fail is refused here, before any long work. */
  async start(projectId: string, input: StartRun): Promise<RunView> {
    const project = await this.projects.view(projectId);
    const settings = runSettingsSchema.parse(input);
    const run = await this.repository.create(projectId, await this.checks.settle(settings, project));
    await this.machine.enqueue(run.id);
    return this.view(run.id);
  }

  async cancel(runId: string): Promise<RunView> {
    const run = await this.get(runId);
    if (isFinal(run.state)) throw alreadyOver(run);
    await this.repository.finish(runId, 'cancelled', null);
    this.machine.interrupt(runId);
    return this.view(runId);
  }

  /** Goes on with a failed or cancelled run where it stopped; finished work is not repeated. */
  async resume(runId: string): Promise<RunView> {
    const run = await this.get(runId);
    if (run.state === 'succeeded') throw alreadyOver(run);
    await this.repository.reopen(runId);
    await this.machine.enqueue(runId);
    return this.view(runId);
  }

  async view(runId: string): Promise<RunView> {
    const run = await this.get(runId);
    const [counts, search, stages, modelId] = await Promise.all([
      countRun(this.database, runId),
      this.results.searchOf(run),
      this.repository.stagesOf(runId),
      this.results.modelIdOf(runId),
    ]);
    return {
      id: run.id,
      projectId: run.projectId,
      state: run.state,
      stage: run.stage,
      settings: run.settings,
      error: run.error,
      counts,
      search,
      stages: STAGES.map((stage) => stageView(stage, stages)),
      modelId,
      createdAt: run.createdAt.toISOString(),
      finishedAt: run.finishedAt?.toISOString() ?? null,
    };
  }

  async list(projectId?: string): Promise<RunView[]> {
    const rows = await this.repository.list(projectId);
    return Promise.all(rows.map((row) => this.view(row.id)));
  }

  async get(runId: string): Promise<RunRecord> {
    const run = await this.repository.find(runId);
    if (!run) throw notFound('run', runId, 'GET /api/runs lists them.');
    return run;
  }
}

function stageView(stage: StageView['stage'], rows: readonly StageRow[]): StageView {
  const row = rows.find((candidate) => candidate.stage === stage);
  if (!row) return { stage, state: 'pending', done: 0, total: 0, note: null, elapsedMs: 0 };
  const { state, done, total, note, elapsedMs } = row;
  return { stage, state, done, total, note, elapsedMs };
}

const alreadyOver = (run: RunRecord): GraftError =>
  new GraftError({
    code: 'run-is-over',
    message: `The run ${run.id} has already ${run.state}.`,
    fix: 'Start a new run.',
    status: 409,
  });
