import { Inject, Injectable } from '@nestjs/common';
import { DatasetRepository } from '../dataset/dataset.repository.js';
import { RunsRepository } from '../runs/runs.repository.js';
import type { RunRecord } from '../runs/stage.js';
import type { ModelRow } from '../serving/models.repository.js';
import { PackageFolders } from '../serving/package-folders.js';
import { localPaths, type BlobStore } from '../storage/blob-store.js';
import { BLOBS } from '../storage/tokens.js';
import { ComputeHost } from '../training/compute/compute-host.js';
import type { Side } from './verdict.js';

/** Asks models about the pictures that a run held out. */
@Injectable()
export class HeldOutComparison {
  constructor(
    private readonly runs: RunsRepository,
    private readonly dataset: DatasetRepository,
    private readonly compute: ComputeHost,
    private readonly folders: PackageFolders,
    @Inject(BLOBS) private readonly blobs: BlobStore,
  ) {}

  /** Each model on the test pictures of the run: no model of its project has learnt from any of them. */
  async on(run: RunRecord, models: readonly ModelRow[], signal: AbortSignal): Promise<Side[]> {
    const names = (await this.runs.categoriesOf(run.projectId)).map(({ name }) => name);
    const held = (await this.dataset.splitPictures(run.id)).filter(({ fold }) => fold === -1);
    const paths = await localPaths(
      this.blobs,
      held.map(({ sha256 }) => sha256),
    );
    const pictures = held.map(({ sha256, label }) => ({
      sha256,
      path: paths.get(sha256) as string,
      category: names[label] ?? '',
    }));
    const folders = await Promise.all(models.map((model) => this.folders.of(model)));
    const { correct, latencyMs } = await this.compute.run(
      { kind: 'compare', threads: null, folders, pictures },
      { signal, onProgress: () => undefined },
    );
    return models.map(({ id, version, summary, manifest }, side) => ({
      modelId: id,
      version,
      backbone: summary.backbone,
      bytes: manifest.model.bytes,
      latencyMs: latencyMs[side] ?? 0,
      correct: correct[side] ?? [],
    }));
  }
}
