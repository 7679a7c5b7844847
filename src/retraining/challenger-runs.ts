import { Injectable } from '@nestjs/common';
import { memberIds } from '../../zoo/index.js';
import { runSettingsSchema, type RunSettings } from '../config/settings.js';
import { ProjectsService } from '../projects/projects.service.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { StartChecks } from '../runs/start-checks.js';
import type { ModelRow } from '../serving/models.repository.js';
import type { Transaction } from '../storage/database.js';
import { runs } from '../storage/schema.js';
import { copyDataSet } from './copy-data-set.js';
import { RetrainingsRepository, type RetrainingRow } from './retrainings.repository.js';

/** Makes the runs that train challengers. */
@Injectable()
export class ChallengerRuns {
  constructor(
    private readonly repository: RetrainingsRepository,
    private readonly registry: RegistryRepository,
    private readonly runs: RunsRepository,
    private readonly projects: ProjectsService,
    private readonly checks: StartChecks,
  ) {}

  /** The champion's data set with the new backbones alone, or everything anew. @returns id of the run, to be enqueued; null when another worker was first */
  async begin(row: RetrainingRow): Promise<string | null> {
    const { projectId, backbones } = row;
    const champion = await this.registry.modelOf(projectId, 'champion');
    const alone = backbones.length > 0 && champion ? await this.runs.find(champion.runId) : null;
    const wanted = alone ? { ...alone.settings, backbones } : await this.everything(projectId, champion);
    const settings = await this.checks.settle(wanted, await this.projects.view(projectId));
    return this.registry.inProject(projectId, async (tx) => {
      if ((await this.repository.stateOf(tx, row.id)) !== 'queued') return null;
      const runId = alone ? await copyDataSet(tx, alone, settings) : await newRun(tx, projectId, settings);
      const facts = { state: 'training', runId, championId: champion?.id ?? null } as const;
      await this.repository.moveOn(tx, row, facts);
      return runId;
    });
  }

  /** The settings of the last run that read the data anew; what answers now is searched, too. */
  private async everything(projectId: string, champion: ModelRow | null): Promise<RunSettings> {
    const last = await this.repository.lastWhole(projectId);
    if (!last) return runSettingsSchema.parse({});
    const backbones = new Set([
      ...last.settings.backbones,
      ...(champion ? memberIds(champion.summary.backbone) : []),
    ]);
    return { ...last.settings, backbones: [...backbones] };
  }
}

async function newRun(tx: Transaction, projectId: string, settings: RunSettings): Promise<string> {
  const [row] = await tx.insert(runs).values({ projectId, settings }).returning({ id: runs.id });
  return row?.id ?? '';
}
