import { Injectable } from '@nestjs/common';
import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Histogram, Registry } from 'prom-client';
import { routeOf } from '../http/route-of.js';
import type { Outcome } from '../serving/predictor.js';

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What Prometheus is told. */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private readonly predictions = new Counter({
    name: 'graft_predictions_total',
    help: 'Pictures predicted, by model and outcome (answered, failed, unreadable)',
    labelNames: ['model', 'outcome'],
    registers: [this.registry],
  });
  private readonly predictSeconds = new Histogram({
    name: 'graft_prediction_seconds',
    help: 'Time a picture took, with its waiting',
    labelNames: ['model'],
    buckets: SECONDS,
    registers: [this.registry],
  });
  private readonly requests = new Histogram({
    name: 'graft_http_request_seconds',
    help: 'Time of requests, by route, method and status class',
    labelNames: ['route', 'method', 'status'],
    buckets: SECONDS,
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  predicted(model: string, outcomes: readonly Outcome[], latencyMs: number): void {
    for (const { kind } of outcomes) this.predictions.inc({ model, outcome: kind });
    this.predictSeconds.observe({ model }, latencyMs / 1000);
  }

  /** @param route the pattern, not the address: ids in it would make a series each */
  answered(route: string, method: string, status: number, elapsedMs: number): void {
    this.requests.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, elapsedMs / 1000);
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  text(): Promise<string> {
    return this.registry.metrics();
  }
}

/** Times every request by the pattern of its route. */
export const measureRequests =
  (metrics: Metrics): RequestHandler =>
  (request, response, next) => {
    const startedAtMs = performance.now();
    response.once('finish', () => {
      const route = routeOf(request) ?? 'none';
      metrics.answered(route, request.method, response.statusCode, performance.now() - startedAtMs);
    });
    next();
  };
