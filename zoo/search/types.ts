import type { Tap } from '../graph/taps.js';
import type { HeadParams } from '../heads/head.js';
import type { Matrix } from '../matrix.js';
import type { Interval, Scores } from '../metrics/index.js';
import type { Cap } from './cap.js';
import type { TieRule } from './choose.js';
import type { Compute } from './threads/compute.js';

/** Features of all pictures at one tap of one backbone. */
export interface FeatureSet {
  /** Id of the backbone's card. */
  readonly backbone: string;
  readonly tap: Pick<Tap, 'id' | 'params' | 'flops' | 'bytes'> & Partial<Pick<Tap, 'channels'>>;
  /** Measured time a picture up to this tap, if known. */
  readonly latencyMs?: number | null;
  /** One row a picture, in the order of the labels; or how to load it, so that not all need be in memory at once. */
  readonly matrix: Loadable;
  /** What it is put together of, column by column; left out where it is one tap. */
  readonly parts?: readonly FeatureSet[];
  /** Features of the same pictures seen otherwise, row for row: heads learn from them too, and are scored and used without. */
  readonly more?: readonly Loadable[];
}

/** A matrix, or how to load it. */
export type Loadable = Matrix | (() => Promise<Matrix>);

/** Where a search stands. */
export interface SearchProgress {
  readonly stage: 'rank' | 'finalists';
  readonly done: number;
  readonly total: number;
}

/** The pictures of a search: what the split stage decided. */
export interface SearchData {
  readonly features: readonly FeatureSet[];
  /** Class of each picture, 0..classes-1. */
  readonly labels: Int32Array;
  readonly classes: number;
  /** Fold of each picture, 0..k-1; negative for test pictures (and any others that are not to be learnt from). */
  readonly folds: Int32Array;
  /** Group of each picture: copies share one. Where given, trained heads are scored over several deals into folds when pictures are few. */
  readonly groups?: readonly string[];
  /** For error messages. */
  readonly classNames?: readonly string[];
  readonly seed: number | string;
  readonly signal?: AbortSignal;
  /** Threads for what takes long; left out: none but this one. */
  readonly compute?: Compute;
}

export interface SearchRequest extends SearchData {
  /** Time after which no more is begun and what is being trained is left; one tap is scored in any case. `null`: no limit. */
  readonly budgetMs: number | null;
  /** Trials at most, ranking included; null or left out: no limit. */
  readonly maxTrials?: number | null;
  /** What the winner may cost: only what keeps to it gets trained heads. All taps are ranked, so that the price of the cap can be told. */
  readonly cap?: Cap;
  /** Features of a backbone with random weights, for the floor. */
  readonly randomFeatures?: readonly FeatureSet[];
  /** Whether the surest taps of the leading backbones are also read side by side; left out: no. */
  readonly joinTaps?: boolean;
  /** Ids of backbones that can be one network, in groups: the surest of each are also tried together. Left out: none are. */
  readonly ensembles?: readonly (readonly string[])[];
  /** How the winner will be chosen: ensembles that it would not take get no trained heads, which with so many features take long. */
  readonly rule?: TieRule;
  /**
   * Features of the same pictures seen otherwise, no backbones to be tried by themselves: those of views stand for their backbone in
   * `ensembles`; with those of looks (mirrored, the centre) the surest taps are also read as the mean over all looks, and learnt from.
   */
  readonly views?: readonly FeatureSet[];
  /** A clock in milliseconds. */
  readonly now: () => number;
  readonly onProgress?: (progress: SearchProgress) => void;
}

/** Score on the pictures outside the test part, each predicted by a model that was not trained on it. */
export interface Validation {
  readonly accuracy: number;
  /** Wilson, 95 %. */
  readonly interval: Interval;
  readonly count: number;
  /**
   * Mean cross-entropy of the same predictions after temperature scaling, in nats: less noisy than accuracy. Over all deals into folds
   * where there were several.
   */
  readonly logLoss: number;
  /** 1 where right, one entry a picture with a fold, in the order of the labels. */
  readonly correct: Uint8Array;
  /** Cross-entropy of each of these predictions, in nats; their mean is `logLoss`. */
  readonly losses: Float32Array;
}

export interface TrialCost {
  /** Weights of the head. */
  readonly trainableParams: number;
  /** Weights of the truncated backbone and the head. */
  readonly totalParams: number;
  /** Floating-point operations a picture of the truncated backbone: heads on the same tap are compared by their weights. */
  readonly flops: number;
  /** Those of the head. */
  readonly headFlops: number;
  readonly latencyMs: number | null;
  /** Size of the packaged file: truncated backbone and head. */
  readonly bytes: number;
}

/** One point of the search; immutable. `validation` is null unless the state is 'complete'. */
export interface Trial {
  readonly id: string;
  readonly backbone: string;
  readonly tap: string;
  readonly head: string;
  readonly params: HeadParams;
  /** 'pruned': not run, for lack of time or trials, say. For both of the latter see `reason`. */
  readonly state: 'complete' | 'pruned' | 'failed';
  readonly validation: Validation | null;
  readonly cost: TrialCost;
  readonly reason: string | null;
}

/** A score that any use of a pretrained network should beat. */
export interface Floor {
  /** `majority-class`: always the most frequent category. `random-weights`: a backbone whose weights were drawn at random. */
  readonly kind: 'majority-class' | 'random-weights';
  /** Of the best tap of random weights; null for the guess. */
  readonly backbone: string | null;
  readonly tap: string | null;
  readonly validation: Validation;
}

export interface SearchResult {
  /** Best first; failed and pruned ones last. */
  readonly trials: readonly Trial[];
  /** What needs no training at all; a backbone that does no better has learnt nothing that helps here. */
  readonly floor: readonly Floor[];
  /**
   * Logits of trained heads for the pictures with a fold, each by a head that was not trained on it: who selects among these trials need not
   * train on the folds again. Of the surest, as many as there was room for.
   */
  readonly heldOut: HeldOut;
}

/** Held-out logits by id of the trial: one row a picture with a fold, in the order of the labels. */
export type HeldOut = ReadonlyMap<string, Scores>;
