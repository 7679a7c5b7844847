import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../config/env.js';
import type { DriftView } from '../http/api/monitoring.js';
import { CLOCK, ENV, type Clock } from '../storage/tokens.js';
import { testDrift } from './drift.js';
import { DriftRepository } from './drift.repository.js';
import { PredictionsRepository } from './predictions.repository.js';

/** Live predictions of a window. Windows do not overlap, so that the rate of false alarms is one a window. */
const WINDOW = 200;
/** One window in a hundred raises a false alarm when nothing has changed. */
export const DRIFT_THRESHOLD = 0.01;
/** With fewer held-out pictures nothing could be told. */
const LEAST_REFERENCE = 20;

/** Compares live confidences with those on held-out pictures. */
@Injectable()
export class DriftWatch {
  constructor(
    private readonly drift: DriftRepository,
    private readonly predictions: PredictionsRepository,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Checks the windows that have become full, and lets old predictions go. */
  async look(modelIds: readonly string[]): Promise<void> {
    const keptMs = this.env.predictionDays * 86_400_000;
    await this.predictions.removeBefore(new Date(this.clock.now().getTime() - keptMs));
    for (const id of modelIds) while (await this.checkNext(id));
  }

  private async checkNext(modelId: string): Promise<boolean> {
    const reference = await this.drift.baseline(modelId);
    if (!reference || reference.length < LEAST_REFERENCE) return false;
    const [last] = await this.drift.list(modelId, 1);
    const live = await this.predictions.after(modelId, last?.lastPrediction ?? 0, WINDOW);
    const end = live.at(-1);
    if (!end || live.length < WINDOW) return false;
    const confidences = live.map(({ confidence }) => confidence);
    const { statistic, pValue } = testDrift(reference, confidences, `${modelId}/${end.id}`);
    await this.drift.add({
      modelId,
      at: this.clock.now(),
      kind: 'confidence',
      statistic,
      pValue,
      threshold: DRIFT_THRESHOLD,
      window: live.length,
      alarm: pValue <= DRIFT_THRESHOLD,
      lastPrediction: end.id,
    });
    return true;
  }

  async checks(modelId: string): Promise<DriftView[]> {
    return (await this.drift.list(modelId, 50)).map(
      ({ at, kind, statistic, pValue, threshold, window, alarm }) => ({
        at: at.toISOString(),
        kind,
        statistic,
        pValue,
        threshold,
        window,
        alarm,
      }),
    );
  }
}
