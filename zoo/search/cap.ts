import type { TrialCost } from './types.js';

/** What the chosen model may cost; null: anything. */
export interface Cap {
  /** Measured milliseconds a picture of the truncated backbone, on this machine. */
  readonly maxLatencyMs: number | null;
  /** Bytes of the packaged file. */
  readonly maxBytes: number | null;
}

export const NO_CAP: Cap = { maxLatencyMs: null, maxBytes: null };

/** Whether there is anything that a cap forbids. */
export const isCapped = ({ maxLatencyMs, maxBytes }: Cap): boolean =>
  maxLatencyMs !== null || maxBytes !== null;

/** Whether a cost keeps to a cap. A latency that nobody measured cannot be vouched for, so it does not. */
export function fitsCap({ latencyMs, bytes }: Pick<TrialCost, 'latencyMs' | 'bytes'>, cap: Cap): boolean {
  if (cap.maxBytes !== null && bytes > cap.maxBytes) return false;
  return cap.maxLatencyMs === null || (latencyMs !== null && latencyMs <= cap.maxLatencyMs);
}
