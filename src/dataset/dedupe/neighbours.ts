/** Feature vectors, one after the other: vector i is `data[i * cols .. (i + 1) * cols)`. */
export interface Vectors {
  readonly rows: number;
  readonly cols: number;
  readonly data: Float32Array;
}

/** A vector near another one; cosine 1 = same direction. */
export interface Neighbour {
  readonly row: number;
  readonly cosine: number;
}

/** A channel that hardly varies must not be blown up into noise. */
const MIN_DEVIATION = 1e-3;

/**
 * Each channel with mean 0 and deviation 1 over all rows, then each row with length 1: without it all pictures are alike, since
 * every channel of a network has a level of its own.
 */
export function standardise({ rows, cols, data }: Vectors): Vectors {
  const mean = new Float64Array(cols);
  const square = new Float64Array(cols);
  data.forEach((value, i) => {
    mean[i % cols] = (mean[i % cols] as number) + value / rows;
    square[i % cols] = (square[i % cols] as number) + (value * value) / rows;
  });
  const deviation = square.map((value, c) =>
    Math.max(Math.sqrt(Math.max(0, value - (mean[c] as number) ** 2)), MIN_DEVIATION),
  );
  const out = data.map((value, i) => (value - (mean[i % cols] as number)) / (deviation[i % cols] as number));
  for (let row = 0; row < rows; row++) toUnitLength(out.subarray(row * cols, (row + 1) * cols));
  return { rows, cols, data: out };
}

function toUnitLength(vector: Float32Array): void {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0)) || 1;
  vector.forEach((value, i) => (vector[i] = value / length));
}

/** Rows of several vectors side by side, scaled so that cosines are the mean of the parts'. */
export function sideBySide(parts: readonly Vectors[]): Vectors {
  const cols = parts.reduce((sum, part) => sum + part.cols, 0);
  const rows = parts[0]?.rows ?? 0;
  const scale = 1 / Math.sqrt(parts.length);
  const data = new Float32Array(rows * cols);
  let at = 0;
  for (const part of parts) {
    for (let i = 0; i < part.data.length; i++)
      data[Math.floor(i / part.cols) * cols + at + (i % part.cols)] = (part.data[i] as number) * scale;
    at += part.cols;
  }
  return { rows, cols, data };
}

function dot({ cols, data }: Vectors, a: number, b: number): number {
  let sum = 0;
  for (let i = a * cols, j = b * cols, end = i + cols; i < end; i++, j++)
    sum += (data[i] as number) * (data[j] as number);
  return sum;
}

/** The best few seen so far. */
class Best {
  readonly list: Neighbour[] = [];
  constructor(readonly count: number) {}

  offer(row: number, cosine: number): void {
    if (this.list.length === this.count && cosine <= (this.list.at(-1)?.cosine ?? -1)) return;
    const at = this.list.findIndex((other) => cosine > other.cosine);
    this.list.splice(at < 0 ? this.list.length : at, 0, { row, cosine });
    if (this.list.length > this.count) this.list.pop();
  }
}

/** Up to here every pair is compared: 8000 vectors of 256 numbers take about ten seconds. */
const ALL_PAIRS_ROWS = 8000;
/** Beyond it, a row is compared with those that share one of its nearest pivots. */
const NEAREST_PIVOTS = 4;

/**
 * The nearest rows of every row, of those at least `minCosine` near, nearest first. All pairs for up to 8000 rows. Beyond, rows
 * are sorted under pivots (2 sqrt(n) rows, evenly spread), each under its 4 nearest, and only those that share one are compared:
 * copies are far nearer to one another than to anything else, so they share one nearly always, and work grows as n^1.5.
 * @param vectors of length 1
 */
export function nearestNeighbours(vectors: Vectors, count: number, minCosine: number): Neighbour[][] {
  const best = Array.from({ length: vectors.rows }, () => new Best(count));
  const compare = (a: number, b: number): void => {
    const cosine = dot(vectors, a, b);
    if (cosine < minCosine) return;
    best[a]?.offer(b, cosine);
    best[b]?.offer(a, cosine);
  };
  if (vectors.rows <= ALL_PAIRS_ROWS) allPairs(vectors.rows, compare);
  else pivotPairs(vectors, compare);
  return best.map(({ list }) => list);
}

function allPairs(rows: number, compare: (a: number, b: number) => void): void {
  for (let a = 0; a < rows; a++) for (let b = a + 1; b < rows; b++) compare(a, b);
}

function pivotPairs(vectors: Vectors, compare: (a: number, b: number) => void): void {
  const { rows } = vectors;
  const pivots = Math.ceil(2 * Math.sqrt(rows));
  const under: number[][] = Array.from({ length: pivots }, () => []);
  const pivotsOf = Array.from({ length: rows }, (_, row) => {
    const nearest = new Best(NEAREST_PIVOTS);
    for (let p = 0; p < pivots; p++) nearest.offer(p, dot(vectors, row, Math.floor((p * rows) / pivots)));
    return nearest.list.map((pivot) => pivot.row);
  });
  pivotsOf.forEach((own, row) => {
    const seen = new Set<number>();
    for (const pivot of own) for (const other of under[pivot] ?? []) seen.add(other);
    for (const other of seen) compare(row, other);
    for (const pivot of own) under[pivot]?.push(row);
  });
}
