import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { licenceAllows, type Crawler, type FetchOutcome } from '../../crawlers/index.js';
import { Shares, type SharedWork } from '../runs/shares.js';
import type { HelpedStage, RunRecord, StageContext, StageOutcome } from '../runs/stage.js';
import { modalities } from '../modalities/registry.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import {
  CollectRepository,
  type FinishedFetch,
  type PendingFetch,
  type StoredPicture,
} from './collect.repository.js';
import { CrawlerHost } from './crawler-host.js';

/** Pictures in hand at once. The crawler itself paces each host; this bounds memory. */
const CONCURRENCY = 24;

type Verdict =
  | { readonly kind: 'stored'; readonly stored: StoredPicture }
  | { readonly kind: 'dropped'; readonly reason: string; readonly detail: string };

/** One turn of the stage. */
interface Turn {
  readonly run: RunRecord;
  readonly crawler: Crawler;
  readonly signal: AbortSignal;
  /** What became of each address, in this turn or before it: the same address is downloaded once for all categories. */
  readonly byAddress: Map<string, Promise<Verdict>>;
  /** Addresses whose bytes a category has, for the twins of its pictures. */
  readonly have: Set<string>;
}

/** Shares of own pictures and of files on this machine are a run's own; those of the web are a host's, whatever the run. */
const ALL = 'all';

const placeOf = (categoryId: string, imageUrl: string): string => `${categoryId} ${imageUrl}`;

/**
 * Brings the bytes of every candidate into the blob store, or the reason why not. Several workers share a run's hosts: a host is
 * visited by one worker at a time, of whatever run, so that its pace is kept.
 */
@Injectable()
export class FetchStage implements HelpedStage {
  readonly name = 'fetch';

  constructor(
    private readonly collected: CollectRepository,
    private readonly crawlers: CrawlerHost,
    private readonly shares: Shares,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    // Twins come last: they are downloaded only when the picture they are twins of could not be had.
    for (const twins of [false, true])
      await this.shares.lead(await this.workOf(context, twins), context.signal);
    return 'done';
  }

  async help(context: StageContext): Promise<void> {
    for (const twins of [false, true])
      await this.shares.help(await this.workOf(context, twins), context.signal);
  }

  private async workOf(context: StageContext, twins: boolean): Promise<SharedWork> {
    const { run, signal, progress } = context;
    const total = await this.collected.countCandidates(run.id);
    const turn = await this.begin(context);
    const limit = pLimit(CONCURRENCY);
    let left = (await this.collected.pendingFetches(run.id)).length;
    progress(total - left, total);
    const one = async (candidate: PendingFetch): Promise<void> => {
      if (signal.aborted) return;
      const verdict = await this.judge(turn, candidate);
      if (signal.aborted) return; // an interrupted download is no verdict on the picture
      await this.record(turn, candidate, verdict);
      progress(total - --left, total);
    };
    const pending = async (): Promise<PendingFetch[]> => {
      const all = await this.collected.pendingFetches(run.id);
      left = all.length;
      return all.filter(({ twinOf }) => (twinOf !== null) === twins);
    };
    const shareOf = (candidate: PendingFetch): string => this.shareOf(run.id, candidate);
    const idsOf = new Map<string, string[]>();
    return {
      scope: 'fetch',
      atOnce: CONCURRENCY,
      open: async () => {
        idsOf.clear();
        for (const candidate of await pending()) {
          const share = shareOf(candidate);
          const ids = idsOf.get(share) ?? [];
          ids.push(candidate.id);
          idsOf.set(share, ids);
        }
        return [...idsOf.keys()];
      },
      work: async (share) => {
        // Of these alone, and anew: the whole list at each share would be read as often as there are hosts.
        const own = await this.collected.pendingFetches(run.id, idsOf.get(share));
        if (this.shares.mayBeHelped) await this.hear(turn, own);
        await Promise.all(own.map((candidate) => limit(one, candidate)));
      },
    };
  }

  private shareOf(runId: string, { uploadSha256, imageUrl }: PendingFetch): string {
    if (!this.shares.mayBeHelped || uploadSha256 !== null || !/^https?:/i.test(imageUrl))
      return `${ALL} ${runId}`;
    return URL.canParse(imageUrl) ? new URL(imageUrl).host : `${ALL} ${runId}`;
  }

