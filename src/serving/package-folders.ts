import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../config/env.js';
import type { SharedFolders } from '../storage/shared-folders.js';
import { ENV, FOLDERS } from '../storage/tokens.js';

/** Where packages lie on this machine; those that another machine made are brought when they are first wanted. */
@Injectable()
export class PackageFolders {
  constructor(
    @Inject(ENV) private readonly env: Env,
    @Inject(FOLDERS) private readonly folders: SharedFolders,
  ) {}

  async of(model: { runId: string; folder: string }): Promise<string> {
    if (existsSync(model.folder)) return model.folder;
    const folder = join(this.env.dataDir, 'packages', model.runId);
    if (!existsSync(join(folder, 'manifest.json')))
      await this.folders.pull(`packages/${model.runId}`, folder);
    return folder;
  }
}
