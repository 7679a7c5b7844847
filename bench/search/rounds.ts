import { splitByGroup } from '../../src/dataset/split/split-by-group.js';
import { createRng } from '../../zoo/index.js';
import type { PhotoSet } from './photo-set.js';

/** How many pictures a category are learnt from; null: all there are. */
export type Amount = number | null;

/** One way of dealing a photo set out: rows that take part, their labels, and -1 for those of the test part. */
export interface Round {
  readonly rows: Int32Array;
  readonly labels: Int32Array;
  readonly folds: Int32Array;
  readonly test: number;
}

/** Of the contest's rounds. */
const TEST_SHARE = 0.2;
const FOLDS = 5;

/**
 * Deals out by the product's own split. The test part is a fifth of the set unless told otherwise; of the rest, so many a category are learnt
 * from, drawn at random, and what is over goes to the test part too: the fewer are learnt from, the more exact the test.
 */
export function deal(
  { photos, classNames }: PhotoSet,
  amount: Amount,
  seed: number,
  testShare = TEST_SHARE,
): Round {
  const order = createRng(`round/${seed}`).shuffle([...photos.keys()]);
  const learnable = (1 - testShare) * (photos.length / classNames.length);
  const taken = Math.min(amount ?? Infinity, Math.floor(learnable));
  const counts = new Map<number, number>();
  const learnt: number[] = [];
  const tested: number[] = [];
  for (const row of order) {
    const { label } = photos[row] as PhotoSet['photos'][number];
    const count = counts.get(label) ?? 0;
    counts.set(label, count + 1);
    (count < taken ? learnt : tested).push(row);
  }
  // Folds as the product deals them: its own test part of the learnt pictures is turned into a fold by asking for one more.
  const items = learnt.map((row) => {
    const { sha256, label } = photos[row] as PhotoSet['photos'][number];
    return { id: sha256, category: String(label), group: sha256 };
  });
  const placed = splitByGroup(items, { seed, testShare: 1 / FOLDS, folds: FOLDS - 1 });
  const rows = Int32Array.from([...learnt, ...tested]);
  return {
    rows,
    labels: rows.map((row) => photos[row]?.label ?? 0),
    folds: Int32Array.from(rows, (_, i) => {
      const place = placed[i];
      return place === undefined ? -1 : place.part === 'test' ? FOLDS - 1 : place.fold;
    }),
    test: tested.length,
  };
}
