import { beforeEach, describe, expect, it } from 'vitest';
import { HostPacer } from '../../../../crawlers/http/host-pacer.js';
import { SYSTEM_TIMING } from '../../../../crawlers/http/timing.js';

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

  it('keeps the interval between real starts when the pool is full', async () => {
    const one = new HostPacer({ intervalMs: 200, concurrency: 4 }, 1, timing);
    one.setPace('slow', { intervalMs: 0, concurrency: 1 });
    const slow = one.run('slow', signal, () => timing.wait(650));
    await pass(slow, start(one, 'a'), start(one, 'a'), start(one, 'a'));
    expect(starts.map(([, at]) => at)).toEqual([1650, 1850, 2050]);
  });

  it('reckons from the moment a request is on the wire', async () => {
    const one = pacer(200, 4);
    const connecting = one.run('a', signal, async (sent) => {
      await timing.wait(150);
      sent();
    });
    await pass(connecting, start(one, 'a'));
    expect(starts.map(([, at]) => at)).toEqual([1350]);
  });

  it('gives its place in the pool away while its host is paused', async () => {
    const one = new HostPacer({ intervalMs: 0, concurrency: 4 }, 1, timing);
    const first = one.run('b', signal, async () => {
      await timing.wait(50);
      one.pause('a', 1000);
    });
    await pass(first, start(one, 'a'), start(one, 'c'));
    expect(starts).toEqual([
      ['c', 1050],
      ['a', 2050],
    ]);
  });

  it('lets go of a place it waited for in vain', async () => {
    const one = new HostPacer({ intervalMs: 0, concurrency: 4 }, 1, timing);
    const abort = new AbortController();
    const first = one.run('b', signal, () => timing.wait(50));
    const given = one.run('a', abort.signal, () => Promise.resolve());
    await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error('enough'));
    await expect(given).rejects.toThrow('enough');
    await pass(first, start(one, 'c'));
    expect(starts).toEqual([['c', 1050]]);
  });

  it('never starts early by the real clock', async () => {
    const one = new HostPacer({ intervalMs: 7, concurrency: 8 }, 3, SYSTEM_TIMING);
    const at: number[] = [];
    const record = (): Promise<void> => {
      at.push(SYSTEM_TIMING.now());
      return Promise.resolve();
    };
    await Promise.all(Array.from({ length: 20 }, () => one.run('a', signal, record)));
    const gaps = at.slice(1).map((time, n) => time - (at[n] as number));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(7 - 0.001);
  });
});
