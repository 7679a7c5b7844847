import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { openThreads, runSearch, select } from '../../../zoo/index.js';
import { fitThreads } from '../../../zoo/index.js';
import type { SearchProgress } from '../../../zoo/search/types.js';
import { requestFor } from '../../unit/zoo/search/synthetic.js';

/** Threads run compiled files, so the search is taken from there too. */
interface Compiled {
  openThreads: typeof openThreads;
  runSearch: typeof runSearch;
  select: typeof select;
}
const compiled = (): Promise<Compiled> =>
  import(new URL('../../../dist/zoo/index.js', import.meta.url).href) as Promise<Compiled>;

// Wide and narrow ones: both forms of ridge regression, with and without rotation.
const taps = [
  { id: 'block-01', signal: 1.5, flops: 10 },
  { id: 'block-02', signal: 2.5, flops: 20, cols: 300 },
  { id: 'block-03', signal: 2.5, flops: 30, backbone: 'other' },
];
const request = () => requestFor(taps, { rows: 180, joinTaps: true });

let zoo: Compiled;
beforeAll(async () => {
  zoo = await compiled();
});

describe('a search over threads', () => {
  const opened: { close(): Promise<void> }[] = [];
  const threads = (count: number) => {
    const some = zoo.openThreads(count);
    opened.push(some);
    return some.compute;
  };
  afterAll(() => Promise.all(opened.map((one) => one.close())));

  it('gives what one thread gives, to the bit', async () => {
    // With trials counted, every head is trained to its end.
    const whole = { ...request(), maxTrials: 60 };
    const alone = await zoo.runSearch(whole);
    const compute = threads(2);
    const together = await zoo.runSearch({ ...whole, compute });
    expect(together).toEqual(alone);
    expect(alone.trials.filter(({ state }) => state === 'complete').map(({ head }) => head)).toContain('mlp');
    const chosen = await zoo.select({ ...request(), compute, trials: together.trials });
    const expected = await zoo.select({ ...request(), trials: alone.trials });
    expect(chosen.head).toEqual(expected.head);
    expect(chosen.heldOut).toEqual(expected.heldOut);
    expect(chosen.test).toEqual(expected.test);
  });

  it('is done here where threads have no memory to start', async () => {
    const broken = zoo.openThreads(2, { maxOldGenerationSizeMb: 4, maxYoungGenerationSizeMb: 1 });
    opened.push(broken);
    const compute = broken.compute;
    expect(await zoo.runSearch({ ...request(), compute })).toEqual(await zoo.runSearch(request()));
  });

  it.each(['rank', 'finalists'])('stops when told to, at %s, with the reason', async (stage) => {
    const controller = new AbortController();
    const onProgress = (progress: SearchProgress): void => {
      if (progress.stage === stage) controller.abort(new Error('enough'));
    };
    const { signal } = controller;
    await expect(zoo.runSearch({ ...request(), compute: threads(2), signal, onProgress })).rejects.toThrow(
      'enough',
    );
  });

  it('records a tap of broken numbers as failed, and one that cannot be read, and goes on', async () => {
    const given = request();
    (given.features[1]!.matrix as { data: Float32Array }).data[7] = NaN;
    const features = given.features.map((set, at) =>
      at === 0 ? { ...set, matrix: () => Promise.reject(new Error('the disk is gone')) } : set,
    );
    const { trials } = await zoo.runSearch({ ...given, features, compute: threads(2) });
    const failed = trials.filter(({ state }) => state === 'failed');
    expect(failed.map(({ tap }) => tap).toSorted()).toEqual(['block-01', 'block-02']);
    expect(failed.find(({ tap }) => tap === 'block-01')!.reason).toBe('the disk is gone');
    expect((await zoo.select({ ...given, trials })).trial.tap).toBe('block-03');
  });

  it('leaves the rest when the time is over', async () => {
    let clock = 0;
    const onProgress = ({ stage }: SearchProgress): void => void (clock += stage === 'rank' ? 0 : 100);
    const some = { ...request(), compute: threads(2), budgetMs: 50_000, now: () => clock * 1000, onProgress };
    const { trials } = await zoo.runSearch(some);
    const pruned = trials.filter(({ state }) => state === 'pruned');
    expect(pruned.length).toBeGreaterThan(0);
    expect(new Set(pruned.map(({ reason }) => reason))).toEqual(new Set(['The time budget was used up.']));
    expect(trials[0]!.validation).not.toBeNull();
  });
});

describe('fitThreads', () => {
  const MB = 1e6;
  const some = request();
  const features = some.features.map((set) => ({ ...set, tap: { ...set.tap, channels: 300 } }));
  const wide = { ...some, features };

  it('takes as many as there may be where there is room, fewer where there is less, one in any case', () => {
    expect(fitThreads(wide, 8, 1000 * MB)).toBe(8);
    expect(fitThreads(wide, 8, 1000)).toBe(1);
    const counts = [8, 16, 32, 64].map((mb) => fitThreads(wide, 8, mb * MB));
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
    expect(new Set(counts).size).toBeGreaterThan(2);
  });

  it('counts joined taps and ensembles, which are wider', () => {
    const plain = fitThreads({ ...wide, joinTaps: false }, 64, 50 * MB);
    const joined = fitThreads(wide, 64, 50 * MB);
    const ensembles = fitThreads({ ...wide, ensembles: [['net', 'other']] }, 64, 50 * MB);
    expect(plain).toBeGreaterThan(joined);
    expect(joined).toBeGreaterThan(ensembles);
  });
});
