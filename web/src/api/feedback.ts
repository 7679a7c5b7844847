import { toProblem, type Correction } from './client';

/** "Wrong, it is X". Sent by hand: forms with files are not what the generated client is good at. */
export async function correct(
  model: string,
  what: Blob | string,
  { label, predicted }: { label: string; predicted: string },
): Promise<Correction> {
  const form = new FormData();
  form.append('label', label);
  form.append('predicted', predicted);
  if (typeof what === 'string') form.append('text', what);
  else form.append('picture', what, 'picture');
  const url = `/api/models/${encodeURIComponent(model)}/feedback`;
  const response = await fetch(url, { method: 'POST', body: form });
  const body: unknown = await response.json();
  if (!response.ok) throw toProblem(body, response.status);
  return body as Correction;
}
