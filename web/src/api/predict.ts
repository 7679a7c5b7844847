import { ProblemError, toProblem, type Prediction, type Schemas } from './client';

/** Sends the bytes as they are: the service looks at them, not at their name. */
export async function predict(model: string, picture: Blob): Promise<Prediction> {
  const response = await fetch(`/api/models/${encodeURIComponent(model)}/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: picture,
  });
  const body: unknown = await response.json();
  if (!response.ok) throw toProblem(body, response.status);
  const [prediction] = (body as Schemas['PredictResponseDto']).predictions;
  if (!prediction) throw toProblem(null, response.status);
  if ('error' in prediction)
    throw new ProblemError(prediction.error.code, prediction.error.message, null, 422);
  return prediction;
}
