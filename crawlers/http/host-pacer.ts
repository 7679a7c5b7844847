import pLimit, { type LimitFunction } from 'p-limit';
import type { Pace } from '../provider.js';
import type { Timing } from './timing.js';

interface HostState {
  limit: LimitFunction;
  intervalMs: number;
  /** When the next request may start. */
  nextAtMs: number;
  /** Nothing starts before, whatever was promised earlier. */
  pausedUntilMs: number;
}

/**
 * Lets requests start: at most `concurrency` in all, and for each host at most so many at once and one an interval.
 * The turn of a host is waited for before a place in the common pool is taken, so a slow host never holds up the others.
 */
export class HostPacer {
  private readonly hosts = new Map<string, HostState>();
  private readonly pool: LimitFunction;

  /** @param fallback pace of hosts that have none of their own */
  constructor(
    private readonly fallback: Pace,
    concurrency: number,
    private readonly timing: Timing,
  ) {
    this.pool = pLimit(concurrency);
  }

  /** Gives a host (with its port, as in `URL.host`) a pace of its own. */
  setPace(host: string, pace: Pace): void {
    const state = this.stateOf(host);
    state.intervalMs = pace.intervalMs;
    state.limit.concurrency = pace.concurrency;
  }

  /** Makes a host slower, never faster: for what robots.txt asks. */
  slowDown(host: string, intervalMs: number): void {
    const state = this.stateOf(host);
    state.intervalMs = Math.max(state.intervalMs, intervalMs);
  }

  /** Lets nothing start on this host for that long. */
  pause(host: string, ms: number): void {
    const state = this.stateOf(host);
    state.pausedUntilMs = Math.max(state.pausedUntilMs, this.timing.now() + ms);
  }

  /** Runs one request when it is its turn. A nested `run` for the same host would wait for itself: never do that. */
  run<T>(host: string, signal: AbortSignal, request: () => Promise<T>): Promise<T> {
    const state = this.stateOf(host);
    return state.limit(async () => {
      await this.awaitTurn(state, signal);
      return this.pool(async () => {
        signal.throwIfAborted();
        return request();
      });
    });
  }

  private async awaitTurn(state: HostState, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const startAtMs = Math.max(this.timing.now(), state.nextAtMs, state.pausedUntilMs);
      state.nextAtMs = startAtMs + state.intervalMs;
      const waitMs = startAtMs - this.timing.now();
      if (waitMs > 0) await this.timing.wait(waitMs, signal);
      // A 429 that came in meanwhile moves this turn too.
      if (state.pausedUntilMs <= startAtMs) return;
    }
  }

  private stateOf(host: string): HostState {
    let state = this.hosts.get(host);
    if (!state) {
      const { intervalMs, concurrency } = this.fallback;
      state = { limit: pLimit(concurrency), intervalMs, nextAtMs: 0, pausedUntilMs: 0 };
      this.hosts.set(host, state);
    }
    return state;
  }
}
