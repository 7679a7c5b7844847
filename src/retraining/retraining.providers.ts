import type { Provider } from '@nestjs/common';
import { ChallengerRuns } from './challenger-runs.js';
import { FeedbackController } from './feedback.controller.js';
import { FeedbackService } from './feedback.service.js';
import { HeldOutComparison } from './held-out-comparison.js';
import { Retrainer } from './retrainer.js';
import { RetrainingsRepository } from './retrainings.repository.js';
import { RetrainingsService } from './retrainings.service.js';
import { RetrainingScheduler } from './scheduler.js';
import { SchedulesController } from './schedules.controller.js';
import { SchedulesRepository } from './schedules.repository.js';
import { SchedulesService } from './schedules.service.js';
import { Shadow } from './shadow.js';
import { Triggers } from './triggers.js';
import { Verdicts } from './verdicts.js';
import { Watchman } from './watchman.js';

export const retrainingProviders: Provider[] = [
  SchedulesRepository,
  SchedulesService,
  RetrainingsRepository,
  RetrainingsService,
  ChallengerRuns,
  HeldOutComparison,
  Verdicts,
  Triggers,
  Retrainer,
  Shadow,
  Watchman,
  RetrainingScheduler,
  FeedbackService,
];

export const retrainingControllers = [SchedulesController, FeedbackController];
