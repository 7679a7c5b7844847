import { ProblemError, toProblem, type Prediction, type Schemas } from './client';

/**
 * Sends the bytes as they are: the service looks at them, not at their name.
 * @param heatmap whether to tell where the picture was decided, which takes longer
 */
export async function predict(model: string, picture: Blob, heatmap: boolean): Promise<Prediction> {
  const url = `/api/models/${encodeURIComponent(model)}/predict${heatmap ? '?heatmap=1' : ''}`;
  return ask(url, 'application/octet-stream', picture);
}

export const predictText = (model: string, text: string): Promise<Prediction> =>
  ask(`/api/models/${encodeURIComponent(model)}/predict`, 'application/json', JSON.stringify({ text }));

async function ask(url: string, type: string, content: Blob | string): Promise<Prediction> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type }, body: content });
  const body: unknown = await response.json();
  if (!response.ok) throw toProblem(body, response.status);
  const [prediction] = (body as Schemas['PredictResponseDto']).predictions;
  if (!prediction) throw toProblem(null, response.status);
  if ('error' in prediction)
    throw new ProblemError(prediction.error.code, prediction.error.message, null, 422);
  return prediction;
}
