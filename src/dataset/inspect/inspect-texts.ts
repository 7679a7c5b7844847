import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { decodeText, TextError } from '../../../zoo/index.js';
import type { StageContext } from '../../runs/stage.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { BLOBS } from '../../storage/tokens.js';
import { DatasetRepository, type InspectionRow } from '../dataset.repository.js';

/** Texts read at a time; their records are written together. */
const READING = 32;

/** Stage inspect for texts: can each be read, and is there a word in it? */
@Injectable()
export class TextInspection {
  constructor(
    private readonly dataset: DatasetRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async run({ run, signal, progress }: StageContext): Promise<void> {
    const pending = await this.dataset.pendingInspections(run.id);
    const total = await this.dataset.countFetched(run.id);
    let done = total - pending.length;
    progress(done, total);
    const limit = pLimit(READING);
    const one = async (candidateId: string, sha256: string): Promise<void> => {
      if (signal.aborted) return;
      await this.dataset.addInspections([await this.inspect(run.id, candidateId, sha256)]);
      progress(++done, total);
    };
    await Promise.all(pending.map(({ candidateId, sha256 }) => limit(one, candidateId, sha256)));
    signal.throwIfAborted();
  }

  private async inspect(runId: string, candidateId: string, sha256: string): Promise<InspectionRow> {
    try {
      decodeText(await this.blobs.get(sha256));
      return { candidateId, runId, format: 'text' };
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      return { candidateId, runId, reason: error.reason, detail: error.message };
    }
  }
}
