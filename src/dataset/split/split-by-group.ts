import { createHash } from 'node:crypto';

/** Which side of the split a picture is on. Validation is fold 0; train is every other fold. */
export type Part = 'train' | 'validation' | 'test';

/** A picture to be placed. Pictures with the same `group` are one picture in several copies and stay together. */
export interface SplitItem {
  readonly id: string;
  readonly category: string;
  /** Name it by content (the sha256 of the keeper, say): the split is then the same on every machine. */
  readonly group: string;
}

/** Where a picture was placed: folds count from 0; test pictures have fold -1. */
export interface Placement {
  readonly part: Part;
  readonly fold: number;
}

/** How to split. */
export interface SplitOptions {
  readonly seed: number | string;
  /** Wanted share of each category in the test part, between 0 and 1, both excluded. */
  readonly testShare: number;
  /** How many folds share the train and validation pictures, 2 or more. */
  readonly folds: number;
  /**
   * Placements of an earlier version of the same data set, by picture id. They stand: what is new is dealt out around
   * them, so a picture that was ever in the test part stays there however the set grows. If copies of one picture were
   * on both sides before they were known to be copies, the whole group goes to test, where it can teach nothing.
   */
  readonly previous?: ReadonlyMap<string, Placement>;
}

/** Groups a category must have: one for test, one for validation, three to learn from. */
export const MIN_GROUPS_PER_CATEGORY = 5;
export const DEFAULT_SPLIT = Object.freeze({ testShare: 0.2, folds: 5 });

/** There is too little to split; `usable` counts the different pictures of each category. */
export class BelowMinimumError extends Error {
  override readonly name = 'BelowMinimumError';
  readonly reason = 'below-minimum';

  constructor(
    message: string,
    readonly needed: number,
    readonly usable: Readonly<Record<string, number>>,
  ) {
    super(message);
  }
}

interface Group {
  readonly id: string;
  readonly category: string;
  readonly members: readonly SplitItem[];
  /** Place in the order of dealing: seed and id decide, not the order of the input. */
  readonly order: string;
  readonly pinned: Placement | null;
}

/**
 * Splits pictures into train, validation and test: whole groups on one side, each category in its own share, the same
 * seed and pictures (in any order) give the same split, folds as equal as whole groups allow.
 * @returns one placement an item, in the order of the items
 * @throws {BelowMinimumError} when some part or category would be left without pictures
 * @throws {RangeError} when an option is out of range
 */
export function splitByGroup(items: readonly SplitItem[], options: SplitOptions): Placement[] {
  checkOptions(options);
  const groups = collectGroups(items, options);
  checkMinimum(groups, options.folds);
  const placed = new Map<string, Placement>();
  const foldTotals = new Int32Array(options.folds);
  const byCategory = [...strata(groups).values()];
  const minimum = developmentMinimum(options.folds, byCategory.length);
  for (const stratum of byCategory)
    placeStratum(stratum, chooseTest(stratum, options.testShare, minimum), foldTotals, placed);
  return items.map((item) => placed.get(item.group) as Placement);
}

function checkOptions({ testShare, folds }: SplitOptions): void {
  if (!(testShare > 0 && testShare < 1))
    throw new RangeError(`testShare must lie between 0 and 1, not ${testShare}.`);
  if (!Number.isInteger(folds) || folds < 2)
    throw new RangeError(`folds must be a whole number from 2, not ${folds}.`);
}

function collectGroups(items: readonly SplitItem[], options: SplitOptions): Group[] {
  const members = new Map<string, SplitItem[]>();
  for (const item of items) {
    const list = members.get(item.group);
    if (list) list.push(item);
    else members.set(item.group, [item]);
  }
  return [...members].map(([id, list]) => ({
    id,
    category: mainCategory(list),
    members: list,
    order: createHash('sha256').update(`${options.seed}\u0000${id}`).digest('hex'),
    pinned: pinnedPlacement(list, options),
  }));
}

/** The category of most members (a person may keep one picture under two); the first by name when they tie. */
function mainCategory(members: readonly SplitItem[]): string {
  const counts = new Map<string, number>();
  for (const { category } of members) counts.set(category, (counts.get(category) ?? 0) + 1);
  return [...counts].reduce((best, next) =>
    next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best,
  )[0];
}

function pinnedPlacement(members: readonly SplitItem[], { previous, folds }: SplitOptions): Placement | null {
  const before = members.map((member) => previous?.get(member.id)).filter((place) => place !== undefined);
  const test = before.find((place) => place.part === 'test');
  if (test) return { part: 'test', fold: -1 };
  const [first] = before.map((place) => place.fold).sort((a, b) => a - b);
  // With fewer folds than before it still is no test picture.
  return first === undefined ? null : developmentPlace(first % folds);
}

