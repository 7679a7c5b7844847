import type { View } from '../inspect/measure-pixels.js';
import { confirms, type ReadView, readView } from './compare.js';
import { HammingIndex } from './hamming-index.js';
import { DEFAULT_THRESHOLDS, type DuplicateThresholds } from './settings.js';

/** An inspected picture, as far as finding duplicates needs it (a subset of `InspectMeasures`, with id and category). */
export interface DedupeItem extends View {
  readonly id: string;
  /** Null when the pictures are in no category (a plain folder). */
  readonly category: string | null;
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
  /** Encoded size: among copies of one size the largest file has lost least. */
  readonly bytes: number;
  readonly flatShare: number;
  readonly inner: View | null;
}

/** A copy of a group's keeper. */
export interface GroupMember {
  readonly id: string;
  readonly kind: 'exact' | 'near';
  /** Hamming distance of the DCT hashes to the keeper, 0..64; 0 for exact copies. */
  readonly distance: number;
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
}

/** Why the dedupe stage drops a picture. */
export type DedupeReason = 'exact-duplicate' | 'near-duplicate' | 'cross-category';

/** A picture that is dropped, the keeper it is a copy of (itself, for the keeper of a cross-category group), and how far. */
export interface Dropped {
  readonly id: string;
  readonly reason: DedupeReason;
  readonly keeper: string;
  readonly distance: number;
}

interface Cluster {
  readonly keeper: DedupeItem;
  readonly members: GroupMember[];
  readonly categories: Set<string>;
}

/** Largest picture first, then the largest file, then by id: the first of its copies is the one to keep. */
function byPreference(a: DedupeItem, b: DedupeItem): number {
  const size = b.width * b.height - a.width * a.height || b.bytes - a.bytes;
  if (size !== 0) return size;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** The keepers so far, searchable. Every view of a keeper is an entry of its own. */
class Keepers {
  readonly #index: HammingIndex;
  readonly #views: { readonly cluster: Cluster; readonly view: ReadView }[] = [];

  constructor(readonly thresholds: DuplicateThresholds) {
    this.#index = new HammingIndex(thresholds.maxPhashDistance);
  }

  add(cluster: Cluster, views: readonly ReadView[]): void {
    for (const view of views) {
      this.#index.add(view.phash);
      this.#views.push({ cluster, view });
    }
  }

  /** The keeper that is nearest to any of the views and confirmed; the earlier one when two are as near. */
  nearest(views: readonly ReadView[]): { cluster: Cluster; distance: number } | null {
    let best: { cluster: Cluster; distance: number } | null = null;
    for (const view of views) {
      for (const { item, distance } of this.#index.query(view.phash)) {
        const found = this.#views[item];
        if (!found || (best && distance >= best.distance)) continue;
        if (confirms(view, found.view, this.thresholds)) best = { cluster: found.cluster, distance };
      }
    }
    return best;
  }
}

function readViews(item: DedupeItem): ReadView[] {
  const views = item.inner ? [item, item.inner] : [item];
  return views.map((view) => readView(view, item.flatShare));
}

/** Copies of the same bytes, each list in order of preference, the lists in order of their first picture. */
function exactCopies(items: readonly DedupeItem[]): DedupeItem[][] {
  const bySha = new Map<string, DedupeItem[]>();
  for (const item of [...items].sort(byPreference)) {
    const copies = bySha.get(item.sha256);
    if (copies) copies.push(item);
    else bySha.set(item.sha256, [item]);
  }
  return [...bySha.values()];
}

/**
 * Groups pictures that are copies of one another: same bytes, or hashes within the thresholds and confirmed.
 *
 * Pictures are taken best first; each joins the nearest keeper that it is a copy of, or becomes a keeper. So there are no
 * chains: every member is itself within the thresholds of its keeper, no keeper of one group is within them of another
 * group's, and the order of the input changes nothing.
 * @returns the groups of two and more, in order of preference of their keepers
 */
export function groupDuplicates(
  items: readonly DedupeItem[],
  thresholds: DuplicateThresholds = DEFAULT_THRESHOLDS,
): Group[] {
  const keepers = new Keepers(thresholds);
  const clusters: Cluster[] = [];
  for (const copies of exactCopies(items)) {
    const [first] = copies;
    if (!first) continue;
    const views = readViews(first);
    const match = keepers.nearest(views);
    const cluster = match?.cluster ?? { keeper: first, members: [], categories: new Set<string>() };
    if (!match) {
      keepers.add(cluster, views);
      clusters.push(cluster);
    }
    join(cluster, copies, match?.distance ?? null);
  }
  return clusters.filter((cluster) => cluster.members.length > 0).map(toGroup);
}

function join(cluster: Cluster, copies: readonly DedupeItem[], distance: number | null): void {
  for (const copy of copies) {
    if (copy.category !== null) cluster.categories.add(copy.category);
    if (copy === cluster.keeper) continue;
    cluster.members.push({
      id: copy.id,
      kind: distance === null ? 'exact' : 'near',
      distance: distance ?? 0,
    });
  }
}

function toGroup({ keeper, members, categories }: Cluster): Group {
  const rank = (member: GroupMember): number => member.distance + (member.kind === 'near' ? 1 : 0);
  return {
    keeper: keeper.id,
    members: [...members].sort((a, b) => rank(a) - rank(b)),
    categories: [...categories].sort(),
    crossCategory: categories.size > 1,
  };
}

/** What the groups mean for the pictures: copies go, and of a cross-category group the keeper goes too. */
export function droppedByGroups(groups: readonly Group[]): Dropped[] {
  return groups.flatMap(({ keeper, members, crossCategory }) => {
    const copies = members.map(({ id, kind, distance }): Dropped => {
      const reason = crossCategory
        ? 'cross-category'
        : kind === 'exact'
          ? 'exact-duplicate'
          : 'near-duplicate';
      return { id, reason, keeper, distance };
    });
    return crossCategory
      ? [{ id: keeper, reason: 'cross-category', keeper, distance: 0 }, ...copies]
      : copies;
  });
}
