import type { Failure } from './result.js';
import { finalFailure, passingFailure } from './result.js';

/** Statuses that may be gone a moment later: too early or too slow, throttled, and the server's own trouble. */
const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const BACKOFF_BASE_MS = 500;
const BACKOFF_CAP_MS = 15_000;

/**
 * Reads a Retry-After header: seconds, or an HTTP date.
 * @returns milliseconds from now, never negative; `null` when absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  // An HTTP date starts with the name of a weekday; Date.parse alone would take many other things for dates.
  if (!/^[A-Za-z]{3,9},? /.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

/** Names what a status outside 2xx and the redirects means. */
export function statusFailure(status: number, host: string, retryAfterMs: number | null): Failure {
  const reason = status === 429 ? 'throttled' : (`http-${status}` as const);
  const wait = retryAfterMs === null ? '' : `, asks to wait ${Math.ceil(retryAfterMs / 1000)} s`;
  const detail = `${host} answers ${status}${wait}`;
  return PASSING_STATUSES.has(status)
    ? passingFailure(reason, detail, retryAfterMs)
    : finalFailure(reason, detail);
}

/**
 * A 429 that names no time is tried once more only: Wikimedia, for one, answers so for ever to thumbnail widths it does
 * not serve.
 */
const MAX_SILENT_THROTTLE_ATTEMPTS = 2;

/** Bounds of repeating a request. */
export interface RetryRule {
  maxAttempts: number;
  maxRetryAfterMs: number;
}

/**
 * How long to wait before the next attempt, `null` for never again.
 * @param attempt how many attempts were made, 1 or more
 * @param random uniform in [0, 1): exponential backoff is spread over its upper half, so that many waiters do not return at once
 */
export function retryDelayMs(
  failure: Failure,
  attempt: number,
  rule: RetryRule,
  random: () => number,
): number | null {
  if (!failure.retryable || attempt >= rule.maxAttempts) return null;
  if (failure.retryAfterMs !== null)
    return failure.retryAfterMs <= rule.maxRetryAfterMs ? failure.retryAfterMs : null;
  if (failure.reason === 'throttled' && attempt >= MAX_SILENT_THROTTLE_ATTEMPTS) return null;
  const full = Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (attempt - 1));
  return full * (0.5 + random() / 2);
}
