import { Injectable } from '@nestjs/common';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { ComputeHost } from './compute/compute-host.js';
import { TrainingRepository } from './training.repository.js';
import { Workspaces } from './workspaces.js';

/** Searches backbone x tap x head, chooses, and reads the test set once. */
@Injectable()
export class TrialsStage implements Stage {
  readonly name = 'trials';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
    private readonly training: TrainingRepository,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories, signal } = context;
    await this.workspaces.bringFeatures();
    const result = await this.compute.run(
      {
        kind: 'trials',
        ...(await this.workspaces.of(context)),
        labels: categories.map((category) => category.name),
        seed: run.settings.seed,
        budgetMs: run.settings.budgetMs,
        stateFile: this.workspaces.stateFile(run.id),
      },
      { signal, onProgress: context.progress },
    );
    await this.workspaces.shareSearch(run.id);
    await this.training.saveTrials(run.id, result.trials, result.selection);
    return 'done';
  }
}
