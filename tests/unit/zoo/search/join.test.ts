import { describe, expect, it } from 'vitest';
import {
  createRng,
  runSearch,
  select,
  worthwhileTieRule,
  type FeatureSet,
  type SearchRequest,
  type TieRule,
} from '../../../../zoo/index.js';
import { findSet } from '../../../../zoo/search/find-set.js';
import { joinSets } from '../../../../zoo/search/join.js';

const PICTURES = 120;
const labels = Int32Array.from({ length: PICTURES }, (_, row) => row % 4);
const folds = Int32Array.from({ length: PICTURES }, (_, row) => (row < 20 ? -1 : (row >> 2) % 5));

/** A tap whose four channels tell one bit of the label, in noise. */
function tapOf(id: string, flops: number, bit: number | null): FeatureSet {
  const rng = createRng(`join/${id}`);
  const data = Float32Array.from({ length: PICTURES * 4 }, (_, at) => {
    const label = labels[at >> 2] ?? 0;
    return (bit === null ? 0 : (label >> bit) & 1) * 2 + rng.normal();
  });
  const tap = { id, params: flops, flops, bytes: 4 * flops, channels: 4 };
  return { backbone: 'net', tap, latencyMs: flops, matrix: { rows: PICTURES, cols: 4, data } };
}

const features = [tapOf('block-03', 30, null), tapOf('block-01', 10, 0), tapOf('block-02', 20, 1)];
const request: SearchRequest = {
  ...{ features, labels, folds, classes: 4, seed: 1, budgetMs: null, joinTaps: true },
  now: () => 0,
};

