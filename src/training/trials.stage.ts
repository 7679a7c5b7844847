import { Injectable } from '@nestjs/common';
import { RunsRepository } from '../runs/runs.repository.js';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { RunEvidence } from '../runs/run-evidence.js';
import { ComputeHost } from './compute/compute-host.js';
import type { ComputePicture } from './compute/protocol.js';
import { searchLimitsOf, type SearchLimits } from './search-limits.js';
import { TrainingRepository } from './training.repository.js';
import { Workspaces } from './workspaces.js';

/** Of a time limit, what a search gets that was stopped and begins anew, however late. */
const LEAST_SHARE = 0.1;

/** Searches backbone x tap x head, chooses, and reads the test set once. */
@Injectable()
export class TrialsStage implements Stage {
  readonly name = 'trials';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
    private readonly training: TrainingRepository,
    private readonly evidence: RunEvidence,
    private readonly runs: RunsRepository,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories, signal } = context;
    await this.workspaces.bringFeatures();
    await this.workspaces.bringSearch(run.id);
    const workspace = await this.workspaces.of(context);
    const labels = categories.map((category) => category.name);
    const result = await this.compute.run(
      {
        kind: 'trials',
        ...workspace,
        labels,
        seed: run.settings.seed,
        limits: await this.limitsOf(context),
        stateFile: this.workspaces.stateFile(run.id),
      },
      { signal, onProgress: context.progress },
    );
    await this.workspaces.shareSearch(run.id);
    await this.training.saveTrials(run.id, result.trials, result.selection);
    const { learningCurve, diagnosis, predictions } = result.examination;
    await this.evidence.save(
      { runId: run.id, learningCurve, diagnosis: [...diagnosis], labels },
      predictions.map(({ row, ...prediction }) => {
        const { id, sha256 } = workspace.pictures[row] as ComputePicture;
        return { runId: run.id, candidateId: id, sha256, ...prediction };
      }),
    );
    return 'done';
  }

  /** The budget is for features and trials together. */
  private async limitsOf({ run, elapsedMs }: StageContext): Promise<SearchLimits> {
    const limits = searchLimitsOf(run.settings);
    if (limits.budgetMs === null) return limits;
    const leftMs = Math.max(0, limits.budgetMs - (await this.runs.elapsedOf(run.id, 'features')));
    // What a search that was stopped has used counts too, as far as a search can still be made.
    const leastMs = Math.min(leftMs, LEAST_SHARE * limits.budgetMs);
    return { ...limits, budgetMs: Math.max(leastMs, leftMs - (await elapsedMs())) };
  }
}
