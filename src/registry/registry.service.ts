import { Injectable } from '@nestjs/common';
import type { ModelEventView, Promote, Rollback } from '../http/api/registry.js';
import { ProjectsService } from '../projects/projects.service.js';
import { GraftError, notFound } from '../runs/errors.js';
import { ModelsRepository } from '../serving/models.repository.js';
import { ServedModels } from '../serving/served-models.js';
import type { Transaction } from '../storage/database.js';
import { RegistryRepository } from './registry.repository.js';

/** Which model answers for a project, and how that came to be. */
@Injectable()
export class RegistryService {
  constructor(
    private readonly repository: RegistryRepository,
    private readonly models: ModelsRepository,
    private readonly projects: ProjectsService,
    private readonly ready: ServedModels,
  ) {}

  /**
   * Makes a model the champion of its project, once it is open and has predicted its golden pictures.
   * @throws GraftError when it is none of the project's, is the champion already, or cannot be used
   */
  async promote(projectId: string, { modelId, reason }: Promote, actor: string): Promise<ModelEventView> {
    await this.projects.view(projectId);
    const model = await this.models.find(modelId);
    if (model?.projectId !== projectId)
      throw notFound('model', `${modelId} in the project ${projectId}`, 'GET /api/models lists them.');
    await this.ready.prove(model);
    return this.changed(projectId, async (tx) => {
      if ((await this.repository.aliasOf(projectId, 'champion', tx)) === modelId)
        throw alreadyChampion(modelId);
      if ((await this.repository.aliasOf(projectId, 'challenger', tx)) === modelId)
        await this.repository.dropAlias(tx, projectId, 'challenger');
      const change = {
        projectId,
        alias: 'champion',
        action: 'promoted',
        toId: modelId,
        actor,
        reason,
      } as const;
      return this.repository.change(tx, change);
    });
  }

  /**
   * Brings back the champion before the last promotion; called again, the one before that.
   * @throws GraftError when there was none, or it cannot be used any more
   */
  async rollBack(projectId: string, { reason }: Rollback, actor: string): Promise<ModelEventView> {
    await this.projects.view(projectId);
    const before = await this.repository.championBefore(projectId);
    const model = before === null ? null : await this.repository.model(before);
    if (model) await this.ready.prove(model);
    return this.changed(projectId, async (tx) => {
      const toId = await this.repository.championBefore(projectId, tx);
      if (toId === null) throw nothingBefore();
      const change = { projectId, alias: 'champion', action: 'rolled-back', toId, actor, reason } as const;
      return this.repository.change(tx, change);
    });
  }

  async history(projectId: string): Promise<ModelEventView[]> {
    await this.projects.view(projectId);
    return this.repository.history(projectId);
  }

  private async changed(
    projectId: string,
    work: (tx: Transaction) => Promise<string>,
  ): Promise<ModelEventView> {
    const eventId = await this.repository.inProject(projectId, work);
    const [event] = await this.repository.history(projectId, eventId);
    return event as ModelEventView;
  }
}

const alreadyChampion = (modelId: string): GraftError =>
  new GraftError({
    code: 'already-champion',
    message: `The model ${modelId} is the champion already.`,
    fix: 'GET /api/projects/{projectId}/history tells since when.',
    status: 409,
  });

const nothingBefore = (): GraftError =>
  new GraftError({
    code: 'nothing-to-roll-back',
    message: 'The project has had no other champion before this one.',
    fix: 'Promote another model of the project instead: GET /api/models lists them.',
    status: 409,
  });
