import { Inject, Injectable } from '@nestjs/common';
import { licenceAllows } from '../../crawlers/index.js';
import type { FrozenPicture } from '../dataset/versions/frozen.js';
import { VersionsRepository } from '../dataset/versions/versions.repository.js';
import { DriftRepository } from '../monitoring/drift.repository.js';
import { RegistryRepository } from '../registry/registry.repository.js';
import type { Stage, StageContext, StageOutcome } from '../runs/stage.js';
import { CLOCK, type Clock } from '../storage/tokens.js';
import { ComputeHost } from './compute/compute-host.js';
import type { ComputePicture, PackageTask } from './compute/protocol.js';
import { Workspaces } from './workspaces.js';

/** Golden pictures that are photographs: enough to try a package with, and small. */
const MAX_GOLDEN = 3;

/** Packages the winner as one ONNX file, lets it prove itself, and registers it as a version of the project. */
@Injectable()
export class PackageStage implements Stage {
  readonly name = 'package';

  constructor(
    private readonly compute: ComputeHost,
    private readonly workspaces: Workspaces,
    private readonly registry: RegistryRepository,
    private readonly drift: DriftRepository,
    private readonly versions: VersionsRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async run(context: StageContext): Promise<StageOutcome> {
    const { run, categories, signal } = context;
    const folder = this.workspaces.packageFolder(run.id);
    const dataset = await this.versions.versionOfRun(run.id);
    await this.workspaces.bringSearch(run.id);
    const workspace = await this.workspaces.of(context);
    const { manifest, selected, confidences, sketches } = await this.compute.run(
      {
        kind: 'package',
        ...workspace,
        labels: categories.map((category) => category.name),
        runId: run.id,
        seed: run.settings.seed,
        stateFile: this.workspaces.stateFile(run.id),
        folder,
        createdAt: this.clock.now().toISOString(),
        dataset,
        golden: goldenAmong(
          dataset === null ? [] : await this.versions.pictures(dataset),
          workspace.pictures,
        ),
      },
      { signal, onProgress: context.progress },
    );
    await this.workspaces.sharePackage(run.id);
    const modelId = await this.registry.register({
      projectId: run.projectId,
      runId: run.id,
      folder,
      summary: selected,
      manifest,
    });
    await this.drift.saveBaseline(modelId, { confidences, sketches }, this.clock.now());
    return 'done';
  }
}

/** A test picture of each of the first categories, of those whose licence lets anybody pass on a changed copy. */
function goldenAmong(
  pictures: readonly FrozenPicture[],
  local: readonly ComputePicture[],
): PackageTask['golden'] {
  const paths = new Map(local.map(({ sha256, path }) => [sha256, path]));
  const free = pictures.filter(
    ({ part, licence }) =>
      part === 'test' && licenceAllows(licence, 'modification') && licenceAllows(licence, 'commercial'),
  );
  const firsts = [...new Map(free.toReversed().map((picture) => [picture.category, picture])).values()];
  return firsts.slice(0, MAX_GOLDEN).flatMap((picture) => {
    const { title, creator, licence, licenceUrl, pageUrl, category, sha256 } = picture;
    const path = paths.get(sha256);
    if (path === undefined) return [];
    return [
      { sha256, path, shows: category, attribution: { title, creator, licence, licenceUrl, page: pageUrl } },
    ];
  });
}
