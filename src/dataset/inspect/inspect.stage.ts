import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { runSettingsSchema, type RunSettings } from '../../config/settings.js';
import { isOwnProvider } from '../../collect/own-providers.js';
import { Shares, type SharedWork } from '../../runs/shares.js';
import type { EagerStage, HelpedStage, StageContext, StageOutcome } from '../../runs/stage.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { BLOBS } from '../../storage/tokens.js';
import { KeptPixels, type KeepPixels } from '../../training/kept-pixels.js';
import { DatasetRepository, type InspectionRow, type PendingInspection } from '../dataset.repository.js';
import { answersAll, inspectImage, judgeMeasures, type InspectMeasures, type Inspection } from './inspect.js';
import type { JudgeSafety } from './safety.js';
import { SafetyLines } from './safety-lines.js';
import type { InspectLimits } from './settings.js';
import { TextInspection } from './inspect-texts.js';

/** Pictures on their way at a time: while one is decoded others wait for their bytes or for the safety networks. */
const UNDER_WAY = 2 * (availableParallelism() + 1);

/** The same bytes, found once or several times. */
interface Found {
  readonly sha256: string;
  readonly candidateIds: string[];
  aboutSafety: boolean;
  /** Every copy was brought by the person. */
  own: boolean;
}

/** A person's own pages and screenshots are what they want to tell apart. */
const limitsOf = ({ own }: Found, limits: InspectLimits): InspectLimits =>
  own ? { ...limits, maxTextShare: Number.POSITIVE_INFINITY } : limits;

/** How the pictures of a run are looked at. */
interface Look {
  readonly limits: InspectLimits;
  readonly judgeSafety: JudgeSafety;
  /** What earlier runs measured, by sha256. */
  before: ReadonlyMap<string, InspectMeasures>;
  readonly keepPixels: KeepPixels;
}

/** Each picture once; unsafe is what a picture is wherever it was found, so one crawled copy is enough to ask. */
function bySha256(pending: readonly PendingInspection[], safety: RunSettings['safety']): Found[] {
  const all = new Map<string, Found>();
  for (const { sha256, candidateId, provider } of pending) {
    const found = all.get(sha256) ?? { sha256, candidateIds: [], aboutSafety: safety === 'all', own: true };
    found.candidateIds.push(candidateId);
    found.own &&= isOwnProvider(provider);
    found.aboutSafety ||= safety === 'crawled' && !found.own;
    all.set(sha256, found);
  }
  return [...all.values()];
}

function toRow(runId: string, candidateId: string, result: Inspection): InspectionRow {
  const { measures } = result;
  const facts = measures && { width: measures.width, height: measures.height, format: measures.format };
  const fault = result.kind === 'dropped' ? { reason: result.reason, detail: result.detail } : {};
  return { candidateId, runId, measures: measures ?? null, ...facts, ...fault };
}

/** One turn of the stage, of who leads it, lends a hand or works ahead. */
interface Turn {
  readonly work: SharedWork;
  /** Learns what earlier runs measured on pictures that have come since. */
  lookBack(): Promise<void>;
  close(): void;
}

/** A stage fetch that is over so soon leaves nothing to gain, and the safety networks would be opened twice. */
const AHEAD_AFTER_MS = 2000;
/** Between two looks at what has been fetched meanwhile, where the last one found nothing. */
const AHEAD_EVERY_MS = 500;

/** Alone there is nobody to share with. */
const ALL = '';
/** Pictures whose names begin alike: up to 256 shares, and all copies of a picture in one. */
const SHARE_DIGITS = 2;

/**
 * Decodes every fetched picture once: is it sound, is it safe, and what do its hashes say? Several workers share the pictures by
 * the first digits of their names.
 */
@Injectable()
export class InspectStage implements HelpedStage, EagerStage {
  readonly name = 'inspect';

  constructor(
    private readonly dataset: DatasetRepository,
    private readonly safety: SafetyLines,
    private readonly texts: TextInspection,
    private readonly shares: Shares,
    private readonly pixels: KeptPixels,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    if (context.run.settings.modality === 'text') {
      await this.texts.run(context);
      return 'done';
    }
    const turn = await this.begin(context);
    try {
      await this.shares.lead(turn.work, context.signal);
    } finally {
      turn.close();
    }
    context.signal.throwIfAborted();
    return 'done';
  }

