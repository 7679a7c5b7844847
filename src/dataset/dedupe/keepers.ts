import { mirrors } from '../inspect/turns.js';
import { confirms, type HashPair, type ReadView, readView } from './compare.js';
import type { DedupeItem, DuplicateKind, GroupMember } from './group-duplicates.js';
import { HammingIndex } from './hamming-index.js';
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

/** The views of a picture that duplicates are found by: the whole, and what is inside its border. */
export function readViews(item: DedupeItem): ReadView[] {
  const views = item.inner ? [item, item.inner] : [item];
  return views.map((view) => readView(view, item.flatShare));
}

/** The keepers so far, searchable by hash. Every upright view of a keeper is an entry; turned ones are only asked for. */
export class Keepers {
  readonly #index: HammingIndex;
  readonly #views: { readonly cluster: Cluster; readonly view: ReadView }[] = [];

  constructor(readonly thresholds: DuplicateThresholds) {
    this.#index = new HammingIndex(thresholds.maxPhashDistance);
  }

  add(cluster: Cluster, views: readonly ReadView[]): void {
    for (const view of views) {
      this.#index.add(view.phash);
      this.#views.push({ cluster, view: { ...view, turned: [] } });
    }
  }

  /**
   * The keeper that is nearest to any of the views and confirmed; the earlier one when two are as near. Mirrored and turned
   * copies count only where no upright one is found, and only inside one category: a left arrow is not a right arrow, and
   * which of two labels is wrong cannot be told from that.
   */
  nearest(views: readonly ReadView[], category: string | null): KeeperMatch | null {
    let best: KeeperMatch | null = null;
    for (const view of views) best = this.#nearer(view, view, best);
    if (best) return best;
    for (const view of views)
      for (const turned of view.turned) best = this.#nearer(view, turned, best, category);
    return best;
  }

  #nearer(
    view: ReadView,
    as: HashPair,
    best: KeeperMatch | null,
    category?: string | null,
  ): KeeperMatch | null {
    let nearest = best;
    const { maxPhashDistance, maxTurnedDistance } = this.thresholds;
    const radius = as.turn === 0 ? maxPhashDistance : maxTurnedDistance;
    for (const { item, distance } of this.#index.query(as.phash, radius)) {
      const found = this.#views[item];
      if (!found || (nearest && distance >= nearest.distance)) continue;
      if (category !== undefined && found.cluster.keeper.category !== category) continue;
      if (!confirms(view, found.view, this.thresholds, as)) continue;
      const kind = as.turn === 0 ? 'near' : mirrors(as.turn) ? 'flipped' : 'rotated';
      nearest = { cluster: found.cluster, kind, distance };
    }
    return nearest;
  }
}
