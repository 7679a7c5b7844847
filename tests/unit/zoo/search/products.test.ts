import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyHead } from '../../../../zoo/heads/head.js';
import { ridge } from '../../../../zoo/heads/ridge.js';
import {
  ridgeCrossValidation,
  ridgeCrossValidationOfProducts,
} from '../../../../zoo/heads/ridge-cross-validation.js';
import { gramOfRows } from '../../../../zoo/heads/ridge-system.js';
import { runSearch, select, type FeatureSet, type Matrix, type Trial } from '../../../../zoo/index.js';
import { takeRows } from '../../../../zoo/matrix.js';
import { createRng } from '../../../../zoo/rng.js';
import { devRows, foldsOf, splitAt } from '../../../../zoo/search/dev-rows.js';
import { openFold } from '../../../../zoo/search/fold.js';
import { HeldOutStore } from '../../../../zoo/search/held-out.js';
import { joinBackbones, joinSets } from '../../../../zoo/search/join.js';
import { goesByProducts, ProductStore } from '../../../../zoo/search/product-store.js';
import { productsOf } from '../../../../zoo/search/products.js';
import { standardisationOf, standardise } from '../../../../zoo/search/standardise.js';
import { inline, type Compute } from '../../../../zoo/search/threads/compute.js';
import { requestFor } from './synthetic.js';

const taps = [
  { id: 'block-01', signal: 1.5, flops: 10, cols: 90 },
  { id: 'block-02', signal: 2, flops: 20, cols: 110 },
  { id: 'block-01', signal: 1.5, flops: 15, cols: 100, backbone: 'other' },
  { id: 'block-02', signal: 1.7, flops: 30, cols: 80, backbone: 'other' },
  { id: 'block-01', signal: 1.6, flops: 40, cols: 200, backbone: 'third' },
];
const unknown = requestFor(taps, { rows: 180 });
const matrixOf = ({ matrix }: FeatureSet): Matrix => matrix as Matrix;
/** How many columns a tap has is what tells that joined ones are wide. */
const features = unknown.features.map((set) => ({
  ...set,
  tap: { ...set.tap, channels: matrixOf(set).cols },
}));
const request = { ...unknown, features };
const dev = devRows(request);
const named = (backbone: string): FeatureSet => joinSets(features.filter((set) => set.backbone === backbone));
const [net, other] = [named('net'), named('other')];
const third = features.at(-1) as FeatureSet;

/** Computes here, and remembers what was asked for. */
function counted(): { compute: Compute; asked: string[] } {
  const asked: string[] = [];
  const run: Compute['run'] = (name, input, signal) => {
    asked.push(name);
    return inline.run(name, input, signal);
  };
  return { compute: { ...inline, run }, asked };
}

const expectClose = (a: ArrayLike<number>, b: ArrayLike<number>, digits: number): void => {
  expect(a.length).toBe(b.length);
  Array.from(a).forEach((value, at) => expect(value).toBeCloseTo(b[at] as number, digits));
};

