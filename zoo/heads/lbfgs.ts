/** Value and gradient of an objective at one point. */
export interface Evaluation {
  value: number;
  gradient: Float64Array;
}

export interface LbfgsOptions {
  maxIterations: number;
  /** Stop when the largest element of the gradient is below this. */
  tolerance: number;
}

interface Pair {
  step: Float64Array;
  change: Float64Array;
  /** 1 / (step . change) */
  rho: number;
}

const MEMORY = 6;
const SUFFICIENT_DECREASE = 1e-4;
const MAX_HALVINGS = 12;

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function addScaled(target: Float64Array, factor: number, source: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (source[i] as number);
}

/** The two-loop recursion: minus an estimate of the inverse Hessian times the gradient. */
function direction(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const out = gradient.map((value) => -value);
  const last = pairs.at(-1);
  if (last === undefined) {
    const length = Math.sqrt(dot(gradient, gradient));
    return out.map((value) => value / Math.max(1, length));
  }
  const weights: number[] = [];
  for (const pair of pairs.toReversed()) {
    const weight = pair.rho * dot(pair.step, out);
    weights.push(weight);
    addScaled(out, -weight, pair.change);
  }
  const scale = 1 / (last.rho * dot(last.change, last.change));
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * scale;
  pairs.forEach((pair, index) => {
    const weight = weights[pairs.length - 1 - index] as number;
    addScaled(out, weight - pair.rho * dot(pair.change, out), pair.step);
  });
  return out;
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  const out = a.slice();
  addScaled(out, -1, b);
  return out;
}

function remember(pairs: Pair[], step: Float64Array, change: Float64Array): void {
  const curvature = dot(step, change);
  if (curvature <= 1e-12 * dot(change, change)) return;
  pairs.push({ step, change, rho: 1 / curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

const largest = (values: Float64Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

/**
 * Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) with backtracking. A generator, so
 * that several problems can be driven side by side: it yields a point and is sent the objective there; it returns the best point.
 */
export function* lbfgs(
  start: Float64Array,
  { maxIterations, tolerance }: LbfgsOptions,
): Generator<Float64Array, Float64Array, Evaluation> {
  const pairs: Pair[] = [];
  let point = start;
  let here = yield point;
  for (let iteration = 0; iteration < maxIterations && largest(here.gradient) > tolerance; iteration++) {
    const along = direction(here.gradient, pairs);
    const slope = dot(along, here.gradient);
    let size = 1;
    let next = point;
    let there: Evaluation | null = null;
    for (let halving = 0; halving <= MAX_HALVINGS && there === null; halving++, size /= 2) {
      next = point.slice();
      addScaled(next, size, along);
      const tried = yield next;
      if (tried.value <= here.value + SUFFICIENT_DECREASE * size * slope) there = tried;
    }
    if (there === null) return point;
    remember(pairs, difference(next, point), difference(there.gradient, here.gradient));
    point = next;
    here = there;
  }
  return point;
}
