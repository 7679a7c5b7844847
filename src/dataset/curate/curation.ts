/** What a person may decide about a picture: it stays where it is, goes, or belongs to another category. */
export const DECISION_ACTIONS = ['keep', 'drop', 'move'] as const;
export type DecisionAction = (typeof DECISION_ACTIONS)[number];

/** Why the curate stage drops a picture. */
export type CurateReason = 'outlier' | 'likely-mislabelled' | 'excluded-by-user';

/**
 * What duplicates would have done to the validation accuracy: the same pictures and model, copies kept together and copies
 * dealt out at random.
 */
export interface LeakDelta {
  /** Copies in one fold. */
  readonly grouped: number;
  /** Copies wherever chance puts them. */
  readonly ungrouped: number;
  /** `ungrouped - grouped`: how much too high the accuracy would look. */
  readonly delta: number;
  /** Pictures it was computed on, and how many of them are copies. */
  readonly pictures: number;
  readonly copies: number;
}

/** A query whose pictures are mostly wrong. */
export interface WrongQuery {
  readonly category: string;
  readonly provider: string;
  readonly query: string;
  readonly pictures: number;
  readonly wrong: number;
}
