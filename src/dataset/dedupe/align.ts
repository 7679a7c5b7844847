import { solveSymmetric } from './solve.js';

/** A square grey picture, row by row, any level. */
export interface Square {
  readonly side: number;
  readonly data: Float32Array;
}

/**
 * How one picture lies in another: point (x, y) of the first is at (a x + b y + c, d x + e y + f) of the second, both from -1 to 1
 * over the whole picture.
 */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** Two pictures laid over one another. */
export interface Alignment {
  readonly affine: Affine;
  /** Zero-mean normalised correlation of the part that both show, -1..1. */
  readonly correlation: number;
  /** Share of the first picture that lies inside the second. */
  readonly overlap: number;
}

export const IDENTITY: Affine = [1, 0, 0, 0, 1, 0];
const PARAMETERS = 6;

/** Sums over the part that both pictures show, for one step. */
interface Step {
  readonly alignment: Alignment;
  /** What to add to the affine; null when the step cannot be computed (nothing in common, or a flat picture). */
  readonly change: Float64Array | null;
}

/** Value and gradient of the second picture at a point, into `out`; false outside. */
function sample({ side, data }: Square, x: number, y: number, out: Float64Array): boolean {
  const px = ((x + 1) * side - 1) / 2;
  const py = ((y + 1) * side - 1) / 2;
  const [column, row] = [Math.floor(px), Math.floor(py)];
  if (column < 0 || row < 0 || column >= side - 1 || row >= side - 1) return false;
  const [fx, fy] = [px - column, py - row];
  const at = row * side + column;
  const [a, b] = [data[at] as number, data[at + 1] as number];
  const [c, d] = [data[at + side] as number, data[at + side + 1] as number];
  const [top, bottom] = [a + fx * (b - a), c + fx * (d - c)];
  out[0] = top + fy * (bottom - top);
  out[1] = ((b - a) * (1 - fy) + (d - c) * fy) * (side / 2);
  out[2] = (bottom - top) * (side / 2);
  return true;
}

/** A pixel that both show gives a row: level of the first, level of the second, then the six derivatives of the second. */
const ROW = 2 + PARAMETERS;

/** Sums of the columns and of the products of two columns, over the pixels that both pictures show. */
class Sums {
  count = 0;
  readonly #sums = new Float64Array(ROW);
  readonly #products = new Float64Array(ROW * ROW);

