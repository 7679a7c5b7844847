import { Inject, Injectable, Logger } from '@nestjs/common';
import type { Env } from '../config/env.js';
import { ENV } from '../storage/tokens.js';
import { ModelsRepository } from './models.repository.js';
import { ServedModels } from './served-models.js';

/** Opens the models that aliases point to when the service starts, so that nobody's first prediction waits for it. */
@Injectable()
export class WarmStart {
  private readonly log = new Logger('Models');

  constructor(
    private readonly repository: ModelsRepository,
    private readonly models: ServedModels,
    @Inject(ENV) private readonly env: Env,
  ) {}

  /** Never rejects: a model that cannot be opened says so when it is asked. */
  async open(): Promise<void> {
    try {
      for (const model of await this.repository.aliased(this.env.modelsInMemory))
        await this.models.prove(model);
    } catch (error) {
      this.log.warn(`Not every model could be opened beforehand: ${(error as Error).message}`);
    }
  }
}
