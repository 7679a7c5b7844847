import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { HeatMapView, PredictResponse } from '../http/api/predict.js';
import { PREDICT_LIMITS } from '../config/predict-limits.js';
import { GraftError } from '../runs/errors.js';
import { InferenceHost } from './inference/inference-host.js';
import type { ExplainAnswer } from './inference/protocol.js';
import { picturesOf, type PictureInput } from './picture-input.js';
import { badInput, type ServedModel } from './predictor.js';
import { UrlPictures } from './url-pictures.js';

type Explained = Extract<ExplainAnswer, { kind: 'explained' }>;

/** Says where pictures were decided. */
@Injectable()
export class Explainer {
  constructor(
    private readonly host: InferenceHost,
    private readonly urls: UrlPictures,
  ) {}

  /** The heat map of a request's one picture. @throws GraftError */
  async explain(model: ServedModel, request: Request, label: string | undefined): Promise<Explained> {
    const pictures = await picturesOf(request, this.urls);
    const [picture] = pictures;
    if (!picture || pictures.length > 1) throw onePicture(pictures.length);
    if (label !== undefined && !model.manifest.labels.includes(label)) throw noLabel(label, model);
    if ('error' in picture) throw badInput(picture, model.manifest);
    const answer = await this.host.explain(model, picture.bytes, label ?? null);
    if (answer.kind === 'explained') return answer;
    throw badInput(
      { file: picture.file, error: { code: answer.reason, message: answer.message } },
      model.manifest,
    );
  }

  /** Adds a heat map to each prediction of an answer. @throws GraftError when there are too many */
  async addTo(
    response: PredictResponse,
    model: ServedModel,
    inputs: readonly PictureInput[],
  ): Promise<PredictResponse> {
    if (inputs.length > PREDICT_LIMITS.maxHeatMaps) throw tooMany(inputs.length);
    const predictions = response.predictions.map(async (prediction, i) => {
      const input = inputs[i];
      if ('error' in prediction || !input || !('bytes' in input)) return prediction;
      const answer = await this.host.explain(model, input.bytes, prediction.label);
      return answer.kind === 'explained' ? { ...prediction, heatmap: toView(answer) } : prediction;
    });
    return { ...response, predictions: await Promise.all(predictions) };
  }
}

const toView = ({ map, png }: Explained): HeatMapView => ({
  ...map,
  values: [...map.values],
  png: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
});

const onePicture = (count: number): GraftError =>
  new GraftError({
    code: 'one-picture',
    message: `A heat map is drawn for one picture, not for ${count}.`,
    fix: 'Send one, or ask /predict?heatmap=1 for several.',
  });

const noLabel = (label: string, { manifest }: ServedModel): GraftError =>
  new GraftError({
    code: 'no-such-label',
    message: `The model has no label ${label.slice(0, 100)}.`,
    fix: `Choose among: ${manifest.labels.join(', ')}.`,
  });

const tooMany = (count: number): GraftError =>
  new GraftError({
    code: 'too-many-heat-maps',
    message: `${count} pictures with heat maps are more than the ${PREDICT_LIMITS.maxHeatMaps} allowed in one request.`,
    fix: 'Send them in several requests, or leave ?heatmap=1 out.',
  });