  async help(context: StageContext): Promise<void> {
    if (context.run.settings.modality === 'text') return; // a moment's work
    const turn = await this.begin(context);
    try {
      await this.shares.help(turn.work, context.signal);
    } finally {
      turn.close();
    }
  }

  /**
   * Decodes what is there while the rest is being fetched: one waits for the network, the other for the processor. Not where own pictures and
   * found ones meet: what is asked of a picture then depends on all of its copies, and they are not all there yet.
   */
  async ahead(context: StageContext, over: AbortSignal): Promise<void> {
    if (context.run.settings.modality === 'text') return; // a moment's work
    const providers = await this.dataset.providersOf(context.run.id);
    if (new Set(providers.map(isOwnProvider)).size > 1) return;
    const isOver = (): boolean => over.aborted || context.signal.aborted;
    const pause = (ms: number): Promise<void> =>
      delay(ms, undefined, { signal: AbortSignal.any([over, context.signal]) }).catch(() => undefined);
    await pause(AHEAD_AFTER_MS);
    if (isOver()) return;
    const turn = await this.begin(context, over);
    try {
      while (!isOver()) {
        const shares = await turn.work.open();
        if (shares.length > 0) await turn.lookBack();
        for (const share of shares) if (!isOver()) await turn.work.work(share);
        if (shares.length === 0) await pause(AHEAD_EVERY_MS);
      }
    } finally {
      turn.close();
    }
  }

  /** @param over when to begin with no further picture, though the run goes on */
  private async begin(context: StageContext, over?: AbortSignal): Promise<Turn> {
    const { run, signal, progress } = context;
    const counter = { done: 0, total: await this.dataset.countFetched(run.id) };
    // Runs that an older version started lack the newer settings.
    const settings = runSettingsSchema.parse(run.settings);
    const safety = this.safety.open(context, counter);
    const lookBack = (): Promise<ReadonlyMap<string, InspectMeasures>> => this.dataset.measuredBefore(run.id);
    const look: Look = {
      limits: settings.inspect,
      judgeSafety: safety.judge,
      before: await lookBack(),
      keepPixels: await this.pixels.keeperOf(run),
    };
    const limit = pLimit(UNDER_WAY);
    const one = async (found: Found): Promise<void> => {
      if (signal.aborted || over?.aborted) return;
      const result = await this.inspect(found, look);
      await this.dataset.addInspections(found.candidateIds.map((id) => toRow(run.id, id, result)));
      progress((counter.done += found.candidateIds.length), counter.total);
    };
    const work: SharedWork = {
      scope: `inspect ${run.id}`,
      atOnce: UNDER_WAY,
      open: async () => {
        const pending = await this.dataset.pendingInspections(run.id);
        counter.done = counter.total - pending.length;
        progress(counter.done, counter.total);
        return [...new Set(pending.map((picture) => this.shareOf(picture)))];
      },
      work: async (share) => {
        const pending = await this.dataset.pendingInspections(run.id, share);
        await Promise.all(bySha256(pending, settings.safety).map((found) => limit(one, found)));
      },
    };
    return {
      work,
      lookBack: async () => void (look.before = await lookBack()),
      close: () => safety.close(),
    };
  }

  private shareOf({ sha256 }: PendingInspection): string {
    return this.shares.mayBeHelped ? sha256.slice(0, SHARE_DIGITS) : ALL;
  }

  private async inspect(found: Found, look: Look): Promise<Inspection> {
    const { sha256, aboutSafety } = found;
    const limits = limitsOf(found, look.limits);
    const before = look.before.get(sha256);
    if (before && answersAll(before, limits, aboutSafety))
      return judgeMeasures(aboutSafety ? before : { ...before, safety: undefined }, limits);
    const bytes = await this.blobs.get(sha256);
    return inspectImage(bytes, limits, aboutSafety ? look.judgeSafety : undefined, (opened) =>
      look.keepPixels(sha256, opened),
    );
  }
}