describe('the inner products of features read side by side', () => {
  it('are those of their columns, scaled by the training rows of each fold', async () => {
    const parts = [...(net.parts ?? []), ...(other.parts ?? [])].map(matrixOf);
    const x = await (joinBackbones([net, other]).matrix as () => Promise<Matrix>)();
    const found = productsOf({ matrices: parts, dev, scaling: 'fold' });
    expect(found).toHaveLength(dev.foldCount);
    found.forEach((products, fold) => {
      const training = splitAt(dev, fold).trainAt.map((at) => dev.rows[at] as number);
      const scaled = standardise(x, standardisationOf(x, training), dev.rows);
      for (const [i, j] of [
        [0, 0],
        [5, 3],
        [dev.y.length - 1, 7],
      ] as const) {
        let sum = 0;
        for (let d = 0; d < x.cols; d++) sum += scaled.data[i * x.cols + d]! * scaled.data[j * x.cols + d]!;
        expect(products[i * dev.y.length + j]).toBeCloseTo(sum, 2);
      }
    });
  });

  it('are formed once for each backbone, however many ensembles and folds ask for them', async () => {
    const { compute, asked } = counted();
    const store = new ProductStore(request, compute, 'all');
    const all = [joinBackbones([net, other]), joinBackbones([net, other, third]), net];
    expect(all.map((set) => store.admits(set, dev))).toEqual([true, true, true]);
    const [two, three, one] = await Promise.all(all.map((set) => store.of(set, dev)));
    expect(asked).toEqual(['productsOf', 'productsOf', 'productsOf']);
    const [alone] = productsOf({ matrices: [matrixOf(third)], dev, scaling: 'all' });
    expectClose(
      three!.map((value, at) => value - two![at]!),
      alone!,
      6,
    );
    expect(one).toEqual(productsOf({ matrices: net.parts!.map(matrixOf), dev, scaling: 'all' })[0]);
    const byFold = counted();
    const folds = new ProductStore(request, byFold.compute, 'fold');
    folds.admits(net, dev);
    const each = await Promise.all(foldsOf(dev).map((fold) => folds.of(net, dev, fold)));
    expect(byFold.asked).toEqual(['productsOf']);
    expect(each).toEqual(productsOf({ matrices: net.parts!.map(matrixOf), dev, scaling: 'fold' }));
  });

  it('are not asked for where features are narrow, of one tap, of unknown width, or learnt from in several looks', () => {
    expect(goesByProducts(net, dev)).toBe(true);
    expect(goesByProducts(third, dev)).toBe(false);
    expect(goesByProducts({ ...net, more: [matrixOf(third)] }, dev)).toBe(false);
    expect(goesByProducts(joinSets(features.slice(0, 1)), dev)).toBe(false);
    expect(goesByProducts(joinSets(unknown.features.slice(0, 2)), dev)).toBe(false);
  });

  it('keep to the room there is: a set whose members have none goes by its features', () => {
    const room = 8 * dev.y.length ** 2;
    const store = new ProductStore(request, inline, 'all', 2 * room);
    expect(store.admits(joinBackbones([net, other]), dev)).toBe(true);
    // Of members that have their room.
    expect(store.admits(net, dev)).toBe(true);
    expect(store.admits(joinBackbones([net, other, third]), dev)).toBe(false);
    expect(new ProductStore(request, inline, 'fold', 2 * room).admits(net, dev)).toBe(false);
  });

  it('are formed again where a tap could not be read', async () => {
    const [first, ...rest] = net.parts as [FeatureSet, ...FeatureSet[]];
    let reads = 0;
    const flaky = (): Promise<Matrix> => {
      reads += 1;
      return reads === 1
        ? Promise.reject(new Error('too many open files'))
        : Promise.resolve(matrixOf(first));
    };
    const set = joinSets([{ ...first, matrix: flaky }, ...rest]);
    const store = new ProductStore(request, inline, 'all');
    expect(store.admits(set, dev)).toBe(true);
    await expect(store.of(set, dev)).rejects.toThrow('too many open files');
    expect(await store.of(set, dev)).toEqual(
      productsOf({ matrices: net.parts!.map(matrixOf), dev, scaling: 'all' })[0],
    );
  });
});

