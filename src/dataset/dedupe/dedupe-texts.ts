import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { decodeText } from '../../../zoo/index.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { BLOBS } from '../../storage/tokens.js';
import type { DuplicateRow, InspectedPicture } from '../dataset.repository.js';
import { groupTexts } from './group-texts.js';

const READING = 32;

/** Stage dedupe for texts: which of them say the same? */
@Injectable()
export class TextDeduplication {
  constructor(@Inject(BLOBS) private readonly blobs: BlobStore) {}

  /** One record for each, in the order given; the first of a group is its keeper. */
  async judge(runId: string, items: readonly InspectedPicture[]): Promise<DuplicateRow[]> {
    const limit = pLimit(READING);
    const texts = await Promise.all(
      items.map(({ candidateId, categoryId, sha256 }) =>
        limit(async () => ({
          id: candidateId,
          category: categoryId,
          text: decodeText(await this.blobs.get(sha256)),
        })),
      ),
    );
    const verdicts = groupTexts(texts);
    const byId = new Map(items.map((item) => [item.candidateId, item]));
    return items.map(({ candidateId, sha256 }) => {
      const { keeper, reason, distance } = verdicts.get(candidateId) ?? {
        keeper: candidateId,
        reason: null,
        distance: null,
      };
      const groupKey = byId.get(keeper)?.sha256 ?? sha256;
      return { runId, candidateId, groupKey, keeperId: reason ? keeper : null, reason, distance };
    });
  }
}
