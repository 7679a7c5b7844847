import { availableParallelism } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import type { Stage, StageContext, StageOutcome } from '../../runs/stage.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { BLOBS } from '../../storage/tokens.js';
import { DatasetRepository, type InspectionRow } from '../dataset.repository.js';
import { inspectImage } from './inspect.js';

/** Decodes every fetched picture once: is it sound, and what do its hashes say? */
@Injectable()
export class InspectStage implements Stage {
  readonly name = 'inspect';

  constructor(
    private readonly dataset: DatasetRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async run({ run, signal, progress }: StageContext): Promise<StageOutcome> {
    const pending = await this.dataset.pendingInspections(run.id);
    const total = await this.dataset.countFetched(run.id);
    let done = total - pending.length;
    progress(done, total);
    const limit = pLimit(availableParallelism() + 1); // one reads while the others decode
    const one = async (candidateId: string, sha256: string): Promise<void> => {
      if (signal.aborted) return;
      await this.dataset.addInspection(await this.inspect(run.id, candidateId, sha256));
      progress(++done, total);
    };
    await Promise.all(pending.map(({ candidateId, sha256 }) => limit(one, candidateId, sha256 as string)));
    signal.throwIfAborted();
    return 'done';
  }

  private async inspect(runId: string, candidateId: string, sha256: string): Promise<InspectionRow> {
    const result = await inspectImage(await this.blobs.get(sha256));
    if (result.kind === 'dropped') {
      return {
        candidateId,
        runId,
        reason: result.reason,
        detail: result.detail,
        measures: result.measures ?? null,
      };
    }
    const { width, height, format } = result.measures;
    return { candidateId, runId, width, height, format, measures: result.measures };
  }
}
