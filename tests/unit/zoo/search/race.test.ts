import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../zoo/rng.js';
import { runSearch } from '../../../../zoo/search/run-search.js';
import type { SearchRequest, Trial } from '../../../../zoo/search/types.js';
import { balanced, requestFor } from './synthetic.js';

/** Two categories, one around the other: no line parts them. */
function rings(rows: number): SearchRequest {
  const { labels, folds } = balanced(rows, 2);
  const rng = createRng('rings');
  const data = new Float32Array(rows * 2);
  labels.forEach((label, row) => {
    const angle = 2 * Math.PI * rng.next();
    const radius = (label === 0 ? 1 : 3) + 0.2 * rng.normal();
    data.set([radius * Math.cos(angle), radius * Math.sin(angle)], 2 * row);
  });
  const tap = { id: 'block-01', params: 10, flops: 10, bytes: 40, channels: 2 };
  const features = [{ backbone: 'net', tap, matrix: { rows, cols: 2, data } }];
  return { features, labels, folds, classes: 2, seed: 1, budgetMs: null, now: () => 0 };
}

const clouds = (): SearchRequest => requestFor([{ id: 'block-01', signal: 2, cols: 40 }], { rows: 200 });
const perceptrons = (trials: readonly Trial[]) => trials.filter(({ head }) => head === 'mlp');

describe('heads that cost more than a linear one', () => {
  it('are trained to the end where they are ahead, with the score they have without a race', async () => {
    const { trials } = await runSearch(rings(200));
    const ahead = perceptrons(trials);
    expect(ahead.map(({ state }) => state)).toEqual(ahead.map(() => 'complete'));
    expect(trials[0]!.head).toBe('mlp');
    expect(trials[0]!.validation!.accuracy).toBeGreaterThan(0.9);
    // A person who counts trials has them all.
    const whole = perceptrons((await runSearch({ ...rings(200), maxTrials: 40 })).trials);
    expect(whole.length).toBeGreaterThan(ahead.length);
    for (const { id, validation } of ahead)
      expect(whole.find((trial) => trial.id === id)!.validation).toEqual(validation);
  });

  it('are left after two folds where they are behind, and the reason is told', async () => {
    const { trials } = await runSearch(clouds());
    const behind = perceptrons(trials).filter(({ state }) => state === 'pruned');
    expect(behind.length).toBeGreaterThan(0);
    for (const { reason, validation } of behind) {
      expect(reason).toBe('It was behind the linear heads after two folds.');
      expect(validation).toBeNull();
    }
    // They would not have won.
    const whole = (await runSearch({ ...clouds(), maxTrials: 40 })).trials;
    const surest = Math.min(...whole.map(({ validation }) => validation?.logLoss ?? Infinity));
    for (const { id } of behind)
      expect(whole.find((trial) => trial.id === id)!.validation!.logLoss).toBeGreaterThan(surest);
  });
});