  add(row: Float64Array): void {
    const [sums, products] = [this.#sums, this.#products];
    this.count++;
    for (let i = 0; i < ROW; i++) {
      const value = row[i] as number;
      sums[i] = (sums[i] as number) + value;
      for (let j = i; j < ROW; j++)
        products[i * ROW + j] = (products[i * ROW + j] as number) + value * (row[j] as number);
    }
  }

  /** Sum of the products of two columns, i <= j, each with its mean taken away. */
  covariance(i: number, j: number): number {
    const [a, b] = [this.#sums[i] as number, this.#sums[j] as number];
    return (this.#products[i * ROW + j] as number) - (a * b) / this.count;
  }
}

function gather(first: Square, second: Square, affine: Affine): Sums {
  const { side, data } = first;
  const [a, b, c, d, e, f] = affine;
  const taken = new Float64Array(3);
  const row = new Float64Array(ROW);
  const sums = new Sums();
  for (let i = 0; i < data.length; i++) {
    const x = (2 * (i % side) + 1) / side - 1;
    const y = (2 * Math.floor(i / side) + 1) / side - 1;
    if (!sample(second, a * x + b * y + c, d * x + e * y + f, taken)) continue;
    const [gx, gy] = [taken[1] as number, taken[2] as number];
    row[0] = data[i] as number;
    row[1] = taken[0] as number;
    row[2] = gx * x;
    row[3] = gx * y;
    row[4] = gx;
    row[5] = gy * x;
    row[6] = gy * y;
    row[7] = gy;
    sums.add(row);
  }
  return sums;
}

const dot = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

/** The step of Evangelidis and Psarakis 2008, "Parametric image alignment using enhanced correlation coefficient", equation 17. */
function change(sums: Sums): Float64Array | null {
  const at = (i: number, j: number): number => sums.covariance(i, j);
  const hessian = Float64Array.from({ length: PARAMETERS * PARAMETERS }, (_, k) => {
    const [i, j] = [Math.floor(k / PARAMETERS), k % PARAMETERS];
    return at(2 + Math.min(i, j), 2 + Math.max(i, j));
  });
  const onFirst = Float64Array.from({ length: PARAMETERS }, (_, i) => at(0, 2 + i));
  const onSecond = Float64Array.from({ length: PARAMETERS }, (_, i) => at(1, 2 + i));
  const solved = solveSymmetric(hessian, [onFirst, onSecond]);
  const [first, second] = solved ?? [];
  if (!first || !second) return null;
  const numerator = at(1, 1) - dot(onSecond, second);
  const denominator = at(0, 1) - dot(onFirst, second);
  // Where the denominator is not positive, the paper's second case: the smallest gain for which the step points uphill.
  const gain = denominator > 0 ? numerator / denominator : Math.sqrt(at(1, 1) / Math.max(at(0, 0), 1e-9));
  return first.map((value, i) => gain * value - (second[i] as number));
}

const MIN_PIXELS = 24;

function step(first: Square, second: Square, affine: Affine): Step {
  const sums = gather(first, second, affine);
  const overlap = sums.count / first.data.length;
  if (sums.count < MIN_PIXELS) return { alignment: { affine, correlation: -1, overlap }, change: null };
  const spread = Math.sqrt(Math.max(0, sums.covariance(0, 0) * sums.covariance(1, 1)));
  if (spread < 1e-6) return { alignment: { affine, correlation: 0, overlap }, change: null };
  return {
    alignment: { affine, correlation: sums.covariance(0, 1) / spread, overlap },
    change: change(sums),
  };
}

const moved = (affine: Affine, by: Float64Array): Affine =>
  affine.map((value, i) => value + (by[i] ?? 0)) as unknown as Affine;

/** Smaller changes than this (about a sixteenth of a pixel of 64) no longer matter. */
const SETTLED = 0.002;

/** Lays the first picture over the second as well as an affine map can, from a guess on; the best of all steps is returned. */
export function refine(first: Square, second: Square, guess: Affine, maxSteps: number): Alignment {
  let current = step(first, second, guess);
  let best = current.alignment;
  for (let i = 0; i < maxSteps && current.change; i++) {
    const by = current.change;
    if (!by.every(Number.isFinite)) break;
    current = step(first, second, moved(current.alignment.affine, by));
    if (current.alignment.correlation > best.correlation) best = current.alignment;
    if (by.every((value) => Math.abs(value) < SETTLED)) break;
  }
  return best;
}

/** The square at half its side, each pixel the mean of four. */
export function halved({ side, data }: Square): Square {
  const half = side / 2;
  const out = Float32Array.from({ length: half * half }, (_, i) => {
    const at = 2 * Math.floor(i / half) * side + 2 * (i % half);
    return (
      ((data[at] as number) +
        (data[at + 1] as number) +
        (data[at + side] as number) +
        (data[at + side + 1] as number)) /
      4
    );
  });
  return { side: half, data: out };
}

/** Blocks whose levels vary less than this in both pictures show nothing to compare, as a wall or a clear sky does. */
const MIN_BLOCK_DEVIATION = 3;
const BLOCK = 8;

/**
 * How well two pictures agree in detail once they are aligned: for each block of 8 x 8 pixels that shows anything, the correlation
 * of the two. Correlation of the whole says little where a picture is one soft gradient; in blocks a gradient shows no detail,
 * and a caption spoils only those it covers.
 * @returns the correlations, one a block that both pictures cover and at least one shows something in
 */
export function blockCorrelations(first: Square, second: Square, affine: Affine): number[] {
  const { side, data } = first;
  const [a, b, c, d, e, f] = affine;
  const taken = new Float64Array(3);
  const found: number[] = [];
  for (let block = 0; block < (side / BLOCK) ** 2; block++) {
    const left = (block % (side / BLOCK)) * BLOCK;
    const top = Math.floor(block / (side / BLOCK)) * BLOCK;
    const pairs: [number, number][] = [];
    for (let i = 0; i < BLOCK * BLOCK; i++) {
      const [column, row] = [left + (i % BLOCK), top + Math.floor(i / BLOCK)];
      const [x, y] = [(2 * column + 1) / side - 1, (2 * row + 1) / side - 1];
      if (sample(second, a * x + b * y + c, d * x + e * y + f, taken))
        pairs.push([data[row * side + column] as number, taken[0] as number]);
    }
    const correlation = pairs.length < (BLOCK * BLOCK) / 2 ? null : correlationOf(pairs);
    if (correlation !== null) found.push(correlation);
  }
  return found;
}

/** Of a block's pairs of levels; null when neither picture shows anything in it. */
function correlationOf(pairs: readonly (readonly [number, number])[]): number | null {
  const count = pairs.length;
  const meanA = pairs.reduce((sum, [a]) => sum + a, 0) / count;
  const meanB = pairs.reduce((sum, [, b]) => sum + b, 0) / count;
  let [aa, bb, ab] = [0, 0, 0];
  for (const [a, b] of pairs) {
    aa += (a - meanA) ** 2;
    bb += (b - meanB) ** 2;
    ab += (a - meanA) * (b - meanB);
  }
  const floor = MIN_BLOCK_DEVIATION ** 2 * count;
  if (Math.max(aa, bb) < floor) return null;
  return ab / Math.sqrt(Math.max(aa, floor / 4) * Math.max(bb, floor / 4));
}