  private async begin({ run, signal }: StageContext): Promise<Turn> {
    const crawler = await this.crawlers.crawlerFor(run.settings.providers);
    const turn: Turn = { run, crawler, signal, byAddress: new Map(), have: new Set() };
    remember(turn, await this.collected.finishedFetches(run.id));
    return turn;
  }

  /** What other workers have fetched of a share since the turn began. */
  private async hear(turn: Turn, share: readonly PendingFetch[]): Promise<void> {
    const addresses = share.flatMap(({ imageUrl, twinOf }) => (twinOf ? [imageUrl, twinOf] : [imageUrl]));
    if (addresses.length > 0) remember(turn, await this.collected.finishedFetches(turn.run.id, addresses));
  }

  private judge(turn: Turn, candidate: PendingFetch): Promise<Verdict> {
    if (candidate.uploadSha256 !== null)
      return this.takeUpload(turn.run, candidate.uploadSha256, candidate.imageUrl);
    const dropped = droppedBefore(turn, candidate);
    if (dropped) return Promise.resolve(dropped);
    const { imageUrl } = candidate;
    const known = turn.byAddress.get(imageUrl);
    if (known) return known;
    const download = this.download(turn, candidate);
    turn.byAddress.set(imageUrl, download);
    return download;
  }

  private async download({ crawler, signal }: Turn, candidate: PendingFetch): Promise<Verdict> {
    const { imageUrl, pageUrl, provider } = candidate;
    const outcome = await crawler.fetchImage({ imageUrl, pageUrl, provider }, signal);
    try {
      return await this.store(outcome);
    } finally {
      if (outcome.kind === 'fetched') outcome.release?.(); // large bodies live in memory that is used again
    }
  }

  private async takeUpload({ settings }: RunRecord, sha256: string, imageUrl: string): Promise<Verdict> {
    const bytes = await this.blobs.get(sha256);
    if (bytes.length === 0) return { kind: 'dropped', reason: 'empty', detail: 'The file has no bytes' };
    const accepted = modalities[settings.modality ?? 'image'].accept(bytes);
    if (accepted.kind === 'dropped') return accepted;
    const { mime } = accepted;
    return { kind: 'stored', stored: { sha256, bytes: bytes.length, mime, finalUrl: imageUrl } };
  }

  private async store(outcome: FetchOutcome): Promise<Verdict> {
    if (outcome.kind === 'dropped') return outcome;
    const { bytes, mime, finalUrl } = outcome;
    const sha256 = await this.blobs.put(bytes);
    return { kind: 'stored', stored: { sha256, bytes: bytes.length, mime, finalUrl } };
  }

  private async record({ run, have }: Turn, candidate: PendingFetch, verdict: Verdict): Promise<void> {
    if (verdict.kind === 'dropped') return this.collected.addDropped(run.id, candidate.id, verdict);
    await this.collected.addFetched(run.id, candidate.id, verdict.stored);
    have.add(placeOf(candidate.categoryId, candidate.imageUrl));
  }
}

function remember({ byAddress, have }: Turn, finished: readonly FinishedFetch[]): void {
  for (const { categoryId, imageUrl, stored } of finished) {
    byAddress.set(imageUrl, Promise.resolve<Verdict>({ kind: 'stored', stored }));
    have.add(placeOf(categoryId, imageUrl));
  }
}

/** What need not be downloaded: a licence that was not asked for, and twins of what is there already. */
function droppedBefore({ run, have }: Turn, candidate: PendingFetch): Verdict | null {
  const { licence, twinOf, categoryId } = candidate;
  const filter = run.settings.licence ?? 'any';
  if (!licenceAllows(licence, filter)) {
    const detail = `Its licence (${licence ?? 'not known'}) does not pass the filter "${filter}"; not downloaded`;
    return { kind: 'dropped', reason: 'unlicensed', detail };
  }
  if (twinOf === null || !have.has(placeOf(categoryId, twinOf))) return null;
  const detail = `The same picture as ${twinOf}, as its address, page or SHA-1 tells; not downloaded`;
  return { kind: 'dropped', reason: 'exact-duplicate', detail };
}
