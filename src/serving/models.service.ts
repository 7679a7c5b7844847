import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { takesText } from '../../zoo/index.js';
import type { ModelView } from '../http/api.js';
import { notFound } from '../runs/errors.js';
import { isModelId, ModelsRepository, type ModelRow } from './models.repository.js';
import { PackageFolders } from './package-folders.js';
import type { ServedModel } from './predictor.js';
import { ServedModels } from './served-models.js';

@Injectable()
export class ModelsService {
  constructor(
    private readonly repository: ModelsRepository,
    private readonly folders: PackageFolders,
    private readonly ready: ServedModels,
  ) {}

  async list(): Promise<ModelView[]> {
    return Promise.all((await this.repository.list()).map((row) => this.toView(row)));
  }

  async view(idOrAlias: string): Promise<ModelView> {
    return this.toView(await this.get(idOrAlias));
  }

  /** Only names that the folder's listing has are opened: no path can be smuggled in. */
  async packageFile(idOrAlias: string, file: string): Promise<{ stream: Readable; bytes: number }> {
    const model = await this.get(idOrAlias);
    const folder = await this.folders.of(model);
    if (!(await readdir(folder)).includes(file))
      throw notFound('file', file, `GET /api/models/${model.id} lists them.`);
    const path = join(folder, file);
    return { stream: createReadStream(path), bytes: (await stat(path)).size };
  }

  /** A model, ready to be predicted with. @throws GraftError 404 */
  async served(idOrAlias: string): Promise<ServedModel> {
    const model = await this.get(idOrAlias);
    return this.ready.of(isModelId(idOrAlias) ? model : this.ready.forAlias(idOrAlias, model));
  }

  private async get(idOrAlias: string): Promise<ModelRow> {
    const row = await this.repository.find(idOrAlias);
    if (!row) throw notFound('model', idOrAlias, 'GET /api/models lists them; a run has to succeed first.');
    return row;
  }

  private async toView(row: ModelRow): Promise<ModelView> {
    return {
      id: row.id,
      projectId: row.projectId,
      runId: row.runId,
      modality: takesText(row.manifest.input) ? 'text' : 'image',
      version: row.version,
      aliases: await this.repository.aliasesOf(row.id),
      labels: [...row.manifest.labels],
      summary: row.summary,
      files: (await readdir(await this.folders.of(row))).sort(),
      createdAt: row.createdAt.toISOString(),
    };
  }
}
