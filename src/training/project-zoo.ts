import { Inject, Injectable } from '@nestjs/common';
import { eq } from 'drizzle-orm';
import type { Env } from '../config/env.js';
import type { Database } from '../storage/database.js';
import { schedules } from '../storage/freshness-schema.js';
import { DATABASE, ENV } from '../storage/tokens.js';
import type { ZooEnv } from './zoo.js';

/** Where the backbones of a project come from: its feed stands in for the mirror of the service. */
@Injectable()
export class ProjectZoo {
  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(DATABASE) private readonly database: Database,
  ) {}

  async of(projectId: string): Promise<ZooEnv> {
    const [row] = await this.database.db
      .select({ feed: schedules.feed })
      .from(schedules)
      .where(eq(schedules.projectId, projectId));
    return { cacheDir: this.env.cacheDir, zooMirror: row?.feed ?? this.env.zooMirror };
  }
}
