import { fitsCap, NO_CAP } from './cap.js';
import type { FeatureSet, SearchRequest } from './types.js';

/** When a search has to come to its end. */
export interface Deadline {
  readonly passed: () => boolean;
  /** Milliseconds until then; Infinity where there is no end. */
  readonly leftMs: () => number;
  /** A signal that also fires when the time is up, for work in small steps. */
  readonly signal: () => AbortSignal | undefined;
}

/** A time limit, the clock it goes by, and a signal that ends the work earlier. */
export type Timing = Pick<SearchRequest, 'budgetMs' | 'now' | 'signal'>;

/** Timers cannot wait longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Starts the clock of a search, or of other work that has a time limit. */
export function startDeadline({ budgetMs, now, signal }: Timing): Deadline {
  if (budgetMs === null) return { passed: () => false, leftMs: () => Infinity, signal: () => signal };
  const startedMs = now();
  const leftMs = (): number => Math.max(0, budgetMs - (now() - startedMs));
  // Held here: a combined signal does not keep its sources alive, and a timer that was collected never fires.
  let timeout: AbortSignal | undefined;
  const timer = (): AbortSignal => (timeout ??= AbortSignal.timeout(Math.ceil(leftMs())));
  return {
    // A timer may be a moment ahead of the clock: both mean the end.
    passed: () => leftMs() === 0 || (timeout?.aborted ?? false),
    leftMs,
    signal: () => {
      if (leftMs() > LONGEST_TIMER_MS) return signal;
      return signal ? AbortSignal.any([timer(), signal]) : timer();
    },
  };
}

/** Bits of `value` from last to first, `width` of them. */
function mirrored(value: number, width: number): number {
  let out = 0;
  for (let bit = 0; bit < width; bit++) out = 2 * out + ((value >> bit) & 1);
  return out;
}

/** The place of each tap of a backbone in an order that is spread over the depth wherever it is cut: the end, the middle, the quarters... */
function turns(taps: readonly FeatureSet[]): Map<FeatureSet, number> {
  const width = Math.ceil(Math.log2(Math.max(2, taps.length)));
  const fromEnd = taps.toSorted((a, b) => b.tap.flops - a.tap.flops);
  const keyed = fromEnd.map((set, at) => ({ set, key: mirrored(at, width) }));
  return new Map(keyed.sort((a, b) => a.key - b.key).map(({ set }, turn) => [set, turn]));
}

/**
 * The order in which taps are ranked: backbones in turn, each spread over its depth, those that keep to the cap first. When time or
 * trials run out in the middle, every backbone has had a fair hearing.
 */
export function inOrderOfHearing(request: Pick<SearchRequest, 'features' | 'cap'>): FeatureSet[] {
  const { features, cap = NO_CAP } = request;
  const backbones = [...new Set(features.map(({ backbone }) => backbone))];
  const turn = new Map(
    backbones.flatMap((id) => [...turns(features.filter(({ backbone }) => backbone === id))]),
  );
  const place = (set: FeatureSet): number => (turn.get(set) ?? 0) + (keepsTo(set, cap) ? 0 : features.length);
  return features.toSorted((a, b) => place(a) - place(b));
}

/** Whether the truncated backbone alone keeps to the cap. */
export const keepsTo = ({ latencyMs = null, tap }: FeatureSet, cap = NO_CAP): boolean =>
  fitsCap({ latencyMs, bytes: tap.bytes }, cap);

/** Of a limited number of trials, the share that goes to ranking; the others are for trained heads. */
const RANKING_SHARE = 0.75;

/** How many taps may be ranked. */
export function rankable(taps: number, maxTrials: number | null): number {
  return maxTrials === null ? taps : Math.min(taps, Math.max(1, Math.ceil(RANKING_SHARE * maxTrials)));
}
