import { expect, test } from 'vitest';
import { runSearch, select, type FeatureSet, type SearchRequest } from '../../../../zoo/index.js';
import { labelsInNoise } from './synthetic.js';

const PICTURES = 160;
const CHANNELS = 6;
const TAPS = 60;
const labels = Int32Array.from({ length: PICTURES }, (_, row) => row % 4);
const folds = Int32Array.from({ length: PICTURES }, (_, row) => (row < 24 ? -1 : (row >> 2) % 5));

/** What says the label, in so much noise. */
function tapOf(id: string, noise: number): FeatureSet {
  const tap = { id, params: 100, flops: 1000, bytes: 400, channels: CHANNELS };
  const matrix = labelsInNoise(labels, CHANNELS, noise, `twins/${id}`);
  return { backbone: 'net', tap, latencyMs: 1, matrix };
}

/** The deeper, the less noise; the twin of the last is better than anything, and so is that of the first. */
const taps = Array.from({ length: TAPS }, (_, i) => tapOf(`block-${10 + i}`, 8 - i / 10));
const twins = Array.from({ length: TAPS }, (_, i) =>
  tapOf(`block-${10 + i}-gem`, i === 0 || i === TAPS - 1 ? 0.8 : 9),
);
const request: SearchRequest = {
  ...{ features: [...twins, ...taps], labels, folds, classes: 4, seed: 3, budgetMs: null, now: () => 0 },
};

test('the surest depths are also read by their generalised mean, and the better of the two wins', async () => {
  const { trials } = await runSearch(request);
  const tried = new Set(trials.map(({ tap }) => tap));
  expect(taps.every(({ tap }) => tried.has(tap.id))).toBe(true);
  expect([...tried].filter((id) => id.endsWith('-gem') && !id.includes('+'))).toHaveLength(24);
  expect(tried).toContain('block-69-gem');
  // As good, but nothing at that depth says so.
  expect(tried).not.toContain('block-10-gem');
  const { trial, test: score } = await select({ ...request, trials });
  expect(trial.tap).toBe('block-69-gem');
  expect(score.accuracy).toBeGreaterThan(0.6);
});

test('where pictures are few, every depth is', async () => {
  const few = folds.map((fold, row) => (row < 80 ? -1 : fold));
  const { trials } = await runSearch({ ...request, folds: few });
  const tried = new Set(trials.map(({ tap }) => tap));
  expect(twins.every(({ tap }) => tried.has(tap.id))).toBe(true);
});

test('a limit of trials goes to the depths first', async () => {
  const { trials } = await runSearch({ ...request, maxTrials: 12 });
  const complete = trials.filter(({ state }) => state === 'complete');
  expect(complete.length).toBeLessThanOrEqual(12);
  expect(new Set(complete.map(({ tap }) => tap)).size).toBeGreaterThan(6);
  expect(complete.filter(({ tap }) => tap.endsWith('-gem'))).toEqual([]);
  // Depths there was no trial left for are named; their twins, which nobody asked about, are not.
  expect(trials.filter(({ state, tap }) => state === 'pruned' && tap.endsWith('-gem'))).toEqual([]);
});
