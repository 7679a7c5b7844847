import { Inject, Injectable } from '@nestjs/common';
import type { Env } from '../config/env.js';
import type { DriftView } from '../http/api/monitoring.js';
import { CLOCK, ENV, type Clock } from '../storage/tokens.js';
import { testDrift, testPointDrift, type DriftTest } from './drift.js';
import { DriftRepository, type Baseline } from './drift.repository.js';
import { PredictionsRepository, type LivePrediction } from './predictions.repository.js';

/** Live predictions of a window. Windows do not overlap, so that the rate of false alarms is one a window. */
const WINDOW = 200;
/** One window in a hundred raises a false alarm when nothing has changed, with all its tests together. */
const FALSE_ALARMS = 0.01;
/** With fewer held-out pictures nothing could be told. */
const LEAST_REFERENCE = 20;

/** Compares live confidences and embeddings with those on held-out pictures. */
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
    if (!reference) return false;
    const [last] = await this.drift.list(modelId, 1);
    const live = await this.predictions.after(modelId, last?.lastPrediction ?? 0, WINDOW);
    const end = live.at(-1);
    if (!end || live.length < WINDOW) return false;
    const tests = testsOf(reference, live, `${modelId}/${end.id}`);
    const threshold = FALSE_ALARMS / tests.length;
    for (const { kind, statistic, pValue } of tests)
      await this.drift.add({
        ...{ modelId, at: this.clock.now(), kind, statistic, pValue, threshold },
        ...{ window: live.length, alarm: pValue <= threshold, lastPrediction: end.id },
      });
    return tests.length > 0;
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

type KindOfTest = DriftTest & Pick<DriftView, 'kind'>;

/** What can be told of a window: nothing of what the model was not tried on enough. */
function testsOf(reference: Baseline, live: readonly LivePrediction[], seed: string): KindOfTest[] {
  const tests: KindOfTest[] = [];
  const { confidences, sketches } = reference;
  const seen = live.map(({ confidence }) => confidence);
  if (confidences.length >= LEAST_REFERENCE)
    tests.push({ kind: 'confidence', ...testDrift(confidences, seen, seed) });
  const points = live.flatMap(({ sketch }) => (sketch ? [sketch] : []));
  if (sketches.length >= LEAST_REFERENCE && points.length === live.length)
    tests.push({ kind: 'embedding', ...testPointDrift(sketches, points, seed) });
  return tests;
}
