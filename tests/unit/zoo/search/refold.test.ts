import { expect, test } from 'vitest';
import { createRng, runSearch, type SearchRequest } from '../../../../zoo/index.js';
import type { DevRows } from '../../../../zoo/search/dev-rows.js';
import { refold } from '../../../../zoo/search/refold.js';

const PICTURES = 60;
/** Pairs of copies. */
const groups = Array.from({ length: PICTURES }, (_, row) => `group ${row >> 1}`);
const y = Int32Array.from({ length: PICTURES }, (_, row) => (row >> 1) % 3);
const dev: DevRows = {
  rows: Int32Array.from(y.keys()),
  y,
  folds: Int32Array.from({ length: PICTURES }, (_, row) => (row >> 1) % 5),
  foldCount: 5,
  classes: 3,
};

test('other folds hold the same rows, groups whole, every class in every fold', () => {
  const deals = refold(dev, groups, 3, 'seed');
  expect(deals).toHaveLength(3);
  expect(deals[0]).toBe(dev);
  const [, second, third] = deals as [DevRows, DevRows, DevRows];
  expect(second.folds).not.toEqual(third.folds);
  for (const { folds, foldCount } of [second, third]) {
    expect(foldCount).toBe(5);
    for (let row = 0; row < PICTURES; row += 2) expect(folds[row]).toBe(folds[row + 1]);
    for (let label = 0; label < 3; label++)
      expect(new Set(folds.filter((_, row) => y[row] === label)).size).toBe(5);
  }
  expect(refold(dev, groups, 3, 'seed')).toEqual(deals);
});

test('a class of one group cannot be dealt out', () => {
  const alone = groups.map((group, row) => (y[row] === 2 ? 'one' : group));
  expect(refold(dev, alone, 3, 'seed')).toEqual([dev]);
});

test('with few pictures trained heads are scored over several deals, the right answers counted over the first', async () => {
  const rng = createRng('refold');
  const data = Float32Array.from({ length: PICTURES * 4 }, (_, at) => {
    return (at % 4 === y[at >> 2] ? 1.5 : 0) + rng.normal();
  });
  const tap = { id: 'block-01', params: 10, flops: 10, bytes: 40, channels: 4 };
  const request: SearchRequest = {
    features: [{ backbone: 'net', tap, matrix: { rows: PICTURES, cols: 4, data } }],
    ...{ labels: y, folds: dev.folds, classes: 3, seed: 7, budgetMs: null, now: () => 0 },
    // With trials counted no head is left before its end.
    maxTrials: 40,
  };
  const [once, thrice] = [await runSearch(request), await runSearch({ ...request, groups })];
  const heads = thrice.trials.filter(({ head }) => head !== 'ridge');
  expect(heads.length).toBeGreaterThan(0);
  for (const { id, validation } of heads) {
    const before = once.trials.find((trial) => trial.id === id)?.validation;
    expect(validation?.correct).toEqual(before?.correct);
    expect(validation?.accuracy).toBe(before?.accuracy);
    expect(validation?.logLoss).not.toBe(before?.logLoss);
    const sum = validation?.losses.reduce((total, loss) => total + loss, 0) ?? NaN;
    expect(sum / PICTURES).toBeCloseTo(validation?.logLoss ?? NaN, 5);
  }
});
