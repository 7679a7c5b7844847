import { argmaxRows, type Scores } from './calibration.js';

/** From which confidence on an answer is worth giving. */
export interface UnknownThreshold {
  /** The least calibrated confidence of an answer; below it, say "unknown". Null: too few predictions to say. */
  readonly below: number | null;
  /** Share of the right predictions that fall below it. */
  readonly rightBelow: number;
  /** Share of the wrong predictions that fall below it: what is gained. */
  readonly wrongBelow: number;
}

/** Share of the right answers that may be given up: true positive rate 95 %, the convention of the field. */
export const UNKNOWN_RATE = 0.05;

const share = (values: readonly number[], below: number): number =>
  values.length === 0 ? 0 : values.filter((value) => value < below).length / values.length;

/**
 * The confidence under which the answer should be "unknown": maximum softmax probability (Hendrycks and Gimpel, ICLR 2017), at the
 * threshold that lets one in twenty right answers go. It is the k-th smallest confidence of the right held-out predictions with
 * k = floor(rate (n + 1)), so that on further pictures of the same kind a right answer falls below it with a probability of at most
 * `rate` (split conformal prediction: Vovk, Gammerman and Shafer, 2005). No picture of something else is needed to set it.
 *
 * @param probabilities calibrated, of pictures that the model was not trained on
 */
export function unknownThreshold(
  probabilities: Scores,
  labels: ArrayLike<number>,
  rate = UNKNOWN_RATE,
): UnknownThreshold {
  const { classes, data } = probabilities;
  const confidences: Record<'right' | 'wrong', number[]> = { right: [], wrong: [] };
  argmaxRows(probabilities).forEach((best, row) => {
    const kind = best === labels[row] ? 'right' : 'wrong';
    confidences[kind].push(data[row * classes + best] as number);
  });
  const right = confidences.right.sort((a, b) => a - b);
  const below = right[Math.floor(rate * (right.length + 1)) - 1];
  if (below === undefined) return { below: null, rightBelow: 0, wrongBelow: 0 };
  return { below, rightBelow: share(right, below), wrongBelow: share(confidences.wrong, below) };
}
