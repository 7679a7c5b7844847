import { Injectable } from '@nestjs/common';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { ComputeHost } from './compute/compute-host.js';
import { Workspaces } from './workspaces.js';

/** Feeds every picture through every backbone, once, and keeps all taps; what the cache has is not computed again. */
@Injectable()
export class FeaturesStage implements Stage {
  readonly name = 'features';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const workspace = await this.workspaces.of(context);
    await this.workspaces.bringFeatures();
    await this.compute.run(
      { kind: 'features', ...workspace },
      { signal: context.signal, onProgress: context.progress },
    );
    await this.workspaces.shareFeatures();
    return 'done';
  }
}
