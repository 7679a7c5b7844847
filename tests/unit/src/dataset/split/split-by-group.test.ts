import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import {
  BelowMinimumError,
  MIN_GROUPS_PER_CATEGORY,
  type Placement,
  splitByGroup,
  type SplitItem,
} from '../../../../../src/dataset/split/split-by-group.js';

const OPTIONS = { seed: 7, testShare: 0.2, folds: 5 };

/** Pictures in groups of 1 to `largest`, of which `perCategory` groups lie in each category. */
function pictures(seed: number, categories: number, perCategory: number, largest = 1): SplitItem[] {
  const rng = createRng(seed);
  return Array.from({ length: categories * perCategory }, (_, g) => g).flatMap((g) =>
    Array.from({ length: 1 + rng.int(largest) }, (_, i) => ({
      id: `${seed}-${g}-${i}`,
      category: `category-${g % categories}`,
      group: `${seed}-${g}`,
    })),
  );
}

const placesById = (items: readonly SplitItem[], places: readonly Placement[]): Map<string, Placement> =>
  new Map(items.map((item, i) => [item.id, places[i] as Placement]));

const countOf = (places: readonly Placement[], part: string): number =>
  places.filter((p) => p.part === part).length;

function straddlingGroups(items: readonly SplitItem[], places: readonly Placement[]): string[] {
  const seen = new Map<string, number>();
  const straddling: string[] = [];
  items.forEach((item, i) => {
    const fold = places[i]?.fold ?? Number.NaN;
    if ((seen.get(item.group) ?? fold) !== fold) straddling.push(item.group);
    seen.set(item.group, fold);
  });
  return straddling;
}

const partOfFold = (fold: number): string => (fold === -1 ? 'test' : fold === 0 ? 'validation' : 'train');

const shape = fc.record({
  seed: fc.nat(),
  categories: fc.integer({ min: 2, max: 6 }),
  perCategory: fc.integer({ min: MIN_GROUPS_PER_CATEGORY, max: 40 }),
  largest: fc.integer({ min: 1, max: 6 }),
  folds: fc.integer({ min: 2, max: 6 }),
  testShare: fc.constantFrom(0.1, 0.2, 0.3),
});

