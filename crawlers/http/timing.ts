import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, injected so that tests neither sleep nor guess. This file is their one home in the library. */
export interface Timing {
  /** Milliseconds since some fixed moment; Retry-After dates need the Unix epoch. */
  now: () => number;
  /** Resolves after that time; rejects when the signal fires. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** The machine's own clock and chance. */
export const SYSTEM_TIMING: Timing = {
  // eslint-disable-next-line no-restricted-properties -- the one home of the clock
  now: () => Date.now(),
  wait: (ms, signal) => sleep(ms, undefined, { signal }),
  // eslint-disable-next-line no-restricted-properties -- jitter only; nothing that is kept depends on it
  random: () => Math.random(),
};
