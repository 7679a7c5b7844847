import { Injectable } from '@nestjs/common';
import { ClaimsRepository } from '../runs/claims.repository.js';
import { Shares, type SharedWork } from '../runs/shares.js';
import type { HelpedStage, StageContext, StageOutcome } from '../runs/stage.js';
import { Accelerator } from './compute/accelerator.js';
import { ComputeHost } from './compute/compute-host.js';
import { KeptPixels } from './kept-pixels.js';
import { passLimitsOf, searchLimitsOf } from './search-limits.js';
import { readShortlist, writeShortlist } from './shortlist.js';
import { Workspaces, type RunWorkspace } from './workspaces.js';

/**
 * Pictures of one share, for one backbone: many more than are done in the time that loading the network takes. Large runs have
 * larger ones, on which a GPU is busy for as long as it waited for them.
 */
const LEAST_SHARE = 512;
const MOST_SHARE = 4096;
/** For each backbone: more than there are workers for it. */
const MOST_SHARES = 256;

const shareSize = (pictures: number): number =>
  Math.min(MOST_SHARE, Math.max(LEAST_SHARE, Math.ceil(pictures / MOST_SHARES)));

/**
 * Feeds every picture through every backbone, once, and keeps all taps; what the cache has is not computed again. Several workers
 * share it: one backbone and some hundred pictures at a time.
 */
@Injectable()
export class FeaturesStage implements HelpedStage {
  readonly name = 'features';

  constructor(
    private readonly compute: ComputeHost,
    private readonly accelerator: Accelerator,
    private readonly workspaces: Workspaces,
    private readonly shares: Shares,
    private readonly claims: ClaimsRepository,
    private readonly pixels: KeptPixels,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const workspace = await this.shortlisted(context);
    const work = this.workOf(context, workspace);
    if (this.shares.mayBeHelped) await this.shares.lead(work, context.signal);
    // All of it again: what is there costs nothing, and nothing can be missing then.
    await this.extract(context, workspace, context.progress);
    await this.claims.forget(work.scope);
    await this.pixels.forget(context.run.id);
    return 'done';
  }

  async help(context: StageContext): Promise<void> {
    await this.workspaces.bringSearch(context.run.id);
    const workspace = await this.workspaces.of(context);
    // Who leads is still about to choose the backbones; there will be another call for help.
    if (await this.mustChoose(context, workspace)) return;
    await this.shares.help(this.workOf(context, workspace), context.signal);
  }

  /** Whether samples of the pictures are to say which backbones all of them go through. */
  private async mustChoose({ run }: StageContext, { modality, backbones }: RunWorkspace): Promise<boolean> {
    const { maxBackbones, mostMs } = passLimitsOf(run.settings);
    if (modality === 'text' || backbones.length < 2) return false;
    if (backbones.length <= maxBackbones && mostMs === null) return false;
    return (await readShortlist(this.workspaces.shortlistFile(run.id))) === null;
  }

  /** The workspace with the backbones that all pictures go through; which they are is decided once in a run. */
  private async shortlisted(context: StageContext): Promise<RunWorkspace> {
    const { run, categories, signal, progress } = context;
    await this.workspaces.bringSearch(run.id);
    const workspace = await this.workspaces.of(context);
    if (!(await this.mustChoose(context, workspace))) return workspace;
    await this.workspaces.bringFeatures();
    const [classes, limits] = [categories.length, passLimitsOf(run.settings)];
    const provider = await this.accelerator.provider();
    const halving = await this.compute.run(
      { kind: 'shortlist', ...workspace, provider, classes, seed: run.settings.seed, limits },
      { signal, onProgress: progress },
    );
    await writeShortlist(this.workspaces.shortlistFile(run.id), halving);
    await this.workspaces.shareSearch(run.id);
    return this.workspaces.of(context);
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
    const { cap, acrossSizes, augment } = searchLimitsOf(run.settings);
    const provider = await this.accelerator.provider();
    await this.compute.run(
      { kind: 'features', ...workspace, provider, cap, acrossSizes, augment },
      { signal, onProgress },
    );
    await this.workspaces.shareFeatures();
  }
}

/** The same for every worker: the pictures of a data set have one order. */
function sharesOf(workspace: RunWorkspace): ReadonlyMap<string, RunWorkspace> {
  const parts = new Map<string, RunWorkspace>();
  const size = shareSize(workspace.pictures.length);
  for (const backbone of workspace.backbones)
    for (let from = 0; from < workspace.pictures.length; from += size) {
      const pictures = workspace.pictures.slice(from, from + size);
      parts.set(`${backbone} ${from}`, { ...workspace, backbones: [backbone], pictures });
    }
  return parts;
}
