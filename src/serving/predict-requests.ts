import { Injectable, StreamableFile } from '@nestjs/common';
import type { Request } from 'express';
import type { ExplainQuery, PredictQuery, PredictResponse } from '../http/api/predict.js';
import { Explainer } from './explainer.js';
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
    private readonly explainer: Explainer,
  ) {}

  /** @throws GraftError */
  async answer(model: ServedModel, request: Request, query: PredictQuery): Promise<PredictResponse> {
    const pictures = await picturesOf(request, this.urls);
    this.gate.claim(request, pictures.length);
    const response = await this.predictor.predict(model, pictures, query);
    return query.heatmap === '1' ? this.explainer.addTo(response, model, pictures) : response;
  }

  /** A PNG that shows where the picture of a request was decided. @throws GraftError */
  async explain(model: ServedModel, request: Request, { label }: ExplainQuery): Promise<StreamableFile> {
    const { png } = await this.explainer.explain(model, request, label);
    return new StreamableFile(png, { type: 'image/png', length: png.length });
  }
}
