import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { sniffImageMime, type Crawler, type FetchOutcome } from '../../crawlers/index.js';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { CollectRepository, type PendingFetch } from './collect.repository.js';
import { CrawlerHost } from './crawler-host.js';

/** Pictures in hand at once. The crawler itself paces each host; this bounds memory. */
const CONCURRENCY = 24;

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
    const crawler =
      run.settings.providers.length > 0 ? await this.crawlers.crawlerFor(run.settings.providers) : null;
    const total = await this.collected.countCandidates(run.id);
    let done = total - pending.length;
    context.progress(done, total);
    const limit = pLimit(CONCURRENCY);
    const one = async (candidate: PendingFetch): Promise<void> => {
      if (signal.aborted) return;
      const outcome =
        candidate.uploadSha256 === null
          ? await fetchRemote(crawler, candidate, signal)
          : await this.takeUpload(candidate);
      if (signal.aborted) return; // an interrupted download is no verdict on the picture
      await this.record(run.id, candidate, outcome);
      context.progress(++done, total);
    };
    await Promise.all(pending.map((candidate) => limit(one, candidate)));
    signal.throwIfAborted();
    return 'done';
  }

  private async takeUpload(candidate: PendingFetch): Promise<FetchOutcome> {
    const bytes = await this.blobs.get(candidate.uploadSha256 as string);
    if (bytes.length === 0) return { kind: 'dropped', reason: 'empty', detail: 'The file has no bytes' };
    const mime = sniffImageMime(bytes);
    if (!mime)
      return {
        kind: 'dropped',
        reason: 'not-an-image',
        detail: 'Its first bytes are of no known picture format',
      };
    return { kind: 'fetched', bytes, mime, finalUrl: candidate.imageUrl };
  }

  private async record(runId: string, candidate: PendingFetch, outcome: FetchOutcome): Promise<void> {
    if (outcome.kind === 'dropped') return this.collected.addDropped(runId, candidate.id, outcome);
    const sha256 = await this.blobs.put(outcome.bytes);
    const { mime, finalUrl, bytes } = outcome;
    await this.collected.addFetched(runId, candidate.id, { sha256, bytes: bytes.length, mime, finalUrl });
  }
}

function fetchRemote(
  crawler: Crawler | null,
  candidate: PendingFetch,
  signal: AbortSignal,
): Promise<FetchOutcome> {
  if (!crawler) throw new Error('A run without providers has a candidate that is no upload.');
  return crawler.fetchImage({ imageUrl: candidate.imageUrl, pageUrl: candidate.pageUrl }, signal);
}
