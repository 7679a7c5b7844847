import { ProviderError } from '../errors.js';
import type { Failure } from '../http/result.js';
import { toProviderError } from '../provider-errors.js';
import { VisitError } from './harvest.js';

/** Chromium's names for what may come before a page. */
const NET_ERROR = /net::(ERR_[A-Z_]+)/;

/** Why a visit failed, as the provider's error. @param refusals what the guard refused during the visit, by host */
export function toVisitProblem(
  { provider, url }: { provider: string; url: string },
  error: Error,
  refusals: ReadonlyMap<string, Failure>,
): Error {
  if (error instanceof ProviderError) return error;
  const { host } = new URL(url);
  const refusal = refusals.get(host);
  if (refusal) return toProviderError(provider, host, refusal);
  if (error instanceof VisitError) return toProviderError(provider, host, error.failure);
  const name = NET_ERROR.exec(error.message)?.[1];
  const what = name ? `the page does not open (${name})` : (error.message.split('\n')[0] ?? 'unknown error');
  return new ProviderError(provider, host, 'unreachable', what);
}
