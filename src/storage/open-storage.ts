import { join } from 'node:path';
import type { Env } from '../config/env.js';
import { createFileBlobStore, type BlobStore } from './blob-store.js';
import { openBucket } from './s3/bucket.js';
import { createS3BlobStore } from './s3/s3-blob-store.js';
import { createS3Folders } from './s3/s3-folders.js';
import { sameDisk, type SharedFolders } from './shared-folders.js';

/** Where files live: in the data folder, or in object storage with copies in the data folder. */
export interface Storage {
  readonly blobs: BlobStore;
  readonly folders: SharedFolders;
}

export function openStorage({ dataDir, objectStorage }: Env): Storage {
  const folder = join(dataDir, 'blobs');
  if (!objectStorage) return { blobs: createFileBlobStore(folder), folders: sameDisk };
  const bucket = openBucket(objectStorage);
  return { blobs: createS3BlobStore(bucket, folder), folders: createS3Folders(bucket) };
}