describe('splitByGroup', () => {
  it('never lets a group straddle, over thousands of random groupings', () => {
    fc.assert(
      fc.property(shape, ({ seed, categories, perCategory, largest, folds, testShare }) => {
        const items = pictures(seed, categories, perCategory, largest);
        const places = splitByGroup(items, { seed, testShare, folds });
        expect(straddlingGroups(items, places)).toEqual([]);
        expect(places.filter(({ part, fold }) => part !== partOfFold(fold) || fold >= folds)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives every category its share of test to within its largest group, and something of each part', () => {
    fc.assert(
      fc.property(shape, ({ seed, categories, perCategory, largest, folds, testShare }) => {
        const items = pictures(seed, categories, perCategory, largest);
        const places = splitByGroup(items, { seed, testShare, folds });
        for (let c = 0; c < categories; c++) {
          const own = places.filter((_, i) => items[i]?.category === `category-${c}`);
          expect(Math.abs(countOf(own, 'test') - testShare * own.length)).toBeLessThanOrEqual(largest);
          for (const part of ['train', 'validation', 'test']) expect(countOf(own, part)).toBeGreaterThan(0);
        }
        const sizes = Array.from(
          { length: folds },
          (_, fold) => places.filter((p) => p.fold === fold).length,
        );
        expect(Math.min(...sizes)).toBeGreaterThan(0);
        if (largest === 1) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(categories);
      }),
      { numRuns: 1000 },
    );
  });

  it('deals single pictures exactly: 20 % of 100 and five folds of 16', () => {
    const places = splitByGroup(pictures(1, 2, 50), OPTIONS);
    expect([countOf(places, 'test'), countOf(places, 'validation'), countOf(places, 'train')]).toEqual([
      20, 16, 64,
    ]);
  });

  it('depends on the seed and on nothing else: not on the order of the pictures', () => {
    const items = pictures(2, 3, 20, 3);
    const places = placesById(items, splitByGroup(items, OPTIONS));
    const shuffled = createRng('order').shuffle(items);
    expect(placesById(shuffled, splitByGroup(shuffled, OPTIONS))).toEqual(
      new Map(shuffled.map((i) => [i.id, places.get(i.id)])),
    );
    expect(placesById(items, splitByGroup(items, { ...OPTIONS, seed: 8 }))).not.toEqual(places);
  });

  it('moves no picture when the set grows, again and again, and the shares stay close', () => {
    fc.assert(
      fc.property(shape, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (first, growth) => {
        const options = { seed: first.seed, testShare: first.testShare, folds: first.folds };
        let items = pictures(first.seed, first.categories, first.perCategory, first.largest);
        let previous = placesById(items, splitByGroup(items, options));
        for (const seed of growth) {
          items = [...pictures(seed + 1e10, first.categories, 1 + (seed % 9), first.largest), ...items];
          const places = splitByGroup(items, { ...options, previous });
          const now = placesById(items, places);
          expect([...previous].filter(([id, place]) => now.get(id)?.fold !== place.fold)).toEqual([]);
          expect(straddlingGroups(items, places)).toEqual([]);
          const slack = first.categories * first.largest;
          expect(Math.abs(countOf(places, 'test') - first.testShare * items.length)).toBeLessThanOrEqual(
            slack,
          );
          previous = now;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('sends a group to test when it turns out that one of its copies was tested on', () => {
    const items = pictures(3, 2, 20);
    const previous = placesById(items, splitByGroup(items, OPTIONS));
    const tested = items.find(
      (item) => previous.get(item.id)?.part === 'test' && item.category === 'category-0',
    );
    const trained = items.find(
      (item) => previous.get(item.id)?.part === 'train' && item.category === 'category-0',
    );
    const merged = items.map((item) => (item === trained ? { ...item, group: tested?.group ?? '' } : item));
    const now = placesById(merged, splitByGroup(merged, { ...OPTIONS, previous }));
    expect(now.get(tested?.id ?? '')).toEqual({ part: 'test', fold: -1 });
    expect(now.get(trained?.id ?? '')).toEqual({ part: 'test', fold: -1 });
  });

  it('keeps a development picture out of test when there are fewer folds than before', () => {
    const items = pictures(5, 2, 20);
    const previous = placesById(items, splitByGroup(items, { ...OPTIONS, folds: 10 }));
    const now = placesById(items, splitByGroup(items, { ...OPTIONS, folds: 3, previous }));
    for (const [id, { part }] of previous) expect(now.get(id)?.part === 'test').toBe(part === 'test');
  });

  it('says what is needed and what was found when there is too little', () => {
    const four = pictures(4, 2, 2);
    expect(() => splitByGroup(four, OPTIONS)).toThrow(BelowMinimumError);
    expect(() => splitByGroup(four, OPTIONS)).toThrow(/at least 5 different .*category-0 2, category-1 2/);
    const twins = Array.from({ length: 30 }, (_, i) => ({
      id: `${i}`,
      category: i % 2 ? 'a' : 'b',
      group: `g${i % 8}`,
    }));
    expect(() => splitByGroup(twins, OPTIONS)).toThrow(/Found: a 4, b 4/);
    expect(() => splitByGroup(pictures(4, 1, 50), OPTIONS)).toThrow(/At least 2 categories/);
    expect(() => splitByGroup([], OPTIONS)).toThrow(/found none/);
    expect(() => splitByGroup(pictures(4, 2, 5), { ...OPTIONS, folds: 12 })).toThrow(/at least 8 different/);
  });

  it('refuses shares and folds that make no sense', () => {
    const items = pictures(6, 2, 10);
    for (const testShare of [0, 1, Number.NaN])
      expect(() => splitByGroup(items, { ...OPTIONS, testShare })).toThrow(RangeError);
    for (const folds of [1, 2.5])
      expect(() => splitByGroup(items, { ...OPTIONS, folds })).toThrow(RangeError);
  });
});
