import type { Provider } from '@nestjs/common';
import { PREDICTION_OBSERVER, type ObservedRequest, type PredictionObserver } from '../serving/predictor.js';
import { DriftRepository } from './drift.repository.js';
import { DriftWatch } from './drift-watch.js';
import { Metrics } from './metrics.js';
import { MonitoringService } from './monitoring.service.js';
import { PredictionWatch } from './prediction-watch.js';
import { PredictionsRepository } from './predictions.repository.js';

/** Passes on what was predicted. The shadow predicts itself, so it hears of it only once everything stands. */
export class Observers implements PredictionObserver {
  private readonly all: PredictionObserver[] = [];

  add(observer: PredictionObserver): void {
    this.all.push(observer);
  }

  observed(request: ObservedRequest): void {
    for (const observer of this.all) observer.observed(request);
  }
}

export const monitoringProviders: Provider[] = [
  PredictionsRepository,
  DriftRepository,
  DriftWatch,
  Metrics,
  MonitoringService,
  PredictionWatch,
  Observers,
  { provide: PREDICTION_OBSERVER, useExisting: Observers },
];
