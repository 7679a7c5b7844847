import { mirrors } from '../inspect/turns.js';
import { confirms, type HashPair, type ReadView, readView } from './compare.js';
import type { DedupeItem, DuplicateKind, GroupMember } from './group-duplicates.js';
import type { EarlierViews } from './earlier-views.js';
import { HammingIndex, type Match } from './hamming-index.js';
import type { DuplicateThresholds } from './settings.js';

/** A keeper with its copies so far. */
export interface Cluster {
  readonly keeper: DedupeItem;
  readonly members: GroupMember[];
  readonly categories: Set<string>;
}

/** The keeper that a picture is a copy of, and how it was told. */
export interface KeeperMatch {
  readonly cluster: Cluster;
  readonly kind: Exclude<DuplicateKind, 'exact'>;
  readonly distance: number;
}

/** A border is wide when it leaves less than this share of the area: 2 % on each side or more. */
const WIDE_BORDER = 0.93;

/** The views of a picture that duplicates are found by: the whole, and what is inside its border or its frame. */
export function readViews(item: DedupeItem): ReadView[] {
  const { inner, inFrame, contentShare = 1, flatShare } = item;
  const inside = [inner, inFrame].flatMap((view) => (view ? readView(view, flatShare) : []));
  const share = inside.length > 0 && contentShare < WIDE_BORDER ? contentShare : null;
  const border = share === null ? null : { share, inside: inside.map(({ phash }) => phash) };
  return [readView(item, flatShare, border), ...inside];
}

/** A view of a keeper. */
interface KeeperView {
  readonly cluster: Cluster;
  readonly view: ReadView;
}

/**
 * The keepers so far, searchable by hash. Every upright view of a keeper is an entry; turned ones are only asked for. Which views are
 * near is looked up; the index is asked only where there are too many to be listed.
 */
export class Keepers {
  readonly #index: HammingIndex;
  /** Number of the view of each item of the index. */
  readonly #indexed: number[] = [];
  readonly #views = new Map<number, KeeperView>();

  constructor(
    readonly thresholds: DuplicateThresholds,
    private readonly earlier: EarlierViews,
  ) {
    this.#index = new HammingIndex(thresholds.maxPhashDistance);
  }

  /** @param place of the keeper in the order of preference */
  add(cluster: Cluster, views: readonly ReadView[], place: number): void {
    const first = this.earlier.firstView(place);
    views.forEach((view, i) => {
      this.#index.add(view.phash);
      this.#indexed.push(first + i);
      this.#views.set(first + i, { cluster, view: { ...view, turned: [] } });
    });
  }

  /**
   * The keeper that is nearest to any of the views and confirmed; the earlier one when two are as near. Mirrored and turned
   * copies count only where no upright one is found, and only inside one category: a left arrow is not a right arrow, and
   * which of two labels is wrong cannot be told from that.
   * @param place of the picture in the order of preference
   */
  nearest(views: readonly ReadView[], place: number, category: string | null): KeeperMatch | null {
    const first = this.earlier.firstView(place);
    let best: KeeperMatch | null = null;
    views.forEach(
      (view, i) => (best = this.#nearer({ view, as: view, near: this.#near(first + i, view, null) }, best)),
    );
    if (best) return best;
    views.forEach((view, i) =>
      view.turned.forEach(
        (as, turn) =>
          (best = this.#nearer({ view, as, near: this.#near(first + i, as, turn) }, best, category)),
      ),
    );
    return best;
  }

  #near(view: number, { phash }: HashPair, turned: number | null): Match[] {
    const { maxPhashDistance, maxTurnedDistance } = this.thresholds;
    const listed = this.earlier.near(view, turned);
    if (listed) return listed;
    const found = this.#index.query(phash, turned === null ? maxPhashDistance : maxTurnedDistance);
    return found.map(({ item, distance }) => ({ item: this.#indexed[item] as number, distance }));
  }

  #nearer(
    { view, as, near }: { view: ReadView; as: HashPair; near: readonly Match[] },
    best: KeeperMatch | null,
    category?: string | null,
  ): KeeperMatch | null {
    let nearest = best;
    for (const { item, distance } of near) {
      const found = this.#views.get(item);
      if (!found || (nearest && distance >= nearest.distance)) continue;
      if (category !== undefined && found.cluster.keeper.category !== category) continue;
      if (!confirms(view, found.view, this.thresholds, as)) continue;
      const kind = as.turn === 0 ? 'near' : mirrors(as.turn) ? 'flipped' : 'rotated';
      nearest = { cluster: found.cluster, kind, distance };
    }
    return nearest;
  }
}
