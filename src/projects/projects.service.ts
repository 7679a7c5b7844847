import { Inject, Injectable } from '@nestjs/common';
import { LIMITS } from '../config/settings.js';
import { categoryKey, checkCategories } from '../dataset/split/check-categories.js';
import type { CreateProject, ListedUrls, ProjectView, UploadResult, UrlRow } from '../http/api.js';
import { GraftError, notFound } from '../runs/errors.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { checkUrlRows } from '../collect/url-rows.js';
import { ProjectsRepository } from './projects.repository.js';
import { readUpload, type UploadedFile } from './read-upload.js';

@Injectable()
export class ProjectsService {
  constructor(
    private readonly repository: ProjectsRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /** @throws GraftError when the categories cannot make a classifier (fewer than two, the same twice, empty) */
  async create(input: CreateProject): Promise<ProjectView> {
    if (input.categories.length > LIMITS.maxCategories) throw tooManyCategories(input.categories.length);
    const names = checkCategories(input.categories);
    const project = await this.repository.create(
      { name: input.name ?? names.join(', ').slice(0, 200), modality: input.modality ?? 'image' },
      names.map((name) => ({ name, key: categoryKey(name) })),
    );
    return this.view(project.id);
  }

  async view(projectId: string): Promise<ProjectView> {
    const project = await this.repository.find(projectId);
    if (!project) throw notFound('project', projectId, 'GET /api/projects lists them.');
    const categories = await this.repository.categoriesWithUploads(projectId);
    const { id, name, modality, createdAt } = project;
    return { id, name, modality, categories, createdAt: createdAt.toISOString() };
  }

  async list(): Promise<ProjectView[]> {
    const rows = await this.repository.list();
    return Promise.all(rows.map((row) => this.view(row.id)));
  }

  /** Stores uploaded files (zips unpacked) as own pictures of a category. A bad file is reported; the others are kept. */
  async upload(
    projectId: string,
    categoryName: string,
    files: readonly UploadedFile[],
  ): Promise<UploadResult> {
    const category = await this.repository.findCategory(projectId, categoryKey(categoryName));
    if (!category) throw await this.unknownCategory(projectId, categoryName);
    if (files.length === 0) throw noFiles();
    const result: UploadResult = { accepted: 0, rejected: [] };
    for (const file of files) {
      for await (const entry of readUpload(file)) {
        if (entry.kind === 'rejected') {
          result.rejected.push({ file: entry.file, reason: entry.reason, detail: entry.detail });
          continue;
        }
        const sha256 = await this.blobs.put(entry.bytes);
        await this.repository.addUpload({
          categoryId: category.id,
          fileName: entry.file,
          sha256,
          bytes: entry.bytes.length,
        });
        result.accepted += 1;
      }
    }
    return result;
  }

  /** Lists addresses of pictures. A bad row is reported; the others are kept. Sending the same again adds nothing. */
  async listUrls(projectId: string, rows: readonly UrlRow[]): Promise<ListedUrls> {
    const { categories } = await this.view(projectId);
    const { good, rejected } = checkUrlRows(rows, categories);
    await this.repository.addUrls(good);
    return { accepted: good.length, rejected };
  }

  private async unknownCategory(projectId: string, name: string): Promise<GraftError> {
    const { categories } = await this.view(projectId);
    return notFound(
      'category',
      name,
      `The project has: ${categories.map((category) => category.name).join(', ')}.`,
    );
  }
}

const tooManyCategories = (count: number): GraftError =>
  new GraftError({
    code: 'too-many-categories',
    message: `${count} categories are more than Graft takes (${LIMITS.maxCategories}).`,
    fix: 'Split the task, or leave out categories.',
  });

const noFiles = (): GraftError =>
  new GraftError({
    code: 'no-files',
    message: 'The request has no files.',
    fix: 'Send multipart/form-data with one or more file parts (pictures or a zip).',
  });
