import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import { ImageError, thumbnailOf } from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import { GraftError, notFound } from '../runs/errors.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS, ENV } from '../storage/tokens.js';

const SHA256 = /^[0-9a-f]{64}$/;

/** Small pictures to look at, made once and kept in the cache folder by content: it may be deleted at any time. */
@Injectable()
export class Thumbnails {
  private readonly limit = pLimit(availableParallelism());
  private readonly making = new Map<string, Promise<Buffer>>();

  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /**
   * The WebP of a stored picture within `size` x `size` pixels.
   * @throws GraftError 404 when there is no such picture, 415 when it cannot be shown
   */
  async get(sha256: string, size: number): Promise<Buffer> {
    if (!SHA256.test(sha256)) throw notFound('stored picture', sha256);
    const path = join(this.env.cacheDir, 'thumbnails', String(size), sha256.slice(0, 2), `${sha256}.webp`);
    return readFile(path).catch(() => this.makeOnce(path, sha256, size));
  }

  /** A grid asks for the same picture twice when it is scrolled to and fro. */
  private makeOnce(path: string, sha256: string, size: number): Promise<Buffer> {
    const known = this.making.get(path);
    if (known) return known;
    const making = this.limit(() => this.make(path, sha256, size)).finally(() => this.making.delete(path));
    this.making.set(path, making);
    return making;
  }

  private async make(path: string, sha256: string, size: number): Promise<Buffer> {
    if (!(await this.blobs.has(sha256))) throw notFound('stored picture', sha256);
    const bytes = await thumbnailOf(await this.blobs.get(sha256), size).catch((error: unknown) => {
      throw error instanceof ImageError ? notShown(sha256, error) : error;
    });
    await this.keep(path, bytes);
    return bytes;
  }

  /** A cache that cannot be written is slow, not broken. */
  private async keep(path: string, bytes: Buffer): Promise<void> {
    const draft = `${path}.${randomUUID()}.tmp`;
    await mkdir(dirname(path), { recursive: true })
      .then(() => writeFile(draft, bytes))
      .then(() => rename(draft, path))
      .catch(() => undefined);
  }
}

const notShown = (sha256: string, error: ImageError): GraftError =>
  new GraftError({
    code: 'no-thumbnail',
    message: `The picture ${sha256} cannot be shown: ${error.message}.`,
    fix: 'GET /api/images/{imageId}/content gives its bytes.',
    status: 415,
    cause: error,
  });
