import { Inject, Injectable } from '@nestjs/common';
import { VersionsRepository } from '../dataset/versions/versions.repository.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { CLOCK, type Clock } from '../storage/tokens.js';
import { ComputeHost } from './compute/compute-host.js';
import { Workspaces } from './workspaces.js';

/** Packages the winner as one ONNX file, lets it prove itself, and registers it as a version of the project. */
@Injectable()
export class PackageStage implements Stage {
  readonly name = 'package';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
    private readonly registry: RegistryRepository,
    private readonly versions: VersionsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories, signal } = context;
    const folder = this.workspaces.packageFolder(run.id);
    await this.workspaces.bringSearch(run.id);
    const { manifest, selected } = await this.compute.run(
      {
        kind: 'package',
        ...(await this.workspaces.of(context)),
        labels: categories.map((category) => category.name),
        runId: run.id,
        seed: run.settings.seed,
        stateFile: this.workspaces.stateFile(run.id),
        folder,
        createdAt: this.clock.now().toISOString(),
        dataset: await this.versions.versionOfRun(run.id),
      },
      { signal, onProgress: context.progress },
    );
    await this.workspaces.sharePackage(run.id);
    await this.registry.register({
      projectId: run.projectId,
      runId: run.id,
      folder,
      summary: selected,
      manifest,
    });
    return 'done';
  }
}
