import type { Provider } from '@nestjs/common';
import { FetchStage } from '../collect/fetch.stage.js';
import { SearchStage } from '../collect/search.stage.js';
import { CurateStage } from '../dataset/curate/curate.stage.js';
import { DedupeStage } from '../dataset/dedupe/dedupe.stage.js';
import { InspectStage } from '../dataset/inspect/inspect.stage.js';
import { SplitStage } from '../dataset/split/split.stage.js';
import { FeaturesStage } from '../training/features.stage.js';
import { PackageStage } from '../training/package.stage.js';
import { TrialsStage } from '../training/trials.stage.js';
import { STAGE_LIST, type Stage } from './stage.js';

/** The stages of a run, one line each. */
const STAGE_CLASSES = [
  SearchStage,
  FetchStage,
  InspectStage,
  DedupeStage,
  CurateStage,
  SplitStage,
  FeaturesStage,
  TrialsStage,
  PackageStage,
];

export const stageProviders: Provider[] = [
  ...STAGE_CLASSES,
  { provide: STAGE_LIST, useFactory: (...stages: Stage[]): Stage[] => stages, inject: STAGE_CLASSES },
];
