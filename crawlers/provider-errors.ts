import { ProviderError, type ProviderErrorReason } from './errors.js';
import type { FetchReason } from './fetch-reasons.js';
import type { Failure } from './http/result.js';

const REASONS: Readonly<Partial<Record<FetchReason, ProviderErrorReason>>> = {
  throttled: 'quota',
  'private-address': 'blocked',
  'bad-url': 'needs-key',
  robots: 'refused',
  noai: 'refused',
  'bad-response': 'changed',
  'redirect-loop': 'changed',
  'too-large': 'changed',
  'http-400': 'changed',
  'http-401': 'refused',
  'http-402': 'quota',
  'http-403': 'refused',
  'http-404': 'changed',
  'http-410': 'changed',
};

/** A failed request as the provider's error. */
export function toProviderError(provider: string, host: string, failure: Failure): ProviderError {
  return new ProviderError(provider, host, REASONS[failure.reason] ?? 'unreachable', failure.detail);
}
