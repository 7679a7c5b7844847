import { Injectable } from '@nestjs/common';
import type { Retrain, RetrainingView } from '../http/api/retraining.js';
import { modalities } from '../modalities/registry.js';
import { ProjectsService } from '../projects/projects.service.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import { GraftError, notFound } from '../runs/errors.js';
import { ProjectZoo } from '../training/project-zoo.js';
import { Retrainer } from './retrainer.js';
import { RetrainingsRepository, viewOf } from './retrainings.repository.js';

/** Retrainings that a person asks for, and how all of them stand. */
@Injectable()
export class RetrainingsService {
  constructor(
    private readonly retrainings: RetrainingsRepository,
    private readonly retrainer: Retrainer,
    private readonly registry: RegistryRepository,
    private readonly projects: ProjectsService,
    private readonly zoo: ProjectZoo,
  ) {}

  /** @throws GraftError when there is no model yet, a backbone is unknown, or a retraining is going on */
  async retrain(projectId: string, { backbones = [] }: Retrain): Promise<RetrainingView> {
    const { chooseBackbones } = modalities[(await this.projects.view(projectId)).modality];
    if ((await this.registry.aliasOf(projectId, 'champion')) === null) throw nothingToRetrain();
    const alone = backbones.length > 0 ? await chooseBackbones(await this.zoo.of(projectId), backbones) : [];
    const id = await this.registry.inProject(projectId, async (tx) => {
      if (await this.retrainings.isBusy(tx, projectId)) throw goingOn();
      const detail =
        alone.length > 0 ? `asked for, with ${alone.join(', ')} alone` : 'asked for, everything anew';
      return this.retrainings.create(tx, { projectId, trigger: 'manual', detail, backbones: alone });
    });
    this.retrainer.enqueue(id);
    return this.view(id);
  }

  async view(id: string): Promise<RetrainingView> {
    const row = await this.retrainings.find(id);
    if (!row) throw notFound('retraining', id, 'GET /api/projects/{projectId}/retrainings lists them.');
    return viewOf(row);
  }

  async list(projectId: string): Promise<RetrainingView[]> {
    await this.projects.view(projectId);
    return (await this.retrainings.list(projectId)).map(viewOf);
  }
}

const nothingToRetrain = (): GraftError =>
  new GraftError({
    code: 'no-champion',
    message: 'The project has no model yet.',
    fix: 'Start a run first: POST /api/projects/{projectId}/runs.',
    status: 409,
  });

const goingOn = (): GraftError =>
  new GraftError({
    code: 'retraining-goes-on',
    message: 'A retraining of the project is going on.',
    fix: 'GET /api/projects/{projectId}/retrainings tells how far it is.',
    status: 409,
  });
