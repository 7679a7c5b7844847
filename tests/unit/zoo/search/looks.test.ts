import { expect, test } from 'vitest';
import {
  runSearch,
  select,
  type FeatureSet,
  type Matrix,
  type SearchRequest,
} from '../../../../zoo/index.js';
import { findSet } from '../../../../zoo/search/find-set.js';
import { labelsInNoise } from './synthetic.js';

const PICTURES = 160;
const CHANNELS = 6;
const labels = Int32Array.from({ length: PICTURES }, (_, row) => row % 4);
const folds = Int32Array.from({ length: PICTURES }, (_, row) => (row < 32 ? -1 : (row >> 2) % 5));

/** What says the label, in noise that each look has anew. */
const seen = (id: string, noise: number): Matrix => labelsInNoise(labels, CHANNELS, noise, `looks/${id}`);

function tapOf(backbone: string, id: string, noise: number): FeatureSet {
  const tap = { id, params: 100, flops: 1000, bytes: 400, channels: CHANNELS };
  return { backbone, tap, latencyMs: 1, matrix: seen(`${backbone}/${id}`, noise) };
}

const features = [tapOf('net', 'block-01', 3), tapOf('net', 'block-02', 1.4), tapOf('other', 'block-01', 6)];
const views = features.flatMap((set) =>
  ['mirror', 'centre'].map((look) => tapOf(`${set.backbone}@${look}`, set.tap.id, 1.4)),
);
const request: SearchRequest = {
  ...{ features, views, labels, folds, classes: 4, seed: 3, budgetMs: null, now: () => 0 },
};

test('the mean over looks wins where each look has a noise of its own, and costs what all of them cost', async () => {
  const { trials } = await runSearch(request);
  const backbones = new Set(trials.map(({ backbone }) => backbone));
  // Views are not tried by themselves.
  expect(backbones).toEqual(
    new Set([
      ...['net', 'net@own-mirror', 'net@own-mirror-centre'],
      ...['other', 'other@own-mirror', 'other@own-mirror-centre'],
    ]),
  );
  const { trial, test: score } = await select({ ...request, features: [...features, ...views], trials });
  expect(trial.backbone).toBe('net@own-mirror-centre');
  expect(trial.tap).toBe('block-02');
  expect(trial.cost).toMatchObject({ flops: 3000, latencyMs: 3 });
  expect(score.accuracy).toBeGreaterThan(0.6);
  const alone = trials.find(({ backbone, head }) => backbone === 'net' && head === 'ridge');
  expect(trial.validation.accuracy).toBeGreaterThan(alone?.validation?.accuracy ?? 1);
});

test('learning from all looks is a trial of its own, scored on pictures as they are', async () => {
  const { trials } = await runSearch(request);
  const learnt = trials.filter(({ params }) => params.looks === 3);
  expect(learnt.length).toBeGreaterThan(0);
  for (const { backbone, validation, cost, id } of learnt) {
    expect(['net', 'other']).toContain(backbone);
    expect(validation?.count).toBe(PICTURES - 32);
    expect(cost.flops).toBe(1000);
    expect(id).toMatch(/looks=3$/);
  }
  // More to learn from makes up for few pictures in much noise.
  const best = (all: typeof trials) => Math.min(...all.map(({ validation }) => validation?.logLoss ?? 9));
  const plain = trials.filter(({ backbone, params }) => backbone === 'net' && params.looks === undefined);
  const own = learnt.filter(({ backbone }) => backbone === 'net');
  expect(best(own)).toBeLessThan(best(plain));
  // It is fitted once more on all of them when it is chosen.
  const [one] = own;
  if (!one) throw new Error('none');
  const all = [...features, ...views];
  const chosen = await select({ ...request, features: all, trials: [one] });
  expect(chosen.set.more).toHaveLength(2);
  expect(chosen.test.accuracy).toBeGreaterThan(0.45);
});

test('what a trial saw is found again, or known to be gone', () => {
  const all = [...features, ...views];
  const at = { tap: 'block-02' };
  expect(findSet(all, { backbone: 'net', ...at })).toBe(features[1]);
  expect(findSet(all, { backbone: 'net@own-mirror', ...at })?.tap.flops).toBe(2000);
  expect(findSet(all, { backbone: 'net', ...at, params: { looks: 3 } })?.more).toHaveLength(2);
  expect(findSet(features, { backbone: 'net@own-mirror', ...at })).toBeUndefined();
  expect(findSet(features, { backbone: 'net', ...at, params: { looks: 3 } })).toBeUndefined();
});

test('labels of test pictures are not learnt from by way of their mirror images', async () => {
  const blind = { ...request, labels: labels.map((label, row) => (row < 32 ? (label + 1) % 4 : label)) };
  const scores = (found: Awaited<ReturnType<typeof runSearch>>) =>
    found.trials.map(({ id, validation }) => [id, validation?.logLoss]);
  expect(scores(await runSearch(blind))).toEqual(scores(await runSearch(request)));
});

test('the mean over looks at a joined tap is put together of means, each scaled by itself', async () => {
  const own = findSet([...features, ...views], { backbone: 'net@own-mirror', tap: 'block-01+block-02' });
  const parts = own?.parts ?? [];
  expect(parts.map(({ tap }) => tap.id)).toEqual(['block-01', 'block-02']);
  const read = async ({ matrix }: FeatureSet) => (typeof matrix === 'function' ? matrix() : matrix);
  const whole = await read(own as FeatureSet);
  const [first, second] = await Promise.all(parts.map(read));
  for (const row of [0, 9])
    expect([...whole.data.subarray(row * whole.cols, (row + 1) * whole.cols)]).toEqual([
      ...first!.data.subarray(row * CHANNELS, (row + 1) * CHANNELS),
      ...second!.data.subarray(row * CHANNELS, (row + 1) * CHANNELS),
    ]);
});
