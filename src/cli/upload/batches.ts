import { LIMITS } from '../../config/settings.js';
import type { FoundFile } from '../walk.js';

export interface BatchLimits {
  maxFiles: number;
  maxBytes: number;
}

/** Small enough that a broken connection costs little, large enough that the requests themselves cost nothing. */
export const BATCH_LIMITS: BatchLimits = Object.freeze({ maxFiles: 64, maxBytes: 32 * 1024 * 1024 });

/** Cuts a list into batches within both limits, in order; a file larger than the limit goes alone. */
export function* batchesOf(
  files: readonly FoundFile[],
  limits: BatchLimits = BATCH_LIMITS,
): Generator<FoundFile[]> {
  let batch: FoundFile[] = [];
  let bytes = 0;
  for (const file of files) {
    const full = batch.length >= limits.maxFiles || bytes + file.bytes > limits.maxBytes;
    if (full && batch.length > 0) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(file);
    bytes += file.bytes;
  }
  if (batch.length > 0) yield batch;
}

/** Whether the service would take a file of that size; one that's too large would only spoil its batch. */
export function fitsUpload(file: FoundFile): boolean {
  const isZip = file.name.toLowerCase().endsWith('.zip');
  return file.bytes <= (isZip ? LIMITS.maxZipBytes : LIMITS.maxUploadBytes);
}
