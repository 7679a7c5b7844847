import type { Rng } from '../rng.js';

/** Pictures with their classes, duplicate groups and folds; one entry a row. */
export interface Rows {
  readonly y: Int32Array;
  readonly folds: Int32Array;
  readonly foldCount: number;
  readonly classes: number;
  /** Duplicate group of each row: a group is in a subset as a whole or not at all. */
  readonly groups: readonly string[];
}

/** One random order of the groups, in which subsets of every size are nested. */
export type Draw = ReadonlyMap<string, number>;

/** With fewer groups than this of a category, a subset says nothing of it. */
export const LEAST_GROUPS = 2;

export function draw(groups: readonly string[], rng: Rng): Draw {
  return new Map(rng.shuffle([...new Set(groups)]).map((group, place) => [group, place]));
}

/** Groups of each class outside a fold, in the order of the draw. */
function groupsByClass({ y, folds, groups, classes }: Rows, fold: number, order: Draw): string[][] {
  const sets = Array.from({ length: classes }, () => new Set<string>());
  groups.forEach((group, row) => {
    if (folds[row] !== fold) sets[y[row] as number]?.add(group);
  });
  return sets.map((set) => [...set].sort((a, b) => (order.get(a) as number) - (order.get(b) as number)));
}

/**
 * Rows to learn from when a fold is left out and only a share of the rest is there: the same share of every class, by
 * whole groups, nested from share to share of one draw.
 */
export function subset(rows: Rows, fold: number, share: number, order: Draw): Int32Array {
  const taken = groupsByClass(rows, fold, order).map(
    (list) => new Set(list.slice(0, Math.max(LEAST_GROUPS, Math.round(share * list.length)))),
  );
  return Int32Array.from(rows.y.keys()).filter(
    (row) => rows.folds[row] !== fold && taken[rows.y[row] as number]?.has(rows.groups[row] as string),
  );
}

/** Groups of the class that has the fewest, outside the fold that leaves the fewest. */
export function smallestClass(rows: Rows): { label: number; groups: number } {
  let least = { label: 0, groups: Infinity };
  for (let fold = 0; fold < rows.foldCount; fold++) {
    groupsByClass(rows, fold, new Map()).forEach((list, label) => {
      if (list.length < least.groups) least = { label, groups: list.length };
    });
  }
  return least;
}
