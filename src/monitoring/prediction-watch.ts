import { createHash } from 'node:crypto';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Env } from '../config/env.js';
import type { ObservedRequest, PredictionObserver } from '../serving/predictor.js';
import type { BlobStore } from '../storage/blob-store.js';
import { BLOBS, CLOCK, ENV, type Clock } from '../storage/tokens.js';
import { Metrics } from './metrics.js';
import { PredictionsRepository, type NewPrediction } from './predictions.repository.js';

const FLUSH_MS = 1000;
/** Beyond so many unwritten rows the database is the bottleneck, and the log is what gives way. */
const MAX_WAITING = 20_000;

/**
 * Writes down what models answered, a second's worth at a time: a power cut loses that second, never an answer. Nothing here may
 * slow down or fail a prediction.
 */
@Injectable()
export class PredictionWatch implements PredictionObserver, OnApplicationShutdown {
  private readonly log = new Logger('Watch');
  private waiting: NewPrediction[] = [];
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: PredictionsRepository,
    private readonly metrics: Metrics,
    @Inject(BLOBS) private readonly blobs: BlobStore,
    @Inject(ENV) private readonly env: Env,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  observed(request: ObservedRequest): void {
    const { model, pictures, outcomes, elapsedMs } = request;
    const at = this.clock.now();
    const latencyMs = elapsedMs / Math.max(1, pictures.length);
    this.metrics.predicted(model.id, outcomes, latencyMs);
    if (this.waiting.length > MAX_WAITING) return;
    pictures.forEach((bytes, i) => {
      const outcome = outcomes[i];
      if (!outcome || outcome.kind === 'unreadable') return; // the sender's, not the model's
      const answered = outcome.kind === 'answered';
      this.waiting.push({
        modelId: model.id,
        at,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        label: answered ? outcome.label : null,
        confidence: answered ? outcome.confidence : null,
        sketch: answered && outcome.sketch ? [...outcome.sketch] : null,
        latencyMs,
        error: answered ? null : outcome.error.slice(0, 500),
        kept: this.env.keepPictures,
      });
    });
    if (this.env.keepPictures) void this.keep(pictures);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Everything observed so far is in the database when this resolves. */
  flush(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const rows = this.waiting;
    this.waiting = [];
    this.writing = this.writing
      .then(() => (rows.length > 0 ? this.repository.add(rows) : undefined))
      .catch((error: unknown) => this.log.error(error));
    return this.writing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  private async keep(pictures: readonly Uint8Array[]): Promise<void> {
    for (const bytes of pictures)
      await this.blobs.put(bytes).catch((error: unknown) => this.log.error(error));
  }
}
