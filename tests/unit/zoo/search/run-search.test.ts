import { describe, expect, it } from 'vitest';
import { ridge } from '../../../../zoo/heads/ridge.js';
import { createRng } from '../../../../zoo/rng.js';
import { runSearch } from '../../../../zoo/search/run-search.js';
import { select } from '../../../../zoo/search/select.js';
import type { SearchProgress, Trial } from '../../../../zoo/search/types.js';
import { requestFor, type SyntheticTap } from './synthetic.js';

const taps: SyntheticTap[] = [
  { id: 'block-01', signal: 0.8, flops: 100 },
  { id: 'block-02', signal: 1.6, flops: 200 },
  { id: 'block-03', signal: 5.5, cols: 130, flops: 300 },
  { id: 'block-04', signal: 2.2, flops: 400 },
  { id: 'block-05', signal: 1.2, flops: 500 },
];

const scores = (trials: readonly Trial[]) =>
  trials.map(({ id, state, validation }) => [id, state, validation?.accuracy, validation?.correct]);

describe('runSearch', () => {
  it('finds the middle tap that is best, and says honestly how good it is', async () => {
    const request = requestFor(taps, { rows: 300 });
    const { trials } = await runSearch(request);
    expect(trials[0]!.tap).toBe('block-03');
    const selection = await select({ ...request, trials });
    expect(selection.set).toBe(request.features[2]);
    expect(selection.trial.tap).toBe('block-03');
    expect(selection.test.count).toBe(60);
    expect(selection.test.accuracy).toBeGreaterThan(0.9);
    const [low, high] = selection.trial.validation.interval;
    expect(selection.test.interval[1]).toBeGreaterThan(low);
    expect(selection.test.interval[0]).toBeLessThan(high);
  });

  it('gives a trial to every tap and every kind of head to the finalists', async () => {
    const request = requestFor(taps, { maxTrials: 24 });
    const { trials } = await runSearch(request);
    for (const { id } of taps)
      expect(trials.some(({ tap, head }) => tap === id && head === 'ridge')).toBe(true);
    expect(new Set(trials.map(({ id }) => id)).size).toBe(trials.length);
    const devCount = request.folds.filter((fold) => fold >= 0).length;
    const trained = trials.filter(({ state }) => state !== 'pruned');
    expect(new Set(trained.map(({ head }) => head))).toEqual(new Set(['ridge', 'logistic', 'mlp']));
    for (const { state, validation, cost, head, tap } of trained) {
      expect(state).toBe('complete');
      expect(validation!.count).toBe(devCount);
      expect(validation!.correct.reduce((sum, value) => sum + value, 0) / devCount).toBeCloseTo(
        validation!.accuracy,
        12,
      );
      expect(cost.totalParams).toBe(1000 + cost.trainableParams);
      if (head === 'ridge') expect([25 * 3, 131 * 3]).toContain(cost.trainableParams);
      if (head === 'ridge') expect(cost.headFlops).toBe(2 * (cost.trainableParams - 3));
      // Heads on one tap must go on being compared by their weights.
      expect(cost.flops).toBe(taps.find(({ id }) => id === tap)?.flops);
    }
  });

  it('is the same again, and other for another seed', async () => {
    const limited = { ...requestFor(taps), maxTrials: 20 };
    const [first, second] = [await runSearch(limited), await runSearch(limited)];
    expect(scores(second.trials)).toEqual(scores(first.trials));
    const selected = await select({ ...requestFor(taps), trials: first.trials });
    expect(await select({ ...requestFor(taps), trials: second.trials })).toEqual(selected);
    const other = await runSearch({ ...limited, seed: 2 });
    expect(scores(other.trials)).not.toEqual(scores(first.trials));
  });

  it('never reads the labels of test pictures before the choice is made', async () => {
    const request = requestFor(taps);
    const lies = request.labels.map((label, i) => (request.folds[i]! < 0 ? (label + 1) % 3 : label));
    const [honest, lied] = [await runSearch(request), await runSearch({ ...request, labels: lies })];
    expect(scores(lied.trials)).toEqual(scores(honest.trials));
    const right = await select({ ...request, trials: honest.trials });
    const wrong = await select({ ...request, labels: lies, trials: lied.trials });
    expect(wrong.head).toEqual(right.head);
    expect(wrong.temperature).toBe(right.temperature);
    expect(right.test.accuracy + wrong.test.accuracy).toBeLessThanOrEqual(1);
  });

  it('gives chance on labels that mean nothing', async () => {
    const right: number[] = [];
    for (const seed of [1, 2, 3]) {
      const request = requestFor(taps, { rows: 300, seed });
      const labels = Int32Array.from(createRng(seed).shuffle([...request.labels]));
      const { trials } = await runSearch({ ...request, labels });
      const { test } = await select({ ...request, labels, trials });
      right.push(test.accuracy * test.count);
    }
    // 180 pictures at 1/3: mean 60, standard deviation 6.3.
    const total = right.reduce((sum, value) => sum + value);
    expect(total).toBeGreaterThan(35);
    expect(total).toBeLessThan(85);
  });

  it('keeps near-duplicates in one fold from vouching for each other', async () => {
    // Noise alone, but every picture twice, in the same fold: leave-one-out would be right about all of them.
    const request = requestFor([{ id: 'noise', signal: 0, cols: 120 }], { rows: 150 });
    const { cols, data } = request.features[0]!.matrix as { cols: number; data: Float32Array };
    const twice = new Float32Array(2 * data.length);
    for (let i = 0; i < 300; i++) twice.set(data.subarray((i >> 1) * cols, ((i >> 1) + 1) * cols), i * cols);
    const double = (values: Int32Array): Int32Array =>
      Int32Array.from({ length: 300 }, (_, i) => values[i >> 1]!);
    const set = { ...request.features[0]!, matrix: { rows: 300, cols, data: twice } };
    const pairs = {
      ...request,
      features: [set],
      labels: double(request.labels),
      folds: double(request.folds),
    };
    const { trials } = await runSearch(pairs);
    expect(trials[0]!.validation!.accuracy).toBeLessThan(0.5);
  });
});

