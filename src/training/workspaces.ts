import { dirname, join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { backbones, type DroppedBackbone } from '../../zoo/index.js';
import type { Env } from '../config/env.js';
import { isOwnProvider } from '../collect/own-providers.js';
import { DatasetRepository } from '../dataset/dataset.repository.js';
import type { ModalityId } from '../modalities/modality.js';
import type { StageContext } from '../runs/stage.js';
import { localPaths, type BlobStore } from '../storage/blob-store.js';
import type { SharedFolders } from '../storage/shared-folders.js';
import { BLOBS, ENV, FOLDERS } from '../storage/tokens.js';
import { TextsRepository } from '../texts/texts.repository.js';
import type { ComputePicture } from './compute/protocol.js';
import { ProjectZoo } from './project-zoo.js';
import { readShortlist } from './shortlist.js';

export interface RunWorkspace {
  readonly modality: ModalityId;
  readonly unlabelled: readonly string[];
  readonly cacheDir: string;
  readonly zooMirror: string | null;
  readonly backbones: readonly string[];
  /** Backbones of the run that samples of the pictures were enough for. */
  readonly dropped: readonly DroppedBackbone[];
  readonly threads: number | null;
  readonly memoryMb: number | null;
  /** Where the stage inspect has left pixels of pictures that it decoded. */
  readonly pixelsDir: string;
  readonly pictures: readonly ComputePicture[];
}

/** What the child processes of a run need: the pictures in their fixed order, the backbones, the folders. */
@Injectable()
export class Workspaces {
  constructor(
    private readonly dataset: DatasetRepository,
    private readonly texts: TextsRepository,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    private readonly zoo: ProjectZoo,
    @Inject(ENV) private readonly env: Env,
    @Inject(FOLDERS) private readonly folders: SharedFolders,
  ) {}

  async of({ run }: StageContext): Promise<RunWorkspace> {
    const pictures = await this.dataset.splitPictures(run.id);
    const paths = await localPaths(
      this.blobs,
      pictures.map(({ sha256 }) => sha256),
    );
    const modality = run.settings.modality ?? 'image';
    return {
      modality,
      unlabelled: modality === 'text' ? await this.unlabelledOf(run.projectId) : [],
      ...(await this.zoo.of(run.projectId)),
      ...(await this.backbonesOf(run)),
      threads: this.env.threads,
      memoryMb: this.env.memoryMb,
      pixelsDir: pixelsFolder(this.env.cacheDir, run.id),
      pictures: pictures.map(
        ({ candidateId, sha256, label, fold, group, provider, suspicion, suggestion }) => ({
          id: candidateId,
          sha256,
          label,
          fold,
          path: paths.get(sha256) as string,
          group,
          own: isOwnProvider(provider),
          doubt: suspicion === null || suggestion === null ? null : { suspicion, suggestion },
        }),
      ),
    };
  }

  /** Those of the run's start, or of its shortlist once there is one. */
  private async backbonesOf({
    id,
    settings,
  }: StageContext['run']): Promise<Pick<RunWorkspace, 'backbones' | 'dropped'>> {
    const shortlist = await readShortlist(this.shortlistFile(id));
    return shortlist
      ? { backbones: shortlist.kept, dropped: shortlist.dropped }
      : { backbones: chosenBackbones(settings.backbones), dropped: [] };
  }

  async unlabelledOf(projectId: string): Promise<string[]> {
    const names = await this.texts.corporaOf(projectId);
    return [...(await localPaths(this.blobs, names)).values()];
  }

  /** Features that other machines computed. */
  bringFeatures(): Promise<void> {
    return this.folders.pull('features', featuresFolder(this.env.cacheDir));
  }

  shareFeatures(): Promise<void> {
    return this.folders.push('features', featuresFolder(this.env.cacheDir));
  }

  /** What the features stage and the search of a run left, when another machine made it. */
  bringSearch(runId: string): Promise<void> {
    return this.folders.pull(`runs/${runId}`, dirname(this.stateFile(runId)));
  }

  shareSearch(runId: string): Promise<void> {
    return this.folders.push(`runs/${runId}`, dirname(this.stateFile(runId)));
  }

  sharePackage(runId: string): Promise<void> {
    return this.folders.push(`packages/${runId}`, this.packageFolder(runId));
  }

  /** Where the stages trials and package of a run leave and find the search's outcome. */
  stateFile(runId: string): string {
    return join(this.env.dataDir, 'runs', runId, 'search.bin');
  }

  /** Where the stage features leaves which backbones all pictures go through. */
  shortlistFile(runId: string): string {
    return join(dirname(this.stateFile(runId)), 'shortlist.json');
  }

  packageFolder(runId: string): string {
    return join(this.env.dataDir, 'packages', runId);
  }
}

/** Features of all backbones below a cache. */
export const featuresFolder = (cacheDir: string): string => join(cacheDir, 'features');

/** The backbones of a run: those it was started with. Runs of before that was kept search the embedded ones. */
/** Pixels of a run's pictures, between the stages inspect and features. */
export const pixelsFolder = (cacheDir: string, runId = ''): string => join(cacheDir, 'pixels', runId);

export const chosenBackbones = (ids: readonly string[]): string[] =>
  ids.length > 0 ? [...ids] : backbones.map((card) => card.id);
