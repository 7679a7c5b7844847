import { describe, expect, it } from 'vitest';
import { wilson } from '../../../../zoo/metrics/index.js';
import { chooseTrial, worthwhileTieRule } from '../../../../zoo/search/choose.js';
import type { Trial } from '../../../../zoo/search/types.js';

const count = 480;

/** A trial that is wrong on the given rows. */
function trial(
  id: string,
  wrong: number[],
  flops: number,
  { trainableParams = 100, logLoss = 0.5 } = {},
): Trial {
  const correct = new Uint8Array(count).fill(1);
  for (const row of wrong) correct[row] = 0;
  const right = correct.reduce((sum, value) => sum + value, 0);
  const cost = {
    ...{ trainableParams, totalParams: 1000 + trainableParams, flops, headFlops: 2 * trainableParams },
    ...{ latencyMs: null, bytes: 4000 },
  };
  const validation = {
    accuracy: right / count,
    interval: wilson(right, count),
    count,
    logLoss,
    correct,
    losses: new Float32Array(count),
  };
  return {
    id,
    backbone: 'net',
    tap: id,
    head: 'ridge',
    params: {},
    state: 'complete',
    validation,
    cost,
    reason: null,
  };
}

const rows = (from: number, length: number): number[] => Array.from({ length }, (_, i) => from + i);

