import { setTimeout as sleep } from 'node:timers/promises';

/** Time and chance, injected so that tests neither sleep nor guess. This file is their one home in the library. */
export interface Timing {
  /** Milliseconds, with fractions, since some fixed moment; Retry-After dates need the Unix epoch. */
  now: () => number;
  /** Resolves after that time, never before; rejects when the signal fires. */
  wait: (ms: number, signal?: AbortSignal) => Promise<void>;
  /** Uniform in [0, 1). */
  random: () => number;
}

const now = (): number => performance.timeOrigin + performance.now();

/** A timer may fire up to a millisecond early, and a pace must not be broken even by that. */
async function wait(ms: number, signal?: AbortSignal): Promise<void> {
  const untilMs = now() + ms;
  for (let leftMs = ms; leftMs > 0; leftMs = untilMs - now()) {
    await sleep(Math.ceil(leftMs), undefined, { signal });
  }
}

/** The machine's own clock and chance. The clock is the steady one: it does not jump when the machine's time is set. */
export const SYSTEM_TIMING: Timing = {
  now,
  wait,
  // eslint-disable-next-line no-restricted-properties -- jitter only; nothing that is kept depends on it
  random: () => Math.random(),
};
