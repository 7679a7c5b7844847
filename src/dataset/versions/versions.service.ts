import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { sniffImageMime } from '../../../crawlers/index.js';
import type { DatasetView } from '../../http/api.js';
import { notFound } from '../../runs/errors.js';
import type { BlobStore } from '../../storage/blob-store.js';
import { BLOBS } from '../../storage/tokens.js';
import { tarOf, zipOf } from './archive.js';
import { diffDatasets, type DatasetDiff, type FrozenPicture } from './frozen.js';
import type { ExportFormat } from './formats.js';
import { attributionCsv, exportFiles, type StoredPicture } from './layout.js';
import { VersionsRepository, type VersionRow } from './versions.repository.js';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': '.jpg',
  'image/png': '.png',
  'image/webp': '.webp',
  'image/gif': '.gif',
  'image/avif': '.avif',
  'image/tiff': '.tif',
  'image/bmp': '.bmp',
  'image/svg+xml': '.svg',
};
/** As much of a file as tells its kind. */
const HEAD_BYTES = 4096;

/** Frozen data sets: what there is, how two differ, and their files. */
@Injectable()
export class VersionsService {
  constructor(
    private readonly repository: VersionsRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  async list(): Promise<DatasetView[]> {
    return Promise.all((await this.repository.list()).map((row) => this.view(row)));
  }

  async get(version: string): Promise<DatasetView> {
    return this.view(await this.find(version));
  }

  async pictures(version: string): Promise<FrozenPicture[]> {
    return this.repository.pictures((await this.find(version)).version);
  }

  async diff(first: string, second: string): Promise<DatasetDiff> {
    return diffDatasets(await this.pictures(first), await this.pictures(second));
  }

  /** The files of a version as one stream: CSV, zip, or tar. */
  async export(
    version: string,
    format: ExportFormat,
  ): Promise<{ mime: string; name: string; body: Readable | string }> {
    const { categories } = await this.find(version);
    const pictures = await this.repository.pictures(version);
    const name = `dataset-${version.slice(0, 12)}`;
    if (format === 'csv')
      return { mime: 'text/csv; charset=utf-8', name: `${name}.csv`, body: attributionCsv(pictures) };
    const files = exportFiles(format, { pictures, categories }, (sha256) => this.stored(sha256));
    if (format === 'zip') return { mime: 'application/zip', name: `${name}.zip`, body: zipOf(files) };
    return { mime: 'application/x-tar', name: `${name}.tar`, body: tarOf(files) };
  }

  private async find(version: string): Promise<VersionRow> {
    const row = await this.repository.find(version);
    if (!row) throw notFound('data set version', version, 'GET /api/datasets lists them.');
    return row;
  }

  private async view({ version, categories, createdAt }: VersionRow): Promise<DatasetView> {
    const counts = await this.repository.countsOf(version);
    const of = (category: string, part: string): number =>
      counts.find((row) => row.category === category && row.part === part)?.pictures ?? 0;
    return {
      version,
      pictures: counts.reduce((sum, { pictures }) => sum + pictures, 0),
      categories: categories.map((name) => ({
        name,
        train: of(name, 'train'),
        validation: of(name, 'validation'),
        test: of(name, 'test'),
      })),
      runs: await this.repository.runsOf(version),
      createdAt: createdAt.toISOString(),
    };
  }

  private async stored(sha256: string): Promise<StoredPicture> {
    const file = await open(await this.blobs.local(sha256));
    try {
      const { size } = await file.stat();
      const head = Buffer.alloc(Math.min(size, HEAD_BYTES));
      await file.read(head, 0, head.length, 0);
      const extension = EXTENSIONS[sniffImageMime(head) ?? ''] ?? '.bin';
      return { extension, bytes: size, open: () => this.blobs.stream(sha256) };
    } finally {
      await file.close();
    }
  }
}
