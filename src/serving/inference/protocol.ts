import type { HeatMap } from '../../../zoo/index.js';

/** What the service and its inference child say to one another. */

/** What became of one picture: a row of probabilities in the order of the labels, or why there is none. */
export type PictureAnswer =
  | { readonly kind: 'predicted'; readonly row: Float32Array; readonly sketch: Float32Array | null }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

/** Which package: by its content, so that a folder that was written anew is not taken for what it held before. */
export interface PackageRef {
  readonly folder: string;
  /** `contentDigest` of its manifest. */
  readonly digest: string;
}

export interface PredictAsk {
  readonly kind: 'predict';
  readonly from: PackageRef;
  /** Encoded, as they were sent. */
  readonly pictures: readonly Uint8Array[];
}

/** Opens a package before anybody asks for a prediction. */
export interface WarmAsk {
  readonly kind: 'warm';
  readonly from: PackageRef;
  /** Also lets it predict its golden pictures, as a package must that is to answer for an alias. */
  readonly prove: boolean;
}

/** Says where a picture speaks for a label. */
export interface ExplainAsk {
  readonly kind: 'explain';
  readonly from: PackageRef;
  readonly picture: Uint8Array;
  /** Null for the label that is predicted. */
  readonly label: string | null;
}

export type ExplainAnswer =
  | { readonly kind: 'explained'; readonly map: HeatMap; readonly png: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string };

export interface AskMap {
  explain: { ask: ExplainAsk; answer: ExplainAnswer };
  predict: { ask: PredictAsk; answer: PictureAnswer[] };
  warm: { ask: WarmAsk; answer: null };
}
export type Ask = AskMap[keyof AskMap]['ask'];

export interface InferenceSettings {
  /** Threads of the native runtime and of decoding; null means one a core. */
  readonly threads: number | null;
  /** Models kept open; the one unused for longest is closed first. */
  readonly modelsInMemory: number;
}

/** The first message is the settings; asks follow, in any number at once. */
export type ToChild =
  | { readonly type: 'settings'; readonly settings: InferenceSettings }
  | { readonly type: 'ask'; readonly id: number; readonly ask: Ask };

export type FromChild =
  | { readonly type: 'answer'; readonly id: number; readonly answer: unknown }
  | {
      readonly type: 'error';
      readonly id: number;
      /** True for what a person can do something about, such as a damaged package. */
      readonly expected: boolean;
      readonly message: string;
      readonly stack: string | null;
    };
