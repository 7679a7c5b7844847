import type { View } from '../inspect/measure-pixels.js';
import { findEarlierViews } from './earlier-views.js';
import { inKeeperOrder, type KeeperFacts } from './keeper-order.js';
import { type Cluster, Keepers, readViews, type KeeperMatch } from './keepers.js';
import { DEFAULT_THRESHOLDS, type DuplicateThresholds } from './settings.js';

/** An inspected picture, as far as finding duplicates needs it (a subset of `InspectMeasures`, with id and category). */
export interface DedupeItem extends View, KeeperFacts {
  /** Null when the pictures are in no category (a plain folder). */
  readonly category: string | null;
  readonly sha256: string;
  readonly flatShare: number;
  readonly inner: View | null;
  readonly inFrame?: View | null;
}

/**
 * What a copy is, as far as can be told: the same bytes; the same picture encoded, resized or framed anew; mirrored; turned (by
 * right angles, or by a few degrees); a part of it (or it a part of the copy); or changed in another way, found by embeddings.
 */
export type DuplicateKind = 'exact' | 'near' | 'flipped' | 'rotated' | 'cropped' | 'embedding';

/** A copy of a group's keeper. */
export interface GroupMember {
  readonly id: string;
  readonly kind: DuplicateKind;
  /**
   * To the keeper. Found by hashes: the Hamming distance of the DCT hashes, a whole number of bits, 0 for exact copies. Found by
   * embeddings: 1 - the correlation of the aligned pictures, below 1.
   */
  readonly distance: number;
}

/** Says which of the keepers a picture is a copy of where hashes find none: embeddings, for example. */
export interface SecondLook {
  /** @param placed the group of each picture that has one so far, keepers included */
  match(item: DedupeItem, placed: ReadonlyMap<string, Cluster>): KeeperMatch | null;
}

/** One picture in two or more copies. */
export interface Group {
  readonly keeper: string;
  /** The copies, nearest first; without the keeper. */
  readonly members: readonly GroupMember[];
  /** The categories the copies were found under, by name. */
  readonly categories: readonly string[];
  /** Found under more than one category: which one is right is for a person to say. */
  readonly crossCategory: boolean;
  /** A drawing that came back again and again under more than one category: "image not available", most likely. */
  readonly placeholder: boolean;
}

/** As often as this a site's stand-in comes back where a picture seldom does. */
const PLACEHOLDER_COPIES = 4;

/** Why the dedupe stage drops a picture. */
export type DedupeReason = 'exact-duplicate' | 'near-duplicate' | 'cross-category' | 'placeholder';

/** A picture that is dropped, the keeper it is a copy of (itself, for the keeper of a cross-category group), and how far. */
export interface Dropped {
  readonly id: string;
  readonly reason: DedupeReason;
  readonly keeper: string;
  readonly distance: number;
}

/** Copies of the same bytes, each list in order of preference, the lists in order of their first picture. */
function exactCopies(items: readonly DedupeItem[]): DedupeItem[][] {
  const bySha = new Map<string, DedupeItem[]>();
  for (const item of inKeeperOrder(items)) {
    const copies = bySha.get(item.sha256);
    if (copies) copies.push(item);
    else bySha.set(item.sha256, [item]);
  }
  return [...bySha.values()];
}

/**
 * Groups pictures that are copies of one another: same bytes, or hashes within the thresholds and confirmed, or (with a second
 * look) whatever that finds.
 *
 * Pictures are taken best first (see `inKeeperOrder`); each joins the nearest keeper that it is a copy of, or becomes a keeper.
 * So there are no chains: every member is itself a copy of its keeper, no keeper of one group is one of another group's, and
 * the order of the input changes nothing.
 * @returns the groups of two and more, in the order of their keepers
 */
export function groupDuplicates(
  items: readonly DedupeItem[],
  thresholds: DuplicateThresholds = DEFAULT_THRESHOLDS,
  secondLook: SecondLook | null = null,
): Group[] {
  const pictures = exactCopies(items);
  const firsts = pictures.flatMap(([first]) => first ?? []);
  const keepers = new Keepers(thresholds, findEarlierViews(firsts, thresholds));
  const placed = new Map<string, Cluster>();
  for (const [place, first] of firsts.entries()) {
    const copies = pictures[place] ?? [];
    const views = readViews(first);
    const match = keepers.nearest(views, place, first.category) ?? secondLook?.match(first, placed) ?? null;
    const cluster = match?.cluster ?? { keeper: first, members: [], categories: new Set<string>() };
    if (!match) keepers.add(cluster, views, place);
    placed.set(first.id, cluster);
    join(cluster, copies, match);
  }
  return [...new Set(placed.values())].filter((cluster) => cluster.members.length > 0).map(toGroup);
}

function join(cluster: Cluster, copies: readonly DedupeItem[], match: KeeperMatch | null): void {
  for (const copy of copies) {
    if (copy.category !== null) cluster.categories.add(copy.category);
    if (copy === cluster.keeper) continue;
    cluster.members.push({ id: copy.id, kind: match?.kind ?? 'exact', distance: match?.distance ?? 0 });
  }
}

/** Exact copies, then those found by hashes, then what took a second look; nearest first. */
function rankOf({ kind, distance }: GroupMember): number {
  if (kind === 'exact') return -1;
  return Number.isInteger(distance) ? distance : 64 + distance;
}

function toGroup({ keeper, members, categories }: Cluster): Group {
  return {
    keeper: keeper.id,
    members: [...members].sort((a, b) => rankOf(a) - rankOf(b)),
    categories: [...categories].sort(),
    crossCategory: categories.size > 1,
    placeholder:
      categories.size > 1 &&
      members.length + 1 >= PLACEHOLDER_COPIES &&
      keeper.flatShare >= DEFAULT_THRESHOLDS.drawingFlatShare,
  };
}

/** What the groups mean for the pictures: copies go, and of a cross-category group the keeper goes too. */
export function droppedByGroups(groups: readonly Group[]): Dropped[] {
  return groups.flatMap((group) => {
    const { keeper, members, crossCategory } = group;
    const copies = members.map(({ id, kind, distance }): Dropped => ({
      id,
      reason: reasonOf(group, kind),
      keeper,
      distance,
    }));
    if (!crossCategory) return copies;
    return [{ id: keeper, reason: reasonOf(group, 'exact'), keeper, distance: 0 }, ...copies];
  });
}

function reasonOf({ placeholder, crossCategory }: Group, kind: DuplicateKind): DedupeReason {
  if (placeholder) return 'placeholder';
  if (crossCategory) return 'cross-category';
  return kind === 'exact' ? 'exact-duplicate' : 'near-duplicate';
}
