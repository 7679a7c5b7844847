import { beforeEach, describe, expect, it } from 'vitest';
import { HostPacer } from '../../../../crawlers/http/host-pacer.js';

const signal = new AbortController().signal;

describe('HostPacer', () => {
  let nowMs = 0;
  let starts: [string, number][] = [];
  let sleepers: { untilMs: number; wake: () => void }[] = [];
  const timing = {
    now: () => nowMs,
    random: () => 0,
    wait: (ms: number) => new Promise<void>((wake) => sleepers.push({ untilMs: nowMs + ms, wake })),
  };

  /** Lets time pass to the next sleeper's waking whenever nothing else is left to do. */
  async function pass(...work: Promise<void>[]): Promise<void> {
    const all = Promise.all(work);
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = sleepers.sort((a, b) => a.untilMs - b.untilMs).shift();
      if (!next) break;
      nowMs = next.untilMs;
      next.wake();
    }
    await all;
  }

  const pacer = (intervalMs: number, concurrency = 1): HostPacer =>
    new HostPacer({ intervalMs, concurrency }, 10, timing);
  const start = (one: HostPacer, host: string): Promise<void> =>
    one.run(host, signal, () => {
      starts.push([host, nowMs]);
      return Promise.resolve();
    });

  beforeEach(() => {
    nowMs = 1000;
    starts = [];
    sleepers = [];
  });

  it('starts one request an interval, and does not save up unused turns', async () => {
    const one = pacer(200);
    await pass(start(one, 'a'), start(one, 'a'), start(one, 'a'));
    nowMs += 5000;
    await pass(start(one, 'a'), start(one, 'a'));
    expect(starts.map(([, at]) => at)).toEqual([1000, 1200, 1400, 6400, 6600]);
  });

  it('paces each host on its own', async () => {
    const one = pacer(200);
    one.setPace('fast', { intervalMs: 0, concurrency: 8 });
    await pass(start(one, 'fast'), start(one, 'fast'), start(one, 'fast'));
    expect(starts.map(([, at]) => at)).toEqual([1000, 1000, 1000]);
  });

  it('holds a paused host back, also those who already had a turn', async () => {
    const one = pacer(100, 2);
    const first = one.run('a', signal, () => {
      one.pause('a', 5000);
      return Promise.resolve();
    });
    await pass(first, start(one, 'a'), start(one, 'a'));
    expect(starts.map(([, at]) => at)).toEqual([6000, 6100]);
  });

  it('slows down, but never up', async () => {
    const one = pacer(300);
    one.slowDown('a', 100);
    await pass(start(one, 'a'), start(one, 'a'));
    one.slowDown('a', 900);
    await pass(start(one, 'a'), start(one, 'a'));
    expect(starts.map(([, at]) => at)).toEqual([1000, 1300, 1600, 2500]);
  });

  it('starts nothing for a signal that has fired, and goes on with the next', async () => {
    const one = pacer(0);
    const fired = AbortSignal.abort(new Error('enough'));
    await expect(one.run('a', fired, () => Promise.resolve())).rejects.toThrow('enough');
    await start(one, 'a');
    expect(starts).toHaveLength(1);
  });
});
