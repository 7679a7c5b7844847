import type { PredictionView, PredictResponse } from '../../src/http/api.js';

/** The predictions of an answer, all of which must have succeeded. */
export function predicted({ predictions }: PredictResponse): PredictionView[] {
  return predictions.map((prediction) => {
    if ('error' in prediction)
      throw new Error(`${prediction.file} failed: ${JSON.stringify(prediction.error)}`);
    return prediction;
  });
}