const developmentPlace = (fold: number): Placement => ({ part: fold === 0 ? 'validation' : 'train', fold });

/** Categories by name, each with its groups in the order of dealing. */
function strata(groups: readonly Group[]): Map<string, Group[]> {
  const byCategory = new Map<string, Group[]>();
  for (const category of [...new Set(groups.map((group) => group.category))].sort())
    byCategory.set(category, []);
  const dealt = [...groups].sort((a, b) => (a.order < b.order ? -1 : 1));
  for (const group of dealt) byCategory.get(group.category)?.push(group);
  return byCategory;
}

function checkMinimum(groups: readonly Group[], folds: number): void {
  const usable = Object.fromEntries([...strata(groups)].map(([category, list]) => [category, list.length]));
  const categories = Object.keys(usable);
  const found = categories.map((category) => `${category} ${usable[category] ?? 0}`).join(', ') || 'none';
  if (categories.length < 2) {
    throw new BelowMinimumError(`At least 2 categories with examples are needed; found ${found}.`, 2, usable);
  }
  const needed = Math.max(MIN_GROUPS_PER_CATEGORY, developmentMinimum(folds, categories.length) + 1);
  const short = categories.filter((category) => (usable[category] ?? 0) < needed);
  if (short.length > 0) throw new BelowMinimumError(shortMessage(short, needed, found), needed, usable);
}

/**
 * Development groups a category must have so that no fold stays empty: one of each category goes to fold 0, the others
 * share out the rest of the folds. At least two, so that every fold's model has seen every category.
 */
function developmentMinimum(folds: number, categories: number): number {
  return Math.max(2, Math.ceil((folds - 1) / categories) + 1);
}

function shortMessage(short: readonly string[], needed: number, found: string): string {
  return (
    `Each category needs at least ${needed} different usable examples (one to test, one to validate, the rest to learn ` +
    `from); too few for ${short.join(', ')}. Found: ${found}.`
  );
}

function placeStratum(
  groups: readonly Group[],
  test: ReadonlySet<Group>,
  foldTotals: Int32Array,
  placed: Map<string, Placement>,
): void {
  const counts = new Int32Array(foldTotals.length);
  const put = (group: Group, fold: number): void => {
    placed.set(group.id, developmentPlace(fold));
    counts[fold] = (counts[fold] ?? 0) + group.members.length;
    foldTotals[fold] = (foldTotals[fold] ?? 0) + group.members.length;
  };
  for (const group of test) placed.set(group.id, { part: 'test', fold: -1 });
  const development = groups.filter((group) => !test.has(group));
  for (const group of development) if (group.pinned) put(group, group.pinned.fold);
  // Large groups first, while there is room to balance them; among equals the order of dealing.
  const open = development
    .filter((group) => !group.pinned)
    .sort((a, b) => b.members.length - a.members.length);
  for (const group of open) put(group, emptiestFold(counts, foldTotals));
}

/** Pinned test groups, then groups in the order of dealing for as long as they bring the share closer to what is wanted. */
function chooseTest(groups: readonly Group[], testShare: number, minimum: number): Set<Group> {
  const test = new Set(groups.filter((group) => group.pinned?.part === 'test'));
  const sizeOf = (list: Iterable<Group>): number =>
    [...list].reduce((sum, group) => sum + group.members.length, 0);
  const wanted = testShare * sizeOf(groups);
  let size = sizeOf(test);
  for (const group of groups) {
    if (group.pinned) continue;
    const over = size + group.members.length - wanted;
    if (over > 0 && over >= wanted - size) continue;
    test.add(group);
    size += group.members.length;
  }
  return withinBounds(groups, test, minimum);
}

/** At least one group in test and `minimum` groups outside it, whatever the sizes are. */
function withinBounds(groups: readonly Group[], test: Set<Group>, minimum: number): Set<Group> {
  const bySize = groups.filter((group) => !group.pinned).sort((a, b) => a.members.length - b.members.length);
  for (const group of bySize) if (test.size === 0) test.add(group);
  for (const group of bySize) if (groups.length - test.size < minimum) test.delete(group);
  return test;
}

/** Validation (fold 0) first of all, so that no category lacks it; then the least filled of this category, then of all. */
function emptiestFold(counts: Int32Array, totals: Int32Array): number {
  if (counts[0] === 0) return 0;
  let best = 0;
  for (let fold = 1; fold < counts.length; fold++) {
    const less = (counts[fold] as number) - (counts[best] as number);
    if (less < 0 || (less === 0 && (totals[fold] as number) < (totals[best] as number))) best = fold;
  }
  return best;
}
