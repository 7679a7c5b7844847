import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { licenceAllows, sniffImageMime, type Crawler, type FetchOutcome } from '../../crawlers/index.js';
import type { RunRecord, Stage, StageContext, StageOutcome } from '../runs/stage.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { CollectRepository, type PendingFetch, type StoredPicture } from './collect.repository.js';
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

const placeOf = (categoryId: string, imageUrl: string): string => `${categoryId} ${imageUrl}`;

/** Brings the bytes of every candidate into the blob store, or the reason why not. */
@Injectable()
export class FetchStage implements Stage {
  readonly name = 'fetch';

  constructor(
    private readonly collected: CollectRepository,
    private readonly crawlers: CrawlerHost,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, signal } = context;
    const pending = await this.collected.pendingFetches(run.id);
    const turn = await this.begin(context);
    const total = await this.collected.countCandidates(run.id);
    let done = total - pending.length;
    context.progress(done, total);
    const limit = pLimit(CONCURRENCY);
    const one = async (candidate: PendingFetch): Promise<void> => {
      if (signal.aborted) return;
      const verdict = await this.judge(turn, candidate);
      if (signal.aborted) return; // an interrupted download is no verdict on the picture
      await this.record(turn, candidate, verdict);
      context.progress(++done, total);
    };
    // Twins come last: they are downloaded only when the picture they are twins of could not be had.
    const twins = pending.filter(({ twinOf }) => twinOf !== null);
    for (const part of [pending.filter(({ twinOf }) => twinOf === null), twins]) {
      await Promise.all(part.map((candidate) => limit(one, candidate)));
      signal.throwIfAborted();
    }
    return 'done';
  }

  private async begin({ run, signal }: StageContext): Promise<Turn> {
    const crawler = await this.crawlers.crawlerFor(run.settings.providers);
    const finished = await this.collected.finishedFetches(run.id);
    const byAddress = new Map(
      finished.map(({ imageUrl, stored }) => [
        imageUrl,
        Promise.resolve<Verdict>({ kind: 'stored', stored }),
      ]),
    );
    const have = new Set(finished.map(({ categoryId, imageUrl }) => placeOf(categoryId, imageUrl)));
    return { run, crawler, signal, byAddress, have };
  }

  private judge(turn: Turn, candidate: PendingFetch): Promise<Verdict> {
    if (candidate.uploadSha256 !== null) return this.takeUpload(candidate.uploadSha256, candidate.imageUrl);
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

  private async takeUpload(sha256: string, imageUrl: string): Promise<Verdict> {
    const bytes = await this.blobs.get(sha256);
    if (bytes.length === 0) return { kind: 'dropped', reason: 'empty', detail: 'The file has no bytes' };
    const mime = sniffImageMime(bytes);
    if (mime) return { kind: 'stored', stored: { sha256, bytes: bytes.length, mime, finalUrl: imageUrl } };
    const detail = 'Its first bytes are of no known picture format';
    return { kind: 'dropped', reason: 'not-an-image', detail };
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
