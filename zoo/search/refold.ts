import { createRng, type Rng } from '../rng.js';
import type { DevRows } from './dev-rows.js';

/** Rows by their group, groups by the class of their first row. */
function groupsByClass({ y, classes }: DevRows, groups: readonly string[]): number[][][] {
  const members = new Map<string, number[]>();
  groups.forEach((group, row) => members.set(group, [...(members.get(group) ?? []), row]));
  const byClass: number[][][] = Array.from({ length: classes }, () => []);
  for (const rows of members.values()) byClass[y[rows[0] as number] as number]?.push(rows);
  return byClass;
}

/** Other folds over the same rows: groups stay whole, each class is spread over all folds. */
function dealAnew(dev: DevRows, byClass: readonly (readonly number[][])[], rng: Rng): Int32Array {
  const folds = new Int32Array(dev.y.length);
  let next = 0;
  for (const groups of byClass)
    for (const rows of rng.shuffle(groups)) {
      for (const row of rows) folds[row] = next;
      next = (next + 1) % dev.foldCount;
    }
  return folds;
}

/**
 * The same rows in other folds, for repeated stratified group k-fold cross-validation: which rows happen to be left out together is then
 * less of a matter.
 *
 * @param groups of each row: rows of one group share a fold
 * @param times how often, the folds as they are counted as one
 * @returns the rows as they are, then in other folds; as they are alone where a class would be in one fold only
 */
export function refold(dev: DevRows, groups: readonly string[], times: number, seed: string): DevRows[] {
  const byClass = groupsByClass(dev, groups);
  if (byClass.some(({ length }) => length < 2)) return [dev];
  const others = Array.from({ length: times - 1 }, (_, at): DevRows => {
    const folds = dealAnew(dev, byClass, createRng(`${seed}/folds ${at + 2}`));
    return { ...dev, folds, foldCount: folds.reduce((most, fold) => Math.max(most, fold + 1), 0) };
  });
  return [dev, ...others];
}
