import { earlierNeighbours, type NeighbourLists } from './earlier-neighbours.js';
import type { DedupeItem } from './group-duplicates.js';
import type { Hash64 } from './hash64.js';
import type { Match } from './hamming-index.js';
import { readViews } from './keepers.js';
import type { DuplicateThresholds } from './settings.js';

/** Hashes of a number that is not known beforehand. */
class HashList {
  #halves = new Uint32Array(2048);
  size = 0;

  push({ high, low }: Hash64): void {
    if (2 * this.size === this.#halves.length) {
      const grown = new Uint32Array(4 * this.size);
      grown.set(this.#halves);
      this.#halves = grown;
    }
    this.#halves[2 * this.size] = high;
    this.#halves[2 * this.size++ + 1] = low;
  }

  done(): Uint32Array {
    return this.#halves.subarray(0, 2 * this.size);
  }
}

/** Which views of earlier pictures have nearly the same DCT hash as each view of a picture, upright or turned; all found in one go. */
export interface EarlierViews {
  /** Number of the first view of the picture at this place; its other views follow. */
  firstView(place: number): number;
  /**
   * Earlier views near one, by number.
   * @param turned null: as it is; otherwise the place among its turned forms
   * @returns null where there are too many to be listed
   */
  near(view: number, turned: number | null): Match[] | null;
}

/** @param items in the order of preference */
export function findEarlierViews(
  items: readonly DedupeItem[],
  thresholds: DuplicateThresholds,
): EarlierViews {
  const [upright, turned] = [new HashList(), new HashList()];
  const firstViews = new Uint32Array(items.length);
  const [before, turnedBefore, firstTurned]: number[][] = [[], [], []];
  items.forEach((item, place) => {
    const first = (firstViews[place] = upright.size);
    for (const view of readViews(item)) {
      firstTurned?.push(turned.size);
      before?.push(first);
      upright.push(view.phash);
      for (const { phash } of view.turned) {
        turnedBefore?.push(first);
        turned.push(phash);
      }
    }
  });
  const hashes = upright.done();
  const find = (queries: Uint32Array, limits: number[] | undefined, radius: number): NeighbourLists =>
    earlierNeighbours({ hashes, queries, before: Uint32Array.from(limits ?? []), radius });
  const ofUpright = find(hashes, before, thresholds.maxPhashDistance);
  const ofTurned = find(turned.done(), turnedBefore, thresholds.maxTurnedDistance);
  return {
    firstView: (place) => firstViews[place] as number,
    near: (view, turn) =>
      turn === null ? ofUpright.of(view) : ofTurned.of((firstTurned?.[view] as number) + turn),
  };
}
