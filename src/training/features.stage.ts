import { Injectable } from '@nestjs/common';
import { ClaimsRepository } from '../runs/claims.repository.js';
import { Shares, type SharedWork } from '../runs/shares.js';
import type { HelpedStage, StageContext, StageOutcome } from '../runs/stage.js';
import { Accelerator } from './compute/accelerator.js';
import { isCapped, NO_CAP } from '../../zoo/index.js';
import { ComputeHost } from './compute/compute-host.js';
import { inRank } from './compute/in-turn.js';
import type { FeaturesResult, FeaturesTask } from './compute/protocol.js';
import { KeptPixels } from './kept-pixels.js';
import { passLimitsOf, searchLimitsOf } from './search-limits.js';
import { readShortlist, withoutLate, writeShortlist } from './shortlist.js';
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

/** Of the time limit, what the features may still take; null without one. Earlier turns of the stage, and its samples, have used it too. */
async function leftOf({ run, elapsedMs }: Pick<StageContext, 'run' | 'elapsedMs'>): Promise<number | null> {
  const { mostMs } = passLimitsOf(run.settings);
  return mostMs === null ? null : Math.max(0, mostMs - (await elapsedMs()));
}

/**
 * Feeds every picture through every backbone, once, and keeps all taps; what the cache has is not computed again. Several workers
 * share it: one backbone and some hundred pictures at a time. With a time limit, backbones that it leaves no time for are dropped.
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
    const work = await this.workOf(context, workspace);
    if (this.shares.mayBeHelped) {
      // A cap that nothing keeps to is refused before the work is dealt out: no share sees all backbones.
      if (isCapped(searchLimitsOf(context.run.settings).cap))
        await this.extract(context, { ...workspace, pictures: [] }, 'backbones');
      await this.shares.lead(work, context.signal);
    }
    // All of it again: what is there costs nothing, and nothing can be missing then.
    const { late } = await this.extract(context, workspace, 'all', context.progress);
    if (late.length > 0) await this.drop(context.run.id, workspace, late);
    await this.claims.forget(work.scope);
    await this.pixels.forget(context.run.id);
    return 'done';
  }

  async help(context: StageContext): Promise<void> {
    await this.workspaces.bringSearch(context.run.id);
    const workspace = await this.workspaces.of(context);
    // Who leads is still about to choose the backbones; there will be another call for help.
    if (await this.mustChoose(context, workspace)) return;
    await this.shares.help(await this.workOf(context, workspace), context.signal);
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
    const classes = categories.length;
    const limits = { ...passLimitsOf(run.settings), mostMs: await leftOf(context) };
    const provider = await this.accelerator.provider();
    const halving = await this.compute.run(
      { kind: 'shortlist', ...workspace, provider, classes, seed: run.settings.seed, limits },
      { signal, onProgress: progress },
    );
    await writeShortlist(this.workspaces.shortlistFile(run.id), halving);
    await this.workspaces.shareSearch(run.id);
    return this.workspaces.of(context);
  }

  private async rankOf(runId: string, { backbones }: RunWorkspace): Promise<readonly string[]> {
    return (await readShortlist(this.workspaces.shortlistFile(runId)))?.bestFirst ?? backbones;
  }

  /** Later stages do without these backbones, and the report says why. */
  private async drop(runId: string, workspace: RunWorkspace, late: FeaturesResult['late']): Promise<void> {
    const file = this.workspaces.shortlistFile(runId);
    const { backbones: kept, dropped } = workspace;
    const list = (await readShortlist(file)) ?? { kept, dropped, bestFirst: kept };
    await writeShortlist(file, withoutLate(list, late));
    await this.workspaces.shareSearch(runId);
  }

  private async workOf(context: StageContext, workspace: RunWorkspace): Promise<SharedWork> {
    const { progress, run } = context;
    const bestFirst = await this.rankOf(run.id, workspace);
    const parts = sharesOf(workspace, bestFirst);
    let done = 0;
    return {
      scope: `features ${run.id}`,
      atOnce: 1,
      marked: true,
      // Late, what is left is the backbone that is finished in any case.
      open: async () => {
        const isLate = (await leftOf(context)) === 0;
        return [...parts].flatMap(([name, share]) =>
          isLate && share.backbone !== bestFirst[0] ? [] : [name],
        );
      },
      work: async (share) => {
        const part = parts.get(share);
        if (part) await this.extract(context, part.workspace, part.part);
        progress(++done, parts.size, 'shares of this worker');
      },
    };
  }

  private async extract(
    { run, signal, elapsedMs }: StageContext,
    workspace: RunWorkspace,
    part: FeaturesTask['part'],
    onProgress: StageContext['progress'] = () => undefined,
  ): Promise<FeaturesResult> {
    await this.workspaces.bringFeatures();
    const limits = searchLimitsOf(run.settings);
    const { acrossSizes, augment } = limits;
    // Of the pictures of a share nobody asks: the cap was looked at with all backbones.
    const cap = part === 'all' || workspace.pictures.length === 0 ? limits.cap : NO_CAP;
    const provider = await this.accelerator.provider();
    const bestFirst = await this.rankOf(run.id, workspace);
    const leftMs = await leftOf({ run, elapsedMs });
    const result = await this.compute.run(
      { kind: 'features', ...workspace, part, provider, cap, acrossSizes, augment, leftMs, bestFirst },
      { signal, onProgress },
    );
    await this.workspaces.shareFeatures();
    return result;
  }
}

interface Share {
  /** Whose features they are; null: of the floor. */
  readonly backbone: string | null;
  readonly workspace: RunWorkspace;
  readonly part: FeaturesTask['part'];
}

/** The same for every worker: the pictures of a data set have one order. Texts are not shared: what they are read by is learnt from all of them. */
function sharesOf(workspace: RunWorkspace, bestFirst: readonly string[]): ReadonlyMap<string, Share> {
  const parts = new Map<string, Share>();
  if (workspace.modality === 'text') return parts;
  const { backbones } = workspace;
  const size = shareSize(workspace.pictures.length);
  const deal = (backbone: string | null, own: readonly string[], part: Share['part']): void => {
    for (let from = 0; from < workspace.pictures.length; from += size) {
      const pictures = workspace.pictures.slice(from, from + size);
      const share = { backbone, part, workspace: { ...workspace, backbones: own, pictures } };
      parts.set(`${backbone ?? 'floor'} ${from}`, share);
    }
  };
  for (const backbone of inRank(backbones, (id) => id, bestFirst)) deal(backbone, [backbone], 'backbones');
  deal(null, backbones, 'floor');
  return parts;
}
