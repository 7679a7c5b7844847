import type { Rng } from '../rng.js';

/**
 * odds(n) = floor + scale * n ^ -exponent, where odds are wrong answers a right one, error / (1 - error); floor and scale not
 * negative. Where errors are few, odds and errors are the same and this is the usual power law. Where they are many, the error
 * is held back by its being one at most, and a law in the error is misled by its smallest subsets: measured on the set `trash`
 * (docs/diagnosis.md), it foretold 3.3 points too little, the law in the odds 0.5.
 */
export interface PowerLaw {
  readonly floor: number;
  readonly scale: number;
  readonly exponent: number;
}

/** A mean error at a size, with the variance of its own noise. */
export interface ErrorPoint {
  readonly size: number;
  readonly error: number;
  readonly variance: number;
}

/**
 * Exponents that are tried: up to a half, which is what the theory of linear models on noisy labels gives (Viering and Loog,
 * "The Shape of Learning Curves", TPAMI 2023). Steeper laws end in an early floor and foretold too little on `trash`. Few points
 * cannot tell neighbouring exponents apart, so they are averaged over, not chosen.
 */
export const EXPONENTS = [0.25, 0.35, 0.5] as const;

/** Beyond, odds are too large to weigh anything. */
const MOST_ERROR = 0.98;

const oddsOf = (error: number): number => Math.min(error, MOST_ERROR) / (1 - Math.min(error, MOST_ERROR));

export function errorAt({ floor, scale, exponent }: PowerLaw, size: number): number {
  const odds = floor + scale * size ** -exponent;
  return odds / (1 + odds);
}

/** Sizes at which the error has fallen to `target`; infinite when it never does. */
export function sizeFor({ floor, scale, exponent }: PowerLaw, target: number): number {
  const odds = oddsOf(target);
  if (odds <= floor || scale === 0) return Infinity;
  return ((odds - floor) / scale) ** (-1 / exponent);
}

/** Weighted least squares for one exponent, with both coefficients kept from being negative. */
export function fitExponent(points: readonly ErrorPoint[], exponent: number): PowerLaw {
  let [w, x, xx, e, xe] = [0, 0, 0, 0, 0];
  for (const point of points) {
    const { size } = point;
    const error = oddsOf(point.error);
    // The variance of the odds, by their derivative: 1 / (1 - error) ^ 2 = (1 + odds) ^ 2.
    const weight = 1 / (point.variance * (1 + error) ** 4);
    const term = size ** -exponent;
    w += weight;
    x += weight * term;
    xx += weight * term * term;
    e += weight * error;
    xe += weight * term * error;
  }
  const determinant = w * xx - x * x;
  const scale = (w * xe - x * e) / determinant;
  const floor = (xx * e - x * xe) / determinant;
  if (scale < 0) return { floor: e / w, scale: 0, exponent };
  if (floor < 0) return { floor: 0, scale: xe / xx, exponent };
  return { floor, scale, exponent };
}

function misfit(law: PowerLaw, points: readonly ErrorPoint[]): number {
  return points.reduce(
    (sum, { size, error, variance }) => sum + (errorAt(law, size) - error) ** 2 / variance,
    0,
  );
}

/** Laws for every exponent, with their likelihoods. */
function weigh(points: readonly ErrorPoint[]): { law: PowerLaw; weight: number }[] {
  const laws = EXPONENTS.map((exponent) => fitExponent(points, exponent));
  const misfits = laws.map((law) => misfit(law, points));
  const least = Math.min(...misfits);
  return laws.map((law, i) => ({ law, weight: Math.exp((least - (misfits[i] as number)) / 2) }));
}

/** The most likely law. */
export function fitPowerLaw(points: readonly ErrorPoint[]): PowerLaw {
  return weigh(points).reduce((best, other) => (other.weight > best.weight ? other : best)).law;
}

/** One of the laws, as often as it is likely. */
export function samplePowerLaw(points: readonly ErrorPoint[], rng: Rng): PowerLaw {
  const weighed = weigh(points);
  let left = rng.next() * weighed.reduce((sum, { weight }) => sum + weight, 0);
  for (const { law, weight } of weighed) if ((left -= weight) <= 0) return law;
  return (weighed.at(-1) as { law: PowerLaw }).law;
}
