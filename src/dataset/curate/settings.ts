/** When a picture is doubted, and when a doubt is sure enough to drop it. Measured: docs/curation.md. */
export interface CurateThresholds {
  /** Where held-out accuracy has to stand between guessing (0) and being always right (1), as it is and if the wrong labels spoil it. */
  readonly leastSkill: { readonly now: number; readonly withoutWrong: number };
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
  leastSkill: { now: 0.3, withoutWrong: 0.5 },
  minMargin: 0.1,
  sureSuspicion: 0.5,
  minPictures: 15,
  maxDroppedShare: 0.5,
  minQueryPictures: 5,
  wrongQueryShare: 0.5,
});

/**
 * For texts the backbones have to know what they say: a right label that reads otherwise is common where irony and "not" are, and n-grams
 * that tell seven texts in ten doubt every fifth good one (docs/text.md).
 */
export const TEXT_CURATE: CurateThresholds = Object.freeze({
  ...DEFAULT_CURATE,
  leastSkill: { now: 0.6, withoutWrong: 0.6 },
});
