import { describe, expect, it } from 'vitest';
import {
  chooseTrial,
  compareWithRivals,
  createRng,
  defaultTieRule,
  estimateOptimism,
  mcnemar,
  pairedBootstrap,
  paretoFront,
  runSearch,
  wilson,
  worthwhileTieRule,
  type Trial,
} from '../../../../zoo/index.js';
import { majorityFloor } from '../../../../zoo/search/floor.js';
import { requestFor, syntheticFeatures } from './synthetic.js';

/** A trial that is right about every picture with the given probability; as sure as it is good. */
function drawnTrial(
  id: string,
  { accuracy, count, seed }: { accuracy: number; count: number; seed: number },
  place: Partial<Trial> = {},
): Trial {
  const rng = createRng(`${seed}/${id}`);
  const correct = Uint8Array.from({ length: count }, () => (rng.next() < accuracy ? 1 : 0));
  const right = correct.reduce((sum, value) => sum + value, 0);
  const losses = Float32Array.from(correct, (value) => (value ? 0.2 : 1.5));
  const logLoss = losses.reduce((sum, value) => sum + value, 0) / count;
  return {
    id,
    backbone: 'net',
    tap: id,
    head: 'ridge',
    params: {},
    state: 'complete',
    validation: { accuracy: right / count, interval: wilson(right, count), count, logLoss, correct, losses },
    cost: {
      trainableParams: 100,
      totalParams: 1100,
      flops: 100,
      headFlops: 200,
      latencyMs: null,
      bytes: 4400,
    },
    reason: null,
    ...place,
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('optimism', () => {
  it('sees through the best of a hundred coins', async () => {
    const seeds = [1, 2, 3, 4, 5, 6];
    const results = await Promise.all(
      seeds.map(async (seed) => {
        const coins = Array.from({ length: 100 }, (_, i) =>
          drawnTrial(`coin-${i}`, { accuracy: 0.5, count: 200, seed }),
        );
        const chosen = chooseTrial(coins).trial.validation.accuracy;
        return { chosen, optimism: (await estimateOptimism(coins, seed, defaultTieRule))! };
      }),
    );
    // The greatest of a hundred shares with a deviation of 3.5 points: about 8 points of luck.
    expect(mean(results.map(({ chosen }) => chosen))).toBeGreaterThan(0.565);
    expect(Math.abs(mean(results.map(({ optimism }) => optimism.corrected)) - 0.5)).toBeLessThan(0.02);
    for (const { chosen, optimism } of results) {
      expect(optimism.estimate).toBeCloseTo(chosen - optimism.corrected, 12);
      expect(optimism.interval[0]).toBeLessThan(0.5);
      expect(optimism.interval[1]).toBeGreaterThan(0.5);
    }
  });

  it('finds next to none where one trial is clearly the best', async () => {
    const poor = Array.from({ length: 30 }, (_, i) =>
      drawnTrial(`poor-${i}`, { accuracy: 0.4, count: 300, seed: 1 }),
    );
    const optimism = await estimateOptimism(
      [drawnTrial('good', { accuracy: 0.9, count: 300, seed: 1 }), ...poor],
      1,
      defaultTieRule,
    );
    expect(optimism!.trials).toBe(31);
    expect(Math.abs(optimism!.estimate)).toBeLessThan(0.005);
  });

  it('is the same again, and nothing for a single trial', async () => {
    const coins = Array.from({ length: 9 }, (_, i) =>
      drawnTrial(`coin-${i}`, { accuracy: 0.5, count: 80, seed: 2 }),
    );
    const again = (trials = coins) => estimateOptimism(trials, 7, defaultTieRule);
    expect(await again()).toEqual(await again());
    expect(await again(coins.slice(0, 1))).toBeNull();
  });

  it('speaks of the trial that its rule chooses, not of an ensemble that this turns down', async () => {
    const trials = [
      drawnTrial('single', { accuracy: 0.84, count: 300, seed: 3 }),
      drawnTrial('several', { accuracy: 0.88, count: 300, seed: 3 }, { backbone: 'net+other' }),
    ];
    expect(chooseTrial(trials, worthwhileTieRule).trial.id).toBe('single');
    expect(chooseTrial(trials, defaultTieRule).trial.id).toBe('several');
    for (const rule of [worthwhileTieRule, defaultTieRule]) {
      const chosen = chooseTrial(trials, rule).trial.validation.accuracy;
      const { estimate, corrected } = (await estimateOptimism(trials, 7, rule))!;
      expect(estimate).toBeCloseTo(chosen - corrected, 12);
    }
    const wary = (await estimateOptimism(trials, 7, worthwhileTieRule))!;
    const bold = (await estimateOptimism(trials, 7, defaultTieRule))!;
    expect(wary.corrected).toBeLessThan(bold.corrected);
  });
});

describe('comparisons', () => {
  const base = { count: 400, seed: 3 };
  const trials = [
    drawnTrial('best', { accuracy: 0.9, ...base }),
    drawnTrial(
      'near',
      { accuracy: 0.8, ...base },
      { cost: { ...drawnTrial('x', { accuracy: 1, ...base }).cost, flops: 60 } },
    ),
    drawnTrial(
      'end',
      { accuracy: 0.6, ...base },
      { cost: { ...drawnTrial('x', { accuracy: 1, ...base }).cost, flops: 900 } },
    ),
    drawnTrial('far', { accuracy: 0.7, ...base }, { backbone: 'other' }),
  ];
  const chosen = chooseTrial(trials).trial;

  it('names the runner-up, the best of another backbone and the own last tap', () => {
    const found = compareWithRivals(trials, chosen, 1);
    expect(chosen.id).toBe('best');
    expect(found.map(({ rival, trial }) => [rival, trial.id])).toEqual([
      ['runner-up', 'near'],
      ['other-backbone', 'far'],
      ['last-tap', 'end'],
    ]);
    for (const { trial, difference, interval, onlyChosen, onlyRival, pValue } of found) {
      const test = mcnemar(chosen.validation.correct, trial.validation.correct);
      expect({ onlyFirst: onlyChosen, onlySecond: onlyRival, pValue }).toEqual(test);
      expect(difference).toBeCloseTo((onlyChosen - onlyRival) / 400, 12);
      expect(interval[0]).toBeLessThan(difference);
      expect(interval[1]).toBeGreaterThan(difference);
    }
  });

  it('names the best of one backbone where several were chosen together', () => {
    const both = drawnTrial('both', { accuracy: 0.95, ...base }, { backbone: 'net+other' });
    const found = compareWithRivals([...trials, both], chooseTrial([...trials, both]).trial, 1);
    expect(found.find(({ rival }) => rival === 'one-backbone')?.trial.id).toBe('best');
  });

  it('leaves out whom there is not', () => {
    expect(compareWithRivals([trials[0]!], chosen, 1)).toEqual([]);
  });

  it('has an interval that covers the true difference at about its rate', () => {
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const rng = createRng(`cover/${seed}`);
      const draw = (accuracy: number): number[] =>
        Array.from({ length: 150 }, () => (rng.next() < accuracy ? 1 : 0));
      const [low, high] = pairedBootstrap(draw(0.8), draw(0.7), rng.fork('bootstrap'));
      return low <= 0.1 + 1e-9 && high >= 0.1 - 1e-9;
    }).filter(Boolean).length;
    expect(covered).toBeGreaterThan(180);
    expect(covered).toBeLessThan(200);
  });
});

