import { describe, expect, it } from 'vitest';
import { wilson } from '../../../../zoo/metrics/index.js';
import { chooseTrial } from '../../../../zoo/search/choose.js';
import type { Trial } from '../../../../zoo/search/types.js';

const count = 480;

/** A trial that is wrong on the given rows. */
function trial(id: string, wrong: number[], flops: number, trainableParams = 100): Trial {
  const correct = new Uint8Array(count).fill(1);
  for (const row of wrong) correct[row] = 0;
  const right = correct.reduce((sum, value) => sum + value, 0);
  const cost = { trainableParams, totalParams: 1000 + trainableParams, flops, latencyMs: null };
  const validation = { accuracy: right / count, interval: wilson(right, count), count, correct };
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

  it('calls no tie what a paired test can tell apart, however small the gap', () => {
    // Two pictures of 480 (0.4 points), within the margin, but a far stricter p is asked for here.
    const trials = [trial('cheap', rows(0, 42), 50), trial('dear', rows(0, 40), 100)];
    expect(chooseTrial(trials, { margin: 0.005, pValue: 0.6 }).trial.id).toBe('dear');
    expect(chooseTrial(trials, { margin: 0.005, pValue: 0.4 }).trial.id).toBe('cheap');
  });

  it('spends no picture on a saving that is not worth it', () => {
    const { trial: chosen } = chooseTrial([
      trial('cheap', rows(20, 41), 95),
      trial('dear', rows(0, 40), 100),
    ]);
    expect(chosen.id).toBe('dear');
  });

  it('at one tap prefers the smaller head, and at equal accuracy the cheaper tap', () => {
    const heads = [trial('small', rows(20, 41), 100, 500), trial('large', rows(0, 40), 100, 50_000)];
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
