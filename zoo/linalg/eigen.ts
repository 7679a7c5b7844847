/** A symmetric matrix in its own axes, and vectors as they stand there. */
export interface Eigen {
  /** Eigenvalues, in no particular order. */
  readonly values: Float64Array;
  /** `U^T b`, row-major [size, cols]: row i belongs to `values[i]`. */
  readonly projected: Float64Array;
}

const EPSILON = 2 ** -52;
/** Far more than the one or two turns that an eigenvalue takes. */
const MOST_TURNS = 60;

/** Row-major [size, cols], changed in place along with the matrix. */
interface Vectors {
  readonly data: Float64Array;
  readonly cols: number;
}

/** `b <- (1 - 2 v v^T / v^T v) b` for a reflection that leaves the first rows as they are. */
function reflect({ data, cols }: Vectors, v: Float64Array, start: number, half: number): void {
  for (let c = 0; c < cols; c++) {
    let sum = 0;
    for (let i = start; i < v.length; i++) sum += (v[i] as number) * (data[i * cols + c] as number);
    sum /= half;
    for (let i = start; i < v.length; i++)
      data[i * cols + c] = (data[i * cols + c] as number) - sum * (v[i] as number);
  }
}

/** `a <- H a H` below and right of `start`, H the same reflection; the lower triangle alone is kept up. */
function reflectBothSides(a: Float64Array, v: Float64Array, start: number, half: number): void {
  const size = v.length;
  const p = new Float64Array(size);
  for (let i = start; i < size; i++) {
    const vi = v[i] as number;
    let sum = (a[i * size + i] as number) * vi;
    for (let j = start; j < i; j++) {
      const value = a[i * size + j] as number;
      sum += value * (v[j] as number);
      p[j] = (p[j] as number) + value * vi;
    }
    p[i] = (p[i] as number) + sum;
  }
  let inner = 0;
  for (let i = start; i < size; i++) {
    p[i] = (p[i] as number) / half;
    inner += (p[i] as number) * (v[i] as number);
  }
  for (let i = start; i < size; i++) p[i] = (p[i] as number) - (inner / (2 * half)) * (v[i] as number);
  for (let i = start; i < size; i++) {
    const [vi, pi] = [v[i] as number, p[i] as number];
    for (let j = start; j <= i; j++)
      a[i * size + j] = (a[i * size + j] as number) - vi * (p[j] as number) - pi * (v[j] as number);
  }
}

/** Reflections that leave a diagonal and one line beside it (Householder; Golub and Van Loan, Matrix Computations, 8.3.1). */
function tridiagonalise(a: Float64Array, size: number, b: Vectors): { d: Float64Array; e: Float64Array } {
  const e = new Float64Array(size);
  for (let k = 0; k < size - 1; k++) {
    const v = new Float64Array(size);
    let square = 0;
    for (let i = k + 1; i < size; i++) {
      v[i] = a[i * size + k] as number;
      square += (v[i] as number) ** 2;
    }
    const first = v[k + 1] as number;
    const length = Math.sqrt(square);
    e[k] = first > 0 ? -length : length;
    if (length === 0) continue;
    v[k + 1] = first - (e[k] as number);
    const half = square - first * (e[k] as number);
    reflectBothSides(a, v, k + 1, half);
    reflect(b, v, k + 1, half);
  }
  return { d: Float64Array.from({ length: size }, (_, i) => a[i * size + i] as number), e };
}

/** Turns rows i and i + 1 of the vectors. */
function turn({ data, cols }: Vectors, i: number, cosine: number, sine: number): void {
  for (let c = 0; c < cols; c++) {
    const [upper, lower] = [data[i * cols + c] as number, data[(i + 1) * cols + c] as number];
    data[(i + 1) * cols + c] = sine * upper + cosine * lower;
    data[i * cols + c] = cosine * upper - sine * lower;
  }
}

/** One sweep of the implicit QL method over rows `from` to `to`, with Wilkinson's shift (the same, 8.3.4). */
function sweep(d: Float64Array, e: Float64Array, [from, to]: readonly [number, number], b: Vectors): void {
  const gap = ((d[from + 1] as number) - (d[from] as number)) / (2 * (e[from] as number));
  const root = Math.hypot(gap, 1);
  let g = (d[to] as number) - (d[from] as number) + (e[from] as number) / (gap + (gap < 0 ? -root : root));
  let [sine, cosine, shift] = [1, 1, 0];
  for (let i = to - 1; i >= from; i--) {
    const f = sine * (e[i] as number);
    const h = cosine * (e[i] as number);
    const r = Math.hypot(f, g);
    e[i + 1] = r;
    if (r === 0) {
      d[i + 1] = (d[i + 1] as number) - shift;
      e[to] = 0;
      return;
    }
    [sine, cosine] = [f / r, g / r];
    g = (d[i + 1] as number) - shift;
    const rest = ((d[i] as number) - g) * sine + 2 * cosine * h;
    shift = sine * rest;
    d[i + 1] = g + shift;
    g = cosine * rest - h;
    turn(b, i, cosine, sine);
  }
  d[from] = (d[from] as number) - shift;
  e[from] = g;
  e[to] = 0;
}

/** The last row of the block that begins at `from`: after it the matrix falls apart. */
function endOfBlock(d: Float64Array, e: Float64Array, from: number): number {
  let to = from;
  while (to < d.length - 1) {
    const scale = Math.abs(d[to] as number) + Math.abs(d[to + 1] as number);
    if (Math.abs(e[to] as number) <= EPSILON * scale) break;
    to++;
  }
  return to;
}

/**
 * Eigenvalues of a symmetric matrix, and given vectors in its eigenvectors' axes. The eigenvectors themselves are never made: that
 * saves most of the work where a few vectors are asked about.
 *
 * @param lower row-major [size, size]; only its lower triangle is read
 * @param vectors row-major [size, cols]
 */
export function eigen(lower: Float64Array, size: number, vectors: Float64Array, cols: number): Eigen {
  const b = { data: Float64Array.from(vectors), cols };
  const { d, e } = tridiagonalise(Float64Array.from(lower), size, b);
  for (let from = 0; from < size; from++) {
    for (let turns = 0; ; turns++) {
      const to = endOfBlock(d, e, from);
      if (to === from) break;
      if (turns === MOST_TURNS)
        throw new RangeError('The eigenvalues were not found: the matrix has entries that are not finite.');
      sweep(d, e, [from, to], b);
    }
  }
  return { values: d, projected: b.data };
}
