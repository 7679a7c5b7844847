import { describe, expect, it } from 'vitest';
import { heads } from '../../../../zoo/heads/registry.js';
import { runSearch } from '../../../../zoo/search/run-search.js';
import type { SearchRequest, Trial } from '../../../../zoo/search/types.js';
import { requestFor } from './synthetic.js';

/** More pictures than count as few; every one a group of its own. */
const request = (rest: Partial<Pick<SearchRequest, 'budgetMs' | 'maxTrials'>>): SearchRequest => {
  const own = requestFor([{ id: 'block-01', signal: 2 }], { rows: 150, ...rest });
  return { ...own, groups: Array.from(own.labels, (_, row) => String(row)) };
};
const settings = (trials: readonly Trial[], head: string) =>
  trials.filter((trial) => trial.head === head).map(({ params }) => params);
const logistic = (trials: readonly Trial[]) =>
  trials.find(({ head, params }) => head === 'logistic' && params.strength === 0.0003)!.validation!;

describe('how much is tried', () => {
  it('is the usual settings where nobody asks for more', async () => {
    const { trials } = await runSearch(request({}));
    for (const { id, grid } of heads.filter((head) => head.id !== 'ridge'))
      expect(settings(trials, id)).toEqual(expect.arrayContaining([...grid]));
    expect(settings(trials, 'mlp')).toHaveLength(2);
  });

  it.each([
    ['five minutes', { budgetMs: 300_000 }],
    ['many trials', { maxTrials: 100 }],
  ])('is every setting, over several deals into folds, with %s', async (_, limits) => {
    const { trials } = await runSearch(request(limits));
    for (const { id, grid, further = [] } of heads.filter((head) => head.id !== 'ridge')) {
      expect(settings(trials, id)).toHaveLength(grid.length + further.length);
      expect(settings(trials, id)).toEqual(expect.arrayContaining([...grid, ...further]));
    }
    const [once, often] = [logistic((await runSearch(request({}))).trials), logistic(trials)];
    // Losses are means over the deals; the right answers are counted over the first, which is the same.
    expect([...often.correct]).toEqual([...once.correct]);
    expect(often.losses).not.toEqual(once.losses);
  });

  it('comes to the usual settings first where trials are short', async () => {
    const { trials } = await runSearch(request({ maxTrials: 5 }));
    const tried = trials.filter(({ state, head }) => state === 'complete' && head !== 'ridge');
    const [usual] = heads.filter(({ id }) => id === 'logistic').map(({ grid }) => grid);
    for (const { head, params } of tried) if (head === 'logistic') expect(usual).toContainEqual(params);
    expect(tried.some(({ head }) => head === 'mlp')).toBe(true);
  });
});
