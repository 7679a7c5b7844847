import { Injectable } from '@nestjs/common';
import { ClaimsRepository } from '../runs/claims.repository.js';
import { Shares, type SharedWork } from '../runs/shares.js';
import type { HelpedStage, StageContext, StageOutcome } from '../runs/stage.js';
import { ComputeHost } from './compute/compute-host.js';
import { searchLimitsOf } from './search-limits.js';
import { Workspaces, type RunWorkspace } from './workspaces.js';

/** Pictures of one share, for one backbone: minutes of work, so that loading the network hardly counts. */
const SHARE_PICTURES = 512;

/**
 * Feeds every picture through every backbone, once, and keeps all taps; what the cache has is not computed again. Several workers
 * share it: one backbone and some hundred pictures at a time.
 */
@Injectable()
export class FeaturesStage implements HelpedStage {
  readonly name = 'features';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
    private readonly shares: Shares,
    private readonly claims: ClaimsRepository,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const workspace = await this.workspaces.of(context);
    const work = this.workOf(context, workspace);
    if (this.shares.mayBeHelped) await this.shares.lead(work, context.signal);
    // All of it again: what is there costs nothing, and nothing can be missing then.
    await this.extract(context, workspace, context.progress);
    await this.claims.forget(work.scope);
    return 'done';
  }

  async help(context: StageContext): Promise<void> {
    await this.shares.help(this.workOf(context, await this.workspaces.of(context)), context.signal);
  }

  private workOf(context: StageContext, workspace: RunWorkspace): SharedWork {
    const { progress } = context;
    const parts = sharesOf(workspace);
    let done = 0;
    return {
      scope: `features ${context.run.id}`,
      atOnce: 1,
      marked: true,
      open: () => Promise.resolve([...parts.keys()]),
      work: async (share) => {
        const part = parts.get(share);
        if (part) await this.extract(context, part, () => undefined);
        progress(++done, parts.size, 'shares of this worker');
      },
    };
  }

  private async extract(
    { run, signal }: StageContext,
    workspace: RunWorkspace,
    onProgress: StageContext['progress'],
  ): Promise<void> {
    await this.workspaces.bringFeatures();
    await this.compute.run(
      { kind: 'features', ...workspace, cap: searchLimitsOf(run.settings).cap },
      { signal, onProgress },
    );
    await this.workspaces.shareFeatures();
  }
}

/** The same for every worker: the pictures of a data set have one order. */
function sharesOf(workspace: RunWorkspace): ReadonlyMap<string, RunWorkspace> {
  const parts = new Map<string, RunWorkspace>();
  for (const backbone of workspace.backbones)
    for (let from = 0; from < workspace.pictures.length; from += SHARE_PICTURES) {
      const pictures = workspace.pictures.slice(from, from + SHARE_PICTURES);
      parts.set(`${backbone} ${from}`, { ...workspace, backbones: [backbone], pictures });
    }
  return parts;
}