describe('Pareto front', () => {
  const placed = (accuracy: number, latencyMs: number | null, bytes: number, flops = 1) => ({
    accuracy,
    cost: { latencyMs, bytes, flops },
  });

  it('keeps what is best in something, and equals', () => {
    const trials = [
      placed(0.9, 5, 50),
      placed(0.8, 2, 50),
      placed(0.8, 3, 60),
      placed(0.7, 9, 10),
      placed(0.9, 5, 50),
    ];
    expect(paretoFront(trials)).toEqual([true, true, false, true, true]);
  });

  it('goes by operations where no time was measured', () => {
    expect(paretoFront([placed(0.9, null, 50, 10), placed(0.9, 1, 50, 20)])).toEqual([true, false]);
    expect(paretoFront([])).toEqual([]);
  });
});

describe('floor', () => {
  it('guesses the most frequent category', () => {
    const y = Int32Array.from([0, 0, 0, 1, 1, 0]);
    const dev = {
      rows: y.map((_, i) => i),
      y,
      folds: Int32Array.from([0, 1, 0, 1, 0, 1]),
      foldCount: 2,
      classes: 2,
    };
    const { kind, validation } = majorityFloor(dev);
    expect(kind).toBe('majority-class');
    expect(validation.accuracy).toBeCloseTo(4 / 6, 12);
    const even = {
      ...dev,
      y: Int32Array.from([0, 0, 0, 1, 1, 1]),
      folds: Int32Array.from([0, 0, 1, 1, 1, 0]),
    };
    expect(majorityFloor(even).validation.accuracy).toBe(0.5);
  });

  it('ranks random features apart from the trials', async () => {
    const request = requestFor([{ id: 'block-01', signal: 5 }]);
    const randomFeatures = syntheticFeatures(
      request.labels,
      [
        { backbone: 'random-net', id: 'a', signal: 0 },
        { backbone: 'random-net', id: 'b', signal: 2.5 },
      ],
      9,
    );
    const { trials, floor } = await runSearch({ ...request, randomFeatures });
    expect(new Set(trials.map(({ backbone }) => backbone))).toEqual(new Set(['net']));
    expect(floor.map(({ kind, backbone, tap }) => [kind, backbone, tap])).toEqual([
      ['random-weights', 'random-net', 'b'],
      ['majority-class', null, null],
    ]);
    const [random, majority] = floor.map(({ validation }) => validation.accuracy);
    expect(majority).toBeCloseTo(1 / 3, 1);
    expect(random).toBeGreaterThan(majority!);
    expect(random).toBeLessThan(trials[0]!.validation!.accuracy);
  });
});