describe('chooseTrial', () => {
  it('takes the most accurate when it is clearly so, whatever it costs', () => {
    const { trial: chosen } = chooseTrial([trial('cheap', rows(0, 60), 1), trial('dear', rows(0, 40), 100)]);
    expect(chosen.id).toBe('dear');
  });

  it('gives a tie to the cheaper', () => {
    const choice = chooseTrial([trial('cheap', rows(20, 41), 50), trial('dear', rows(0, 40), 100)]);
    expect(choice.trial.id).toBe('cheap');
    expect(choice.best.id).toBe('dear');
    expect(choice.pValue).toBeGreaterThan(0.3);
  });

  it('takes the surest of those that cannot be told from the best', () => {
    const trials = [
      trial('lucky', rows(0, 40), 100, { logLoss: 0.6 }),
      trial('sure', rows(20, 43), 100, { logLoss: 0.5 }),
    ];
    const choice = chooseTrial(trials);
    expect(choice.best.id).toBe('lucky');
    expect(choice.trial.id).toBe('sure');
    expect(choice.pValue).toBeCloseTo(0.76, 1);
  });

  it('lets a cheaper one be less sure by a little, not by more', () => {
    const against = (logLoss: number, flops: number): string =>
      chooseTrial([trial('cheap', rows(20, 41), flops, { logLoss }), trial('dear', rows(0, 40), 100)]).trial
        .id;
    // A hundredth of a nat, and another for each half.
    expect(against(0.519, 50)).toBe('cheap');
    expect(against(0.521, 50)).toBe('dear');
    expect(against(0.539, 12.5)).toBe('cheap');
    expect(against(0.541, 12.5)).toBe('dear');
    expect(against(0.561, 0)).toBe('dear');
  });

  it('calls no tie what a paired test can tell apart, or what lies more than a standard error below', () => {
    // Two pictures of 480, the same 40 besides: p is 0.5.
    const trials = [trial('cheap', rows(0, 42), 50), trial('dear', rows(0, 40), 100)];
    const rule = { standardErrors: 1, logLoss: 0.01, perHalving: 0, ensembleErrors: null };
    expect(chooseTrial(trials, { ...rule, pValue: 0.6 }).trial.id).toBe('dear');
    expect(chooseTrial(trials, { ...rule, pValue: 0.4 }).trial.id).toBe('cheap');
    // A standard error of 440 right in 480 is 1.26 points, six pictures.
    const below = (wrong: number): string =>
      chooseTrial([trial('cheap', rows(30, wrong), 50), trial('dear', rows(0, 40), 100)], {
        ...rule,
        pValue: 0,
      }).trial.id;
    expect(below(46)).toBe('cheap');
    expect(below(47)).toBe('dear');
  });

  describe('where nobody asked for several backbones together', () => {
    /** Losses of an ensemble: less than 0.5, that of all others, by `gain` on the mean, more or less from row to row. */
    const together = (gain: number, spread: number): Trial => {
      const one = trial('net/a+other/b', rows(0, 40), 400, { logLoss: 0.5 - gain });
      const losses = Float32Array.from(
        { length: count },
        (_, row) => 0.5 - gain + (row % 2 ? spread : -spread),
      );
      return { ...one, backbone: 'net+other', validation: { ...one.validation!, losses } };
    };
    const alone = trial('alone', rows(0, 41), 100);
    const losses = new Float32Array(count).fill(0.5);
    const single = { ...alone, validation: { ...alone.validation!, losses } };

    it('takes them where they are surer beyond chance', () => {
      // Standard errors of the mean difference: 0.4 / sqrt(480), 0.018 nats, and twice that.
      expect(chooseTrial([together(0.05, 0.4), single], worthwhileTieRule).trial.backbone).toBe('net+other');
      expect(chooseTrial([together(0.03, 0.8), single], worthwhileTieRule).trial.id).toBe('alone');
      expect(chooseTrial([together(0.04, 0.4), single], worthwhileTieRule).trial.backbone).toBe('net+other');
    });

    it('takes them then however much one alone would save, which is let pass among equals of a kind only', () => {
      const cheap = { ...single, cost: { ...single.cost, flops: 1 } };
      expect(chooseTrial([together(0.04, 0.4), cheap], worthwhileTieRule).trial.backbone).toBe('net+other');
      const small = { ...together(0.04, 0.4), id: 'small' };
      const large = { ...together(0.045, 0.4), id: 'large', cost: { ...small.cost, flops: 800 } };
      expect(chooseTrial([large, small, cheap], worthwhileTieRule).trial.id).toBe('small');
    });

    it('takes them where somebody did and they are surer at all, whatever they cost', () => {
      expect(chooseTrial([together(0.04, 0.8), single]).trial.backbone).toBe('net+other');
      expect(chooseTrial([together(0.001, 0.8), single]).trial.backbone).toBe('net+other');
      expect(chooseTrial([together(-0.001, 0.8), single]).trial.id).toBe('alone');
    });

    it('takes none that is less sure, however cheap', () => {
      const cheap = { ...together(-0.02, 0.8), cost: { ...single.cost, flops: 1 } };
      expect(chooseTrial([cheap, single]).trial.id).toBe('alone');
    });

    it('takes the cheaper of two that are as sure', () => {
      const small = { ...together(0.04, 0.8), id: 'small' };
      const large = { ...together(0.045, 0.8), id: 'large', cost: { ...small.cost, flops: 800 } };
      expect(chooseTrial([large, small, single]).trial.id).toBe('small');
    });

    it('takes them where there is nothing else', () => {
      expect(chooseTrial([together(0, 0.1)], worthwhileTieRule).trial.backbone).toBe('net+other');
    });
  });

  it('spends no picture on a saving that is not worth it', () => {
    const { trial: chosen } = chooseTrial([
      trial('cheap', rows(20, 41), 95),
      trial('dear', rows(0, 40), 100),
    ]);
    expect(chosen.id).toBe('dear');
  });

  it('at one tap prefers the smaller head, and at equal accuracy the cheaper tap', () => {
    const heads = [
      trial('small', rows(20, 41), 100, { trainableParams: 500 }),
      trial('large', rows(0, 40), 100, { trainableParams: 50_000 }),
    ];
    expect(chooseTrial(heads).trial.id).toBe('small');
    expect(chooseTrial([trial('b', rows(0, 40), 99), trial('a', rows(40, 40), 100)]).trial.id).toBe('b');
  });

  it('does not depend on the order of the trials, and passes over those without a score', () => {
    const failed: Trial = { ...trial('broken', [], 1), state: 'failed', validation: null, reason: 'NaN' };
    const trials = [
      failed,
      trial('a', rows(0, 50), 10),
      trial('b', rows(0, 40), 20),
      trial('c', rows(10, 41), 15),
    ];
    expect(chooseTrial(trials)).toEqual(chooseTrial(trials.toReversed()));
    expect(chooseTrial(trials).trial.id).toBe('c');
    expect(() => chooseTrial([failed])).toThrow(/No trial came to an end \(NaN\)/);
  });
});
