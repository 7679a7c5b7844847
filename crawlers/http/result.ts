import type { FetchReason } from '../fetch-reasons.js';

/** A request that gave no usable reply, as a value. */
export interface Failure {
  ok: false;
  reason: FetchReason;
  detail: string;
  /** Whether the same request may succeed later. */
  retryable: boolean;
  /** What the server asked to wait, when it said so. */
  retryAfterMs: number | null;
}

/** A reply with a 2xx status and its whole body, unpacked. */
export interface Success {
  ok: true;
  body: Uint8Array;
  /** Of large bodies: gives their memory to the next one; `body` must not be used after. */
  release?: () => void;
  /** Lower-cased, without parameters; `null` when the server names none. */
  contentType: string | null;
  finalUrl: string;
}

/** A failure that no repetition can mend. */
export function finalFailure(reason: FetchReason, detail: string): Failure {
  return { ok: false, reason, detail, retryable: false, retryAfterMs: null };
}

/** A failure of the moment. */
export function passingFailure(
  reason: FetchReason,
  detail: string,
  retryAfterMs: number | null = null,
): Failure {
  return { ok: false, reason, detail, retryable: true, retryAfterMs };
}
