import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { PredictQuery, PredictResponse } from '../http/api/predict.js';
import { picturesOf } from './picture-input.js';
import { PredictGate } from './predict-gate.js';
import { Predictor, type ServedModel } from './predictor.js';
import { UrlPictures } from './url-pictures.js';

/** Answers a predict request for a model, whatever form the pictures come in. */
@Injectable()
export class PredictRequests {
  constructor(
    private readonly gate: PredictGate,
    private readonly urls: UrlPictures,
    private readonly predictor: Predictor,
  ) {}

  /** @throws GraftError */
  async answer(model: ServedModel, request: Request, query: PredictQuery): Promise<PredictResponse> {
    const pictures = await picturesOf(request, this.urls);
    this.gate.claim(request, pictures.length);
    return this.predictor.predict(model, pictures, query);
  }
}
