/** A straight line through points by least squares, with how sure its slope is. */
export interface Trend {
  /** Of y, for each thousand of x. */
  readonly perThousand: number;
  /** 95 % interval of `perThousand`, as if the points were independent. */
  readonly interval: readonly [number, number];
}

/** Of the normal distribution: with twenty points or more, that of Student differs in the second decimal. */
const TWO_SIDED_95 = 1.96;

/** The trend of y over x. @param points (x, y), three or more */
export function trend(points: readonly (readonly [number, number])[]): Trend {
  const count = points.length;
  const mean = (at: 0 | 1): number => points.reduce((sum, point) => sum + point[at], 0) / count;
  const [x, y] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
  const slope = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0) / spread;
  const rest = points.reduce((sum, [a, b]) => sum + (b - y - slope * (a - x)) ** 2, 0);
  const error = Math.sqrt(rest / Math.max(1, count - 2) / spread);
  const [low, high] = [-1, 1].map((side) => 1000 * (slope + side * TWO_SIDED_95 * error));
  return { perThousand: 1000 * slope, interval: [low ?? 0, high ?? 0] };
}
