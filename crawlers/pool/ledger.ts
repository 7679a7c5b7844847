import pLimit, { type LimitFunction } from 'p-limit';
import { ProviderError, type ProviderErrorReason } from '../errors.js';

/** How a provider does at the moment. */
export type ProviderHealth =
  | { state: 'ready' }
  /** It failed in a way that may pass; after `untilMs` one request finds out. */
  | { state: 'resting'; untilMs: number; error: ProviderError; worthWaiting: boolean }
  /** Nothing more is to be had from it. */
  | { state: 'dead'; error: ProviderError };

/** First rest after a failure that may pass; each further one in a row is four times as long. */
const FIRST_REST_MS: Readonly<Partial<Record<ProviderErrorReason, number>>> = {
  unreachable: 5_000,
  quota: 30_000,
};
const REST_FACTOR = 4;
/** As many passing failures in a row, with rests between, and a provider is given up. */
const MAX_FAILURES_IN_A_ROW = 3;
/** One odd reply may be due to one query; two in a row are the provider. */
const MAX_ODD_REPLIES_IN_A_ROW = 2;
const HOPELESS: ReadonlySet<ProviderErrorReason> = new Set(['needs-key', 'needs-browser', 'blocked']);

/** Whether a failure may be gone after a while. */
export const mayPass = (reason: ProviderErrorReason): boolean => FIRST_REST_MS[reason] !== undefined;

interface Entry {
  /** One request at a time, so that a provider in trouble is asked once, not once for each category. */
  gate: LimitFunction;
  answered: boolean;
  failuresInARow: number;
  lastError: ProviderError | null;
  restUntilMs: number;
  dead: boolean;
}

/**
 * Health of the providers of one run, over all its categories and queries: a circuit breaker for each. A passing failure
 * opens it for a while; then one request is let through, and its end closes the breaker or opens it for longer.
 */
export class ProviderLedger {
  private readonly entries = new Map<string, Entry>();

  /** @param now milliseconds since some fixed moment */
  constructor(private readonly now: () => number) {}

  health(provider: string): ProviderHealth {
    const { dead, lastError, restUntilMs, answered } = this.entryOf(provider);
    if (lastError === null) return { state: 'ready' };
    if (dead) return { state: 'dead', error: lastError };
    if (this.now() >= restUntilMs) return { state: 'ready' };
    // Who has never answered will hardly do so in a minute: the others are not kept waiting for it.
    return { state: 'resting', untilMs: restUntilMs, error: lastError, worthWaiting: answered };
  }

  /**
   * Asks a provider, unless it rests or is dead.
   * @throws ProviderError of the request, or the last one when no request was made
   */
  ask<T>(provider: string, request: () => Promise<T>): Promise<T> {
    const entry = this.entryOf(provider);
    return entry.gate(async () => {
      const health = this.health(provider);
      if (health.state !== 'ready') throw health.error;
      try {
        const answer = await request();
        Object.assign(entry, { answered: true, failuresInARow: 0, lastError: null });
        return answer;
      } catch (error) {
        if (error instanceof ProviderError) this.fail(entry, error);
        throw error;
      }
    });
  }

  private fail(entry: Entry, error: ProviderError): void {
    entry.failuresInARow += 1;
    entry.lastError = error;
    const firstRestMs = FIRST_REST_MS[error.reason];
    if (firstRestMs === undefined) {
      entry.dead =
        HOPELESS.has(error.reason) || !entry.answered || entry.failuresInARow >= MAX_ODD_REPLIES_IN_A_ROW;
      return;
    }
    entry.dead = entry.failuresInARow >= MAX_FAILURES_IN_A_ROW;
    entry.restUntilMs = this.now() + firstRestMs * REST_FACTOR ** (entry.failuresInARow - 1);
  }

  private entryOf(provider: string): Entry {
    let entry = this.entries.get(provider);
    if (!entry) {
      entry = {
        gate: pLimit(1),
        answered: false,
        failuresInARow: 0,
        lastError: null,
        restUntilMs: 0,
        dead: false,
      };
      this.entries.set(provider, entry);
    }
    return entry;
  }
}