describe('what is worked out from inner products', () => {
  it('has the held-out scores of the features', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 12, max: 60 }),
        fc.integer({ min: 2, max: 8 }),
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom(0.03, 0.3, 3),
        (rows, groups, seed, strength) => {
          const rng = createRng(seed);
          const cols = rows + 5;
          const raw = { rows, cols, data: Float32Array.from({ length: rows * cols }, () => rng.normal()) };
          const x = standardise(raw, standardisationOf(raw));
          const y = Int32Array.from({ length: rows }, () => rng.int(3));
          const groupOf = Array.from({ length: rows }, (_, i) => (i < 2 ? i : rng.int(groups)));
          const expected = ridgeCrossValidation(x, y, 3, groupOf).heldOut(strength).data;
          const products = gramOfRows([x], rows);
          const found = ridgeCrossValidationOfProducts(products, y, 3, groupOf).heldOut(strength).data;
          expectClose(found, expected, 3);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives folds that a head answers alike', async () => {
    const set = joinBackbones([net, other]);
    const x = takeRows(await (set.matrix as () => Promise<Matrix>)(), dev.rows);
    const store = new ProductStore(request, inline, 'fold');
    expect(store.admits(set, dev)).toBe(true);
    for (const fold of [0, dev.foldCount - 1]) {
      const plain = openFold({ source: { x }, dev, fold });
      const quick = openFold({ source: { products: await store.of(set, dev, fold) }, dev, fold });
      expect(quick.heldAt).toEqual(plain.heldAt);
      expect(quick.y).toEqual(plain.y);
      const answers = [plain, quick].map(async ({ train, y, held }) => {
        const fit = { x: train, y, classes: dev.classes, params: { strength: 0.3 }, rng: createRng(0) };
        return applyHead(await ridge.fit(fit), held).data;
      });
      const [a, b] = await Promise.all(answers);
      expectClose(b!, a!, 3);
    }
  });

  it('ranks and trains as the features themselves do', async () => {
    const more = { joinTaps: true, ensembles: [['net', 'other', 'third']] };
    const { compute, asked } = counted();
    const quick = await runSearch({ ...request, ...more, compute });
    const plain = await runSearch({ ...unknown, ...more });
    expect(asked).toContain('productsOf');
    const byId = new Map(plain.trials.map((trial) => [trial.id, trial]));
    const wide = quick.trials.filter(({ tap, state }) => tap.includes('+') && state === 'complete');
    expect(wide.length).toBeGreaterThan(4);
    // The price of a head is known by the width alone, so the ids are the same.
    const same = wide.filter(({ id }) => byId.get(id)?.state === 'complete');
    expect(same.length).toBeGreaterThan(3);
    for (const trial of same) {
      const twin = byId.get(trial.id) as Trial;
      expect(trial.validation!.logLoss).toBeCloseTo(twin.validation!.logLoss, 2);
      expect(trial.cost.trainableParams).toBe(twin.cost.trainableParams);
    }
  });
});

describe('the held-out logits of a search', () => {
  it('spare the selection the folds, and leave it as it is without them', async () => {
    const { trials, heldOut } = await runSearch({ ...request, joinTaps: true });
    const anew = counted();
    const expected = await select({ ...request, trials, compute: anew.compute });
    expect(anew.asked).toContain('trainFold');
    const spared = counted();
    const found = await select({ ...request, trials, heldOut, compute: spared.compute });
    expect(spared.asked).toEqual([]);
    expect(found.heldOut).toEqual(expected.heldOut);
    expect(found.temperature).toBe(expected.temperature);
    expect(found.test).toEqual(expected.test);
  });
});

describe('the logits that a search keeps', () => {
  it('are those of the surest, in whatever order they come', async () => {
    const { trials, heldOut } = await runSearch(request);
    const trained = trials.filter(({ id }) => heldOut.has(id));
    expect(trained.length).toBeGreaterThan(3);
    const { byteLength } = heldOut.get(trained[0]!.id)!.data;
    const kept = [trained, trained.toReversed()].map((order) => {
      const store = new HeldOutStore(2 * byteLength);
      for (const trial of order) store.keep(trial, heldOut.get(trial.id)!);
      return [...store.all.keys()];
    });
    const surest = trained.toSorted((a, b) => a.validation!.logLoss - b.validation!.logLoss);
    expect(kept).toEqual([surest.slice(0, 2), surest.slice(0, 2)].map((two) => two.map(({ id }) => id)));
  });
});

describe('features of several taps', () => {
  it('are scaled tap by tap: one a hundred thousand times as large does not silence another', () => {
    const rng = createRng('scales');
    const [rows, cols] = [50, 6];
    const data = Float32Array.from(
      { length: rows * cols },
      (_, at) => (at % cols < 3 ? 1e5 : 1) * rng.normal(),
    );
    const small = (widths?: number[]): number => {
      const scaled = standardise(
        { rows, cols, data },
        standardisationOf({ rows, cols, data }, undefined, widths),
      );
      return (
        Math.hypot(...Array.from({ length: rows }, (_, row) => scaled.data[row * cols + 4]!)) ** 2 / rows
      );
    };
    expect(small([3, 3])).toBeCloseTo(1, 4);
    expect(small()).toBeLessThan(0.01);
  });

  it('of which one has other columns than it says end the search, naming it', async () => {
    const wrong = features.map((set, at) => (at === 1 ? { ...set, tap: { ...set.tap, channels: 7 } } : set));
    await expect(runSearch({ ...request, features: wrong })).rejects.toThrow(
      'The features of net/block-02 have 110 columns for 7 channels. Extract them again.',
    );
  });
});
