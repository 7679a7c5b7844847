import type { ProjectView, UploadResult } from '../../http/api.js';
import { categoryKey } from '../../dataset/split/check-categories.js';
import type { GraftClient } from '../client.js';
import { CliError } from '../errors.js';
import type { FoundFile } from '../walk.js';
import { BATCH_LIMITS, batchesOf, type BatchLimits } from './batches.js';
import { multipartOf } from './multipart.js';

export interface UploadRequest {
  client: GraftClient;
  project: ProjectView;
  /** Files by `categoryKey`. */
  pictures: ReadonlyMap<string, readonly FoundFile[]>;
  onProgress: (done: number, total: number) => void;
  limits?: BatchLimits;
}

const NOTHING: UploadResult = { accepted: 0, rejected: [] };

/** Sends own pictures into the categories of a project, a batch a request, in order. Sending the same again adds nothing. */
export async function uploadPictures(request: UploadRequest): Promise<UploadResult> {
  const { client, project, pictures, onProgress, limits = BATCH_LIMITS } = request;
  const total = [...pictures.values()].reduce((sum, files) => sum + files.length, 0);
  const result: UploadResult = { accepted: 0, rejected: [] };
  let done = 0;
  for (const category of project.categories) {
    for (const batch of batchesOf(pictures.get(categoryKey(category.name)) ?? [], limits)) {
      await sendBatch(client, { projectId: project.id, category: category.name, batch }, result);
      done += batch.length;
      onProgress(done, total);
    }
  }
  return result;
}

async function sendBatch(
  client: GraftClient,
  { projectId, category, batch }: { projectId: string; category: string; batch: readonly FoundFile[] },
  result: UploadResult,
): Promise<void> {
  const unreadable: FoundFile[] = [];
  const body = multipartOf(batch, (file) => unreadable.push(file));
  const answer = await client.upload(projectId, category, body).catch((error: unknown) => {
    if (error instanceof CliError && unreadable.length === batch.length) return NOTHING; // an empty form is refused
    throw error;
  });
  result.accepted += answer.accepted;
  const detail = 'The file could not be opened.';
  result.rejected.push(
    ...answer.rejected,
    ...unreadable.map(({ name }) => ({ file: name, reason: 'unreadable', detail })),
  );
}
