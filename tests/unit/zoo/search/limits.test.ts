import { describe, expect, it } from 'vitest';
import { ridge } from '../../../../zoo/heads/ridge.js';
import { compareWithRivals } from '../../../../zoo/search/compare.js';
import { fitsCap, NO_CAP } from '../../../../zoo/search/cap.js';
import { inOrderOfHearing, startDeadline } from '../../../../zoo/search/limits.js';
import { runSearch } from '../../../../zoo/search/run-search.js';
import { select } from '../../../../zoo/search/select.js';
import type { SearchRequest, Trial } from '../../../../zoo/search/types.js';
import { requestFor, type SyntheticTap } from './synthetic.js';

const depth = (backbone: string, count: number, params = 1000): SyntheticTap[] =>
  Array.from({ length: count }, (_, i) => ({
    backbone,
    id: `tap-${i}`,
    signal: 1 + i,
    flops: 100 * (i + 1),
    params: params * (i + 1),
  }));

const complete = (trials: readonly Trial[]) => trials.filter(({ state }) => state === 'complete');

describe('the order of hearing', () => {
  it('takes backbones in turn, each spread over its depth from the end on', () => {
    const { features } = requestFor([...depth('a', 5), ...depth('b', 2)]);
    const order = inOrderOfHearing({ features }).map(({ backbone, tap }) => `${backbone}${tap.id.slice(-1)}`);
    expect(order).toEqual(['a4', 'b1', 'a0', 'b0', 'a2', 'a3', 'a1']);
  });

  it('takes what keeps to the cap first', () => {
    const { features } = requestFor(depth('a', 4));
    const cap = { maxLatencyMs: null, maxBytes: 9000 };
    const order = inOrderOfHearing({ features, cap }).map(({ tap }) => tap.id);
    expect(new Set(order.slice(0, 2))).toEqual(new Set(['tap-0', 'tap-1']));
  });
});

describe('a limit on trials', () => {
  const taps = depth('net', 8);

  it.each([1, 4, 9, 500])('of %i is kept, and what it left out is named', async (maxTrials) => {
    const { trials } = await runSearch(requestFor(taps, { maxTrials }));
    const scored = complete(trials);
    expect(scored.length).toBeGreaterThan(0);
    expect(scored.length).toBeLessThanOrEqual(maxTrials);
    const pruned = trials.filter(({ state }) => state === 'pruned');
    for (const { reason } of pruned) expect(reason).toMatch(/number of trials/);
    // Every tap is in the leaderboard, with a score or with the reason why it has none.
    expect(new Set(trials.map(({ tap }) => tap)).size).toBe(taps.length);
    expect(pruned.length > 0).toBe(maxTrials < 500);
  });

  it('spends the last quarter on trained heads', async () => {
    const { trials } = await runSearch(requestFor(taps, { maxTrials: 8 }));
    const heads = complete(trials).map(({ head }) => head);
    expect(heads.filter((head) => head === ridge.id)).toHaveLength(6);
    expect(heads.filter((head) => head !== ridge.id)).toHaveLength(2);
  });
});

describe('a cap', () => {
  const taps: SyntheticTap[] = [
    { id: 'small', signal: 2.5, flops: 100, params: 100 },
    { id: 'large', signal: 8, flops: 900, params: 9000 },
  ];
  const capped = (request: SearchRequest, trials: readonly Trial[]) =>
    trials.filter(({ cost }) => fitsCap(cost, request.cap ?? NO_CAP));

  it('keeps the winner small, and the price of it is told', async () => {
    const request = requestFor(taps, { cap: { maxLatencyMs: null, maxBytes: 3000 } });
    const { trials } = await runSearch(request);
    const trained = trials.filter(({ head }) => head !== ridge.id);
    expect(new Set(trained.map(({ tap }) => tap))).toEqual(new Set(['small']));
    const { trial } = await select({ ...request, trials: capped(request, trials) });
    expect(trial.tap).toBe('small');
    const price = compareWithRivals(trials, trial, 1, request.cap).find(
      ({ rival }) => rival === 'beyond-cap',
    );
    expect(price?.trial.tap).toBe('large');
    expect(price?.difference).toBeLessThan(0);
  });

  it('holds for a whole trial: a head that makes the file too large is not chosen among', async () => {
    // The trunk has 400 bytes, a linear head 492 and a hidden layer some thousands.
    const request = requestFor(taps.slice(0, 1), { cap: { maxLatencyMs: null, maxBytes: 1000 } });
    const { trials } = await runSearch(request);
    expect(trials.some(({ head, cost }) => head === 'mlp' && cost.bytes > 1000)).toBe(true);
    expect(capped(request, trials).some(({ head }) => head === 'mlp')).toBe(false);
  });

  it('of time goes by what was measured; what nobody measured does not fit', () => {
    const cap = { maxLatencyMs: 5, maxBytes: null };
    expect(fitsCap({ latencyMs: 5, bytes: 1e9 }, cap)).toBe(true);
    expect(fitsCap({ latencyMs: 5.1, bytes: 1 }, cap)).toBe(false);
    expect(fitsCap({ latencyMs: null, bytes: 1 }, cap)).toBe(false);
    expect(fitsCap({ latencyMs: null, bytes: 1 }, NO_CAP)).toBe(true);
  });
});

describe('a deadline', () => {
  it('passes with the clock, and its signal fires for what is in hand', async () => {
    let clock = 100;
    const deadline = startDeadline({ budgetMs: 50, now: () => clock });
    clock = 149;
    expect([deadline.passed(), deadline.leftMs()]).toEqual([false, 1]);
    clock = 150;
    expect([deadline.passed(), deadline.leftMs()]).toEqual([true, 0]);
    const signal = deadline.signal();
    if (!signal?.aborted)
      await new Promise((resolve) => signal?.addEventListener('abort', resolve, { once: true }));
    expect(signal?.aborted).toBe(true);
  });

  it('has one timer, whoever asks, and passes when that fires, whatever the clock says', async () => {
    const deadline = startDeadline({ budgetMs: 5, now: () => 0 });
    const signal = deadline.signal() as AbortSignal;
    expect(deadline.signal()).toBe(signal);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    expect(deadline.passed()).toBe(true);
  });

  it('waits longer than a timer can', async () => {
    const stop = new AbortController();
    const deadline = startDeadline({ budgetMs: 2 ** 32 + 5, now: () => 0, signal: stop.signal });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect([deadline.passed(), deadline.signal()?.aborted]).toEqual([false, false]);
    stop.abort();
    expect([deadline.passed(), deadline.signal()?.aborted]).toEqual([false, true]);
  });

  it('leaves a search that is stopped in the ranking with what was scored, and the others pruned', async () => {
    let clock = 0;
    const { trials } = await runSearch(
      requestFor(depth('net', 8), { budgetMs: 100, now: () => (clock += 20) }),
    );
    const ranked = complete(trials);
    expect(ranked.length).toBeGreaterThan(1);
    expect(ranked.length).toBeLessThan(8);
    expect(ranked.map(({ tap }) => tap)).toContain('tap-7');
    const pruned = trials.filter(({ state }) => state === 'pruned');
    expect(pruned.every(({ reason }) => reason?.includes('time budget'))).toBe(true);
  });
});
