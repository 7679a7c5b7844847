/** Lower and upper bound, both shares in 0..1. */
export type Interval = [number, number];

/** Share of predictions that equal the labels; 0 for none at all. */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  if (labels.length === 0) return 0;
  let correct = 0;
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) correct++;
  return correct / labels.length;
}

/**
 * Wilson score interval of a proportion (E. B. Wilson, JASA 22, 1927): honest for small counts and near 0 or 1.
 *
 * @param z 1.96 for 95 %
 * @returns [0, 1] when `count` is 0
 */
export function wilson(correct: number, count: number, z = 1.96): Interval {
  if (count === 0) return [0, 1];
  const share = correct / count;
  const spread = 1 + (z * z) / count;
  const centre = (share + (z * z) / (2 * count)) / spread;
  const half = (z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count))) / spread;
  // At the ends the bound is the end itself; rounding would miss it by a hair.
  return [correct === 0 ? 0 : Math.max(0, centre - half), correct === count ? 1 : Math.min(1, centre + half)];
}
