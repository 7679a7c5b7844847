import type { Provider } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Env } from '../config/env.js';
import { pictureBodies } from '../http/server.js';
import { ENV } from '../storage/tokens.js';
import { Explainer } from './explainer.js';
import { InferenceHost } from './inference/inference-host.js';
import { PredictGate } from './predict-gate.js';
import { PredictRequests } from './predict-requests.js';
import { PREDICTION_OBSERVER, Predictor, type PredictionObserver } from './predictor.js';
import { UrlPictures } from './url-pictures.js';

/** What predictions need, in the whole service and in the server of one package alike; ENV has to be provided beside it. */
export const servingProviders: Provider[] = [
  { provide: InferenceHost, useFactory: (env: Env) => new InferenceHost(env), inject: [ENV] },
  { provide: PredictGate, useFactory: (env: Env) => new PredictGate(env.predictQueue), inject: [ENV] },
  { provide: UrlPictures, useFactory: (env: Env) => new UrlPictures(env), inject: [ENV] },
  {
    provide: Predictor,
    useFactory: (host: InferenceHost, observer?: PredictionObserver) => new Predictor(host, observer),
    inject: [InferenceHost, { token: PREDICTION_OBSERVER, optional: true }],
  },
  Explainer,
  PredictRequests,
];

const PREDICT_ROUTES = /^\/api\/models\/[^/]+\/(predict|explain)$/;

/** The bounded queue stands before everything that reads a body. */
export function usePictureBodies(app: NestExpressApplication): void {
  app.use(PREDICT_ROUTES, app.get(PredictGate).middleware, ...pictureBodies());
}
