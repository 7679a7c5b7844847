import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'drizzle-orm';
import type { Env } from '../config/env.js';
import type { Monitoring, PredictionLog, Ready } from '../http/api/monitoring.js';
import { notFound } from '../runs/errors.js';
import { ModelsRepository, type ModelRow } from '../serving/models.repository.js';
import type { Database } from '../storage/database.js';
import { DATABASE, ENV } from '../storage/tokens.js';
import { DriftWatch } from './drift-watch.js';
import { PredictionsRepository } from './predictions.repository.js';

/** What an operator asks about the service and its models. */
@Injectable()
export class MonitoringService {
  constructor(
    private readonly models: ModelsRepository,
    private readonly log: PredictionsRepository,
    private readonly drift: DriftWatch,
    @Inject(DATABASE) private readonly database: Database,
    @Inject(ENV) private readonly env: Env,
  ) {}

  async ready(): Promise<Ready> {
    const checks = await Promise.all([
      check('database', () => this.database.rows(sql`select 1`)),
      check('data folder', () => this.writeSomething()),
    ]);
    return { ready: checks.every(({ ok }) => ok), checks };
  }

  async view(name: string): Promise<Monitoring> {
    const { id } = await this.model(name);
    return { modelId: id, ...(await this.log.summary(id)), drift: await this.drift.checks(id) };
  }

  async predictions(name: string, page: { offset: number; limit: number }): Promise<PredictionLog> {
    return this.log.page((await this.model(name)).id, page);
  }

  private async model(name: string): Promise<ModelRow> {
    const model = await this.models.find(name);
    if (!model) throw notFound('model', name, 'GET /api/models lists them.');
    return model;
  }

  private async writeSomething(): Promise<void> {
    const folder = join(this.env.dataDir, 'tmp');
    const file = join(folder, 'ready');
    await mkdir(folder, { recursive: true });
    await writeFile(file, '');
    await rm(file, { force: true });
  }
}

/** An address or a path has no business in an answer that anybody may read: the code of the error has to do. */
async function check(name: string, work: () => Promise<unknown>): Promise<Ready['checks'][number]> {
  try {
    await work();
    return { name, ok: true, detail: null };
  } catch (error) {
    return { name, ok: false, detail: (error as NodeJS.ErrnoException).code ?? 'failed' };
  }
}
