/** When a picture is doubted, and when a doubt is sure enough to drop it. Measured: docs/curation.md. */
export interface CurateThresholds {
  /** Least lead of another class over the picture's own, in held-out ridge scores, for a picture to be doubted at all. */
  readonly minMargin: number;
  /** Suspicion (a lower bound, not a probability) from which a doubt is sure. */
  readonly sureSuspicion: number;
  /** A category with fewer pictures than this loses none. */
  readonly minPictures: number;
  /** Largest share of a category that may be dropped: when more looks wrong, a person has to look. */
  readonly maxDroppedShare: number;
  /** A query is named when it gave at least this many pictures... */
  readonly minQueryPictures: number;
  /** ...and at least this share of them is dropped, doubted or moved away. */
  readonly wrongQueryShare: number;
}

export const DEFAULT_CURATE: CurateThresholds = Object.freeze({
  minMargin: 0.1,
  sureSuspicion: 0.5,
  minPictures: 15,
  maxDroppedShare: 0.5,
  minQueryPictures: 5,
  wrongQueryShare: 0.5,
});
