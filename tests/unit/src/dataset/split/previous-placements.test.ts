import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../../zoo/index.js';
import { previousPlacements } from '../../../../../src/dataset/split/previous-placements.js';
import { splitByGroup, type Placement } from '../../../../../src/dataset/split/split-by-group.js';

interface Known {
  sha256: string;
  category: string;
  group: string;
}

/** What a run of the project finds: some of the pictures there are, grouped anew; copies may merge groups of before. */
function crawl(pictures: readonly Known[], share: number, merges: number, seed: number): Known[] {
  const rng = createRng(`crawl/${seed}`);
  const found = pictures.filter(({ sha256 }) => rng.next() < share || sha256.endsWith('!'));
  const renamed = new Map<string, string>();
  for (let i = 0; i < merges; i++) {
    const [a, b] = [found[rng.int(found.length)], found[rng.int(found.length)]];
    if (a && b && a.category === b.category) renamed.set(a.group, renamed.get(b.group) ?? b.group);
  }
  return found.map((one) => ({ ...one, group: renamed.get(one.group) ?? one.group }));
}

/** One keeper a group goes into the split, as dedupe leaves it. */
function splitRun(found: readonly Known[], earlier: (Placement & { sha256: string })[], seed: number) {
  const keepers = [...new Map(found.map((one) => [one.group, one])).values()];
  const groups = found.map(({ sha256, group }) => ({ sha256, groupKey: group }));
  const byGroup = previousPlacements(groups, earlier);
  const items = keepers.map(({ sha256, category, group }) => ({ id: sha256, category, group }));
  const previous = new Map(
    items.flatMap(({ id, group }) => {
      const place = byGroup.get(group);
      return place ? [[id, place] as const] : [];
    }),
  );
  const places = splitByGroup(items, { seed, testShare: 0.2, folds: 5, previous });
  const placeOf = new Map(items.map(({ group }, i) => [group, places[i] as Placement]));
  return found.map(({ sha256, group }) => ({ sha256, ...(placeOf.get(group) as Placement) }));
}

describe('placements of earlier runs', () => {
  it('let no picture that was ever tested on be learnt from, over runs that find, lose, and regroup pictures', () => {
    fc.assert(
      fc.property(fc.nat(), fc.array(fc.nat(), { minLength: 2, maxLength: 5 }), (seed, runs) => {
        const all = Array.from({ length: 120 }, (_, i): Known => ({
          // Those with a mark are found by every run, so that no category runs short.
          sha256: `${seed}-${i}${i % 4 === 0 ? '!' : ''}`,
          category: i % 2 ? 'a' : 'b',
          group: `group-${i}`,
        }));
        const earlier: (Placement & { sha256: string })[] = [];
        const tested = new Set<string>();
        for (const [at, run] of runs.entries()) {
          const now = splitRun(crawl(all, 0.3 + 0.15 * at, at, run), earlier, run);
          expect(now.filter(({ sha256, part }) => tested.has(sha256) && part !== 'test')).toEqual([]);
          for (const { sha256, part } of now) if (part === 'test') tested.add(sha256);
          earlier.push(...now);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('hold for a larger copy of a picture, and for a copy whose keeper is gone', () => {
    const earlier = [
      { sha256: 'keeper', part: 'test', fold: -1 },
      { sha256: 'copy', part: 'test', fold: -1 },
      { sha256: 'other', part: 'train', fold: 2 },
    ] as const;
    const groups = [
      { sha256: 'larger', groupKey: 'larger' },
      { sha256: 'keeper', groupKey: 'larger' },
      { sha256: 'copy', groupKey: 'copy' },
      { sha256: 'other', groupKey: 'copy' },
      { sha256: 'new', groupKey: 'new' },
    ];
    const places = previousPlacements(groups, earlier);
    expect(places.get('larger')).toEqual({ part: 'test', fold: -1 });
    expect(places.get('copy')).toEqual({ part: 'test', fold: -1 });
    expect(places.has('new')).toBe(false);
  });
});