describe('taps read side by side', () => {
  it('are joined from shallow to deep, at the price of the deepest', async () => {
    const { backbone, tap, latencyMs, matrix } = joinSets(features.slice(0, 2));
    expect({ backbone, latencyMs, ...tap }).toEqual({
      ...{ backbone: 'net', latencyMs: 30, id: 'block-01+block-03' },
      ...{ params: 30, flops: 30, bytes: 120, channels: 8 },
    });
    const joined = typeof matrix === 'function' ? await matrix() : matrix;
    const part = (set: FeatureSet | undefined, row: number): number[] =>
      set && typeof set.matrix !== 'function' ? [...set.matrix.data.subarray(4 * row, 4 * row + 4)] : [];
    expect([...joined.data.subarray(8 * 7, 8 * 8)]).toEqual([
      ...part(features[1], 7),
      ...part(features[0], 7),
    ]);
  });

  it('win where each knows a part of the answer, and are chosen, refitted and tested as one', async () => {
    const { trials } = await runSearch(request);
    const { trial, test, head } = await select({ ...request, trials });
    expect(trial.tap).toContain('block-01+block-02');
    const alone = trials.filter(({ tap }) => !tap.includes('+'));
    const best = Math.max(...alone.map(({ validation }) => validation?.accuracy ?? 0));
    expect(trial.validation.accuracy).toBeGreaterThan(best + 0.2);
    expect(test.accuracy).toBeGreaterThan(best);
    expect(head.layers[0]?.inputs).toBe(12);
  });

  it('are left out where nobody asked, where they cost too much, and where trials are few', async () => {
    const tapsOf = async (change: Partial<SearchRequest>): Promise<string[]> =>
      (await runSearch({ ...request, ...change })).trials
        .filter(({ state }) => state === 'complete')
        .map(({ tap }) => tap);
    const joined = async (change: Partial<SearchRequest>): Promise<string[]> =>
      (await tapsOf(change)).filter((tap) => tap.includes('+'));
    expect(await joined({ joinTaps: false })).toEqual([]);
    expect(await joined({ maxTrials: 4 })).toEqual([]);
    const cap = { maxLatencyMs: 20, maxBytes: null };
    expect(new Set(await joined({ cap }))).toEqual(new Set(['block-01+block-02']));
    expect((await tapsOf({ maxTrials: 8 })).length).toBeLessThanOrEqual(8);
  });

  it('of several backbones are tried together where they can be one network', async () => {
    const other = features.map((set) => ({ ...set, backbone: 'other' }));
    const both = { ...request, features: [features[1], other[2]].flatMap((set) => set ?? []) };
    const apart = await runSearch({ ...both, joinTaps: false });
    expect(apart.trials.every(({ backbone }) => !backbone.includes('+'))).toBe(true);
    const { trials } = await runSearch({ ...both, joinTaps: false, ensembles: [['net', 'other', 'third']] });
    const { trial, set } = await select({ ...both, trials });
    expect(trial.backbone.split('+').toSorted()).toEqual(['net', 'other']);
    expect(trial.tap.split('+').toSorted()).toEqual(['net/block-01', 'other/block-02']);
    expect(trial.cost).toMatchObject({ flops: 30, latencyMs: 30 });
    expect(set.tap.channels).toBe(8);
  });

  it.each([
    { pictures: 'few pictures', dealt: folds, taps: 3 },
    { pictures: 'more pictures', dealt: folds.map((fold, row) => (fold < 0 ? row % 5 : fold)), taps: 5 },
  ])('of several backbones are each read at their surest, $taps of five with $pictures', async (deal) => {
    const more = [tapOf('block-04', 40, 0), tapOf('block-05', 50, 1)];
    const net = [...features, ...more];
    const both = [...net, ...net.map((set) => ({ ...set, backbone: 'other' }))];
    const given = { ...request, features: both, folds: deal.dealt, ensembles: [['net', 'other']] };
    const { trials } = await runSearch(given);
    const together = trials.filter(({ backbone }) => backbone.includes('+'));
    expect(together.length).toBeGreaterThan(0);
    for (const { tap, backbone } of together)
      for (const member of backbone.split('+'))
        expect(tap.split('+').filter((id) => id.startsWith(`${member}/`))).toHaveLength(deal.taps);
  });

  it('of several backbones get trained heads only where they would be taken', async () => {
    const given = {
      ...request,
      joinTaps: false,
      features: [features[1], { ...features[2], backbone: 'other' } as FeatureSet].flatMap(
        (set) => set ?? [],
      ),
      ensembles: [['net', 'other']],
    };
    const trained = async (rule: TieRule) =>
      (await runSearch({ ...given, rule })).trials
        .filter(({ backbone, head }) => backbone.includes('+') && head !== 'ridge')
        .map(({ head }) => head);
    expect(await trained(worthwhileTieRule)).toContain('logistic');
    expect(await trained({ ...worthwhileTieRule, ensembleErrors: 1000 })).toEqual([]);
  });

  it('of several backbones take the place of one that wants another picture by a view of it', async () => {
    const other = features.map((set) => ({ ...set, backbone: 'other' }));
    const views = features.map((set) => ({ ...set, backbone: 'other@crop299', latencyMs: 70 }));
    const given = {
      ...request,
      joinTaps: false,
      features: [features[1], other[2]].flatMap((set) => set ?? []),
    };
    const { trials } = await runSearch({ ...given, ensembles: [['net', 'other@crop299']], views });
    // Views are not tried by themselves.
    const ids = new Set(trials.map(({ backbone }) => backbone).filter((id) => !id.includes('+')));
    expect(ids).toEqual(new Set(['net', 'other']));
    const { trial } = await select({ ...given, features: [...given.features, ...views], trials });
    expect(trial.backbone.split('+').toSorted()).toEqual(['net', 'other@crop299']);
    expect(trial.tap.split('+').toSorted()).toEqual(['net/block-01', 'other@crop299/block-02']);
    const alone = features[1]?.latencyMs ?? NaN;
    expect(trial.cost.latencyMs).toBe(alone + 70);
  });

  it('are found again by their id, or not at all', () => {
    const trial = { backbone: 'net', tap: 'block-01+block-03' };
    expect(findSet(features, trial)?.tap.channels).toBe(8);
    expect(findSet(features, { backbone: 'net', tap: 'block-02' })).toBe(features[2]);
    expect(findSet(features, { backbone: 'net', tap: 'block-01+block-09' })).toBeUndefined();
    expect(findSet(features, { backbone: 'other', tap: 'block-01' })).toBeUndefined();
  });
});
