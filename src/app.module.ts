import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import { MulterModule } from '@nestjs/platform-express';
import { ZodValidationPipe } from 'nestjs-zod';
import { CollectRepository } from './collect/collect.repository.js';
import { AttributionFile } from './collect/attribution.js';
import { CollectController } from './collect/collect.controller.js';
import { CrawlerHost } from './collect/crawler-host.js';
import { FetchRetry } from './collect/fetch-retry.js';
import { SearchPools } from './collect/search-pools.js';
import { SearchReport } from './collect/search-report.js';
import { SearchRepository } from './collect/search.repository.js';
import type { Env } from './config/env.js';
import { LIMITS } from './config/settings.js';
import { CurateRepository } from './dataset/curate/curate.repository.js';
import { ReviewController } from './dataset/curate/review.controller.js';
import { ReviewService } from './dataset/curate/review.service.js';
import { VersionsController } from './dataset/versions/versions.controller.js';
import { VersionsRepository } from './dataset/versions/versions.repository.js';
import { VersionsService } from './dataset/versions/versions.service.js';
import { DatasetRepository } from './dataset/dataset.repository.js';
import { SafetyLines } from './dataset/inspect/safety-lines.js';
import { InspectController } from './dataset/inspect/inspect.controller.js';
import { ProblemFilter } from './http/problem.filter.js';
import { ServiceController } from './http/service.controller.js';
import { StorableTextPipe } from './http/storable-text.pipe.js';
import type { JobQueue } from './jobs/queue.js';
import { ProjectsController } from './projects/projects.controller.js';
import { ProjectsRepository } from './projects/projects.repository.js';
import { ProjectsService } from './projects/projects.service.js';
import { PictureFacts } from './pictures/picture-facts.js';
import { PicturesController } from './pictures/pictures.controller.js';
import { Thumbnails } from './pictures/thumbnails.js';
import { RegistryController } from './registry/registry.controller.js';
import { RegistryRepository } from './registry/registry.repository.js';
import { RegistryService } from './registry/registry.service.js';
import { EstimatesController } from './runs/estimates.controller.js';
import { accessControllers, accessProviders } from './access/access.providers.js';
import { MonitoringController } from './monitoring/monitoring.controller.js';
import { monitoringProviders } from './monitoring/monitoring.providers.js';
import { retrainingControllers, retrainingProviders } from './retraining/retraining.providers.js';
import { KeptPixels } from './training/kept-pixels.js';
import { ProjectZoo } from './training/project-zoo.js';
import { ImageList } from './runs/image-list.js';
import { RunEvidence } from './runs/run-evidence.js';
import { RunEvents } from './runs/run-events.js';
import { RunMachine } from './runs/run-machine.js';
import { RunMemory } from './runs/run-memory.js';
import { RunResults } from './runs/run-results.js';
import { StartChecks } from './runs/start-checks.js';
import { RunsController } from './runs/runs.controller.js';
import { RunsRepository } from './runs/runs.repository.js';
import { ClaimsRepository } from './runs/claims.repository.js';
import { RunsService } from './runs/runs.service.js';
import { Shares } from './runs/shares.js';
import { stageProviders } from './runs/stage-list.js';
import { ModelsController } from './serving/models.controller.js';
import { ModelsRepository } from './serving/models.repository.js';
import { ModelsService } from './serving/models.service.js';
import { PackageFolders } from './serving/package-folders.js';
import { ServedModels } from './serving/served-models.js';
import { WarmStart } from './serving/warm-start.js';
import { servingProviders } from './serving/serving.providers.js';
import type { BlobStore } from './storage/blob-store.js';
import type { Database } from './storage/database.js';
import type { SharedFolders } from './storage/shared-folders.js';
import {
  BLOBS,
  CLOCK,
  DATABASE,
  ENV,
  FOLDERS,
  INSTANCE,
  QUEUE,
  type Clock,
  type Instance,
} from './storage/tokens.js';
import { TextDeduplication } from './dataset/dedupe/dedupe-texts.js';
import { TextInspection } from './dataset/inspect/inspect-texts.js';
import { TextsController } from './texts/texts.controller.js';
import { TextsRepository } from './texts/texts.repository.js';
import { TextsService } from './texts/texts.service.js';
import { Accelerator } from './training/compute/accelerator.js';
import { ComputeHost } from './training/compute/compute-host.js';
import { TrainingRepository } from './training/training.repository.js';
import { Workspaces } from './training/workspaces.js';

/** What the outside world gives the application: opened before Nest starts, closed after it has stopped. */
export interface Platform {
  readonly env: Env;
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly folders: SharedFolders;
  readonly queue: JobQueue;
  readonly clock: Clock;
  readonly instance: Instance;
}

const services: Provider[] = [
  ProjectsRepository,
  ProjectsService,
  RunsRepository,
  ClaimsRepository,
  Shares,
  RunMachine,
  RunResults,
  RunEvidence,
  StartChecks,
  RunEvents,
  RunMemory,
  RunsService,
  ImageList,
  PictureFacts,
  Thumbnails,
  CrawlerHost,
  CollectRepository,
  SearchRepository,
  SearchPools,
  SearchReport,
  FetchRetry,
  AttributionFile,
  DatasetRepository,
  CurateRepository,
  ReviewService,
  VersionsRepository,
  VersionsService,
  TextInspection,
  TextDeduplication,
  TextsRepository,
  TextsService,
  ComputeHost,
  Accelerator,
  Workspaces,
  TrainingRepository,
  ModelsRepository,
  PackageFolders,
  ModelsService,
  RegistryRepository,
  RegistryService,
  WarmStart,
  ServedModels,
  ProjectZoo,
  KeptPixels,
  SafetyLines,
];

const asProviders = (platform: Platform): Provider[] => [
  { provide: ENV, useValue: platform.env },
  { provide: DATABASE, useValue: platform.database },
  { provide: BLOBS, useValue: platform.blobs },
  { provide: FOLDERS, useValue: platform.folders },
  { provide: QUEUE, useValue: platform.queue },
  { provide: CLOCK, useValue: platform.clock },
  { provide: INSTANCE, useValue: platform.instance },
];

/** Uploads go to disk first, so that their size never decides how much memory the service needs. */
function uploadsTo(folder: string): DynamicModule {
  mkdirSync(folder, { recursive: true });
  return MulterModule.register({
    dest: folder,
    limits: { fileSize: LIMITS.maxZipBytes, files: LIMITS.maxFilesPerRequest },
    defParamCharset: 'utf8',
    // Names like `sub/1.jpg` tell files of one basename apart; nothing is ever written under them.
    preservePath: true,
  });
}

const controllers = [
  ServiceController,
  ProjectsController,
  TextsController,
  RunsController,
  PicturesController,
  EstimatesController,
  CollectController,
  InspectController,
  ReviewController,
  VersionsController,
  ModelsController,
  RegistryController,
  MonitoringController,
  ...retrainingControllers,
  ...accessControllers,
];

/** The application: wiring only. */
@Module({})
export class AppModule {
  static with(platform: Platform): DynamicModule {
    return {
      module: AppModule,
      imports: [uploadsTo(join(platform.env.dataDir, 'tmp'))],
      controllers,
      providers: [
        ...asProviders(platform),
        ...services,
        ...servingProviders,
        ...monitoringProviders,
        ...retrainingProviders,
        ...accessProviders,
        ...stageProviders,
        { provide: APP_PIPE, useClass: StorableTextPipe },
        { provide: APP_PIPE, useClass: ZodValidationPipe },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