describe('runSearch under pressure', () => {
  it('scores one tap on a budget of nothing, and says what it left out', async () => {
    let clock = 0;
    const { trials } = await runSearch({ ...requestFor(taps), budgetMs: 10, now: () => (clock += 20) });
    const complete = trials.filter(({ state }) => state === 'complete');
    expect(complete.map(({ tap, head }) => [tap, head])).toEqual([['block-05', ridge.id]]);
    const pruned = trials.filter(({ state }) => state === 'pruned');
    expect(new Set(pruned.map(({ head }) => head))).toEqual(new Set(['ridge', 'logistic', 'mlp']));
    for (const { validation, reason } of pruned) {
      expect(validation).toBeNull();
      expect(reason).toMatch(/budget/);
    }
  });

  it('reports progress that only grows, to the end of both stages', async () => {
    const seen: SearchProgress[] = [];
    await runSearch({ ...requestFor(taps), onProgress: (progress) => seen.push(progress) });
    for (const stage of ['rank', 'finalists'] as const) {
      const steps = seen.filter((progress) => progress.stage === stage);
      expect(steps.map(({ done }) => done)).toEqual(steps.map((_, index) => index + 1));
      expect(steps.at(-1)!.done).toBe(steps[0]!.total);
    }
  });

  it('stops when told to, in either stage', async () => {
    for (const stage of ['rank', 'finalists']) {
      const controller = new AbortController();
      const onProgress = (progress: SearchProgress): void => {
        if (progress.stage === stage) controller.abort(new Error('enough'));
      };
      await expect(runSearch({ ...requestFor(taps), signal: controller.signal, onProgress })).rejects.toThrow(
        'enough',
      );
    }
  });

  it('records a tap of broken numbers as failed and goes on', async () => {
    const request = requestFor(taps);
    const broken = request.features[1]!.matrix as { data: Float32Array };
    broken.data[7] = NaN;
    const { trials } = await runSearch(request);
    const failed = trials.filter(({ state }) => state === 'failed');
    expect(failed.map(({ tap }) => tap)).toEqual(['block-02']);
    expect(failed[0]!.reason).toBeTruthy();
    expect((await select({ ...request, trials })).trial.tap).toBe('block-03');
  });

  it('takes loaders and loads one set at a time', async () => {
    const request = requestFor(taps);
    let open = 0;
    const features = request.features.map((set) => ({
      ...set,
      matrix: async () => {
        expect(++open).toBe(1);
        await Promise.resolve();
        open--;
        return set.matrix as Exclude<typeof set.matrix, () => unknown>;
      },
    }));
    expect(scores((await runSearch({ ...request, features })).trials)).toEqual(
      scores((await runSearch(request)).trials),
    );
  });
});

it('does without a fold of which all pictures were removed', async () => {
  const request = requestFor(taps);
  const gap = request.folds.map((fold) => (fold === 1 ? -2 : fold));
  const dense = gap.map((fold) => (fold > 1 ? fold - 1 : fold));
  const scores = async (folds: Int32Array) =>
    (await runSearch({ ...request, folds })).trials.map(({ id, validation }) => [id, validation?.logLoss]);
  expect(await scores(gap)).toEqual(await scores(dense));
});

describe('runSearch on too little', () => {
  const request = requestFor(taps, { classNames: ['cat', 'dog', 'fox'] });
  it.each([
    ['one category', { classes: 1 }, /at least 2 categories/],
    [
      'a class in one fold',
      { folds: request.folds.map((fold, i) => (request.labels[i] === 1 ? Math.min(fold, 0) : fold)) },
      /dog.*at least 2 pictures in 2 different folds/,
    ],
    ['folds that do not match', { folds: request.folds.slice(1) }, /120 labels but 119 folds/],
    ['no features', { features: [] }, /no features/],
    [
      'features of other pictures',
      { features: requestFor(taps, { rows: 100 }).features },
      /100 rows for 120 pictures/,
    ],
    [
      'a label out of range',
      { labels: request.labels.map((label) => label * 2) },
      /Label 4 is outside 0\.\.2/,
    ],
  ])('%s: says what is needed', async (_, change, message) => {
    await expect(runSearch({ ...request, ...change })).rejects.toThrow(message);
  });
});
