import pLimit, { type LimitFunction } from 'p-limit';
import type { Pace } from '../provider.js';
import { raceAbort } from './abort.js';
import type { Timing } from './timing.js';

interface HostState {
  limit: LimitFunction;
  /** One request at a time waits for the next start; the others wait for it. */
  turn: LimitFunction;
  intervalMs: number;
  /** When the next request may start: the start of the last one and the interval. */
  nextAtMs: number;
  /** Nothing starts before. */
  pausedUntilMs: number;
}

const dueAt = (state: HostState): number => Math.max(state.nextAtMs, state.pausedUntilMs);

/** Gives a place in the pool back. */
type Release = () => void;

/**
 * Lets requests start: at most `concurrency` in all, and for each host at most so many at once and one an interval.
 * The turn of a host is waited for before a place in the common pool is taken, so a slow host never holds up the others;
 * the interval runs from the moment a request really starts, so that a full pool never lets two of a host's turns meet.
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

  /**
   * Runs one request when it is its turn. A nested `run` for the same host would wait for itself: never do that.
   * @param request calls `sent` when the request is on the wire: connecting takes time, and the host reckons from there
   */
  run<T>(host: string, signal: AbortSignal, request: (sent: () => void) => Promise<T>): Promise<T> {
    const state = this.stateOf(host);
    return state.limit(async () => {
      const release = await state.turn(() => this.start(state, signal));
      try {
        const started = (): void => this.startedAt(state, this.timing.now());
        started();
        return await request(started);
      } finally {
        release();
      }
    });
  }

  /** Waits for the host's next start and for a place in the pool, and takes both. */
  private async start(state: HostState, signal: AbortSignal): Promise<Release> {
    for (;;) {
      const dueMs = await this.awaitTurn(state, signal);
      const release = await this.enterPool(signal);
      // What came in while the pool was full moves this turn too; the place is not kept meanwhile.
      if (dueAt(state) <= Math.max(dueMs, this.timing.now())) {
        this.startedAt(state, Math.max(dueMs, this.timing.now()));
        return release;
      }
      release();
    }
  }

  /** @returns when the turn came, which is also what to reckon from should the clock lag behind the wait */
  private async awaitTurn(state: HostState, signal: AbortSignal): Promise<number> {
    for (;;) {
      signal.throwIfAborted();
      const dueMs = dueAt(state);
      const waitMs = dueMs - this.timing.now();
      if (waitMs > 0) await this.timing.wait(waitMs, signal);
      if (dueAt(state) <= dueMs) return dueMs;
    }
  }

  private startedAt(state: HostState, atMs: number): void {
    state.nextAtMs = Math.max(state.nextAtMs, atMs + state.intervalMs);
  }

  private async enterPool(signal: AbortSignal): Promise<Release> {
    const place = new Promise<Release>((enter) => {
      void this.pool(() => new Promise<void>(enter));
    });
    try {
      return await raceAbort(place, signal);
    } catch (error) {
      void place.then((release) => release());
      throw error;
    }
  }

  private stateOf(host: string): HostState {
    let state = this.hosts.get(host);
    if (!state) {
      const { intervalMs, concurrency } = this.fallback;
      state = { limit: pLimit(concurrency), turn: pLimit(1), intervalMs, nextAtMs: 0, pausedUntilMs: 0 };
      this.hosts.set(host, state);
    }
    return state;
  }
}
