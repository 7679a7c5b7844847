import {
  addGram,
  cholesky,
  copyOut,
  solveRows,
  withArena,
  type Arena,
  type Panel32,
  type Panel64,
} from '../linalg/index.js';
import type { Matrix } from '../matrix.js';

/** Rows that are left out together: side by side from `start`. */
export interface Group {
  start: number;
  size: number;
}

/** Sums over the rows of one group. */
interface Sums {
  /** `X^T X`, lower triangle, row-major [cols, cols]. */
  readonly gram: Float64Array;
  /** `Y^T X`, row-major [classes, cols]. */
  readonly cross: Float64Array;
  /** Of each column. */
  readonly total: Float64Array;
  /** Rows of each class. */
  readonly counts: Float64Array;
  readonly rows: number;
}

/** Rows by group, centred, and what each group adds up to. */
export interface FoldedRows {
  readonly x: Matrix;
  readonly groups: readonly Group[];
  readonly classes: number;
  readonly sums: readonly Sums[];
  readonly all: Sums;
  /** Mean squared length of a row. */
  readonly unit: number;
}

const aligned = (size: number): number => Math.ceil(size / 16) * 16;

/** Columns as rows, the rows of each group from a column that products can begin at. */
function transposeByGroup(arena: Arena, x: Matrix, groups: readonly Group[]): { xt: Panel32; at: number[] } {
  const at: number[] = [];
  let width = 0;
  for (const { size } of groups) {
    at.push(width);
    width += aligned(size);
  }
  const xt = arena.panel32(x.cols, width);
  const { data, stride } = xt;
  groups.forEach(({ start, size }, g) => {
    const to = at[g] as number;
    for (let i = 0; i < size; i++)
      for (let d = 0; d < x.cols; d++) data[d * stride + to + i] = x.data[(start + i) * x.cols + d] as number;
  });
  return { xt, at };
}

function sumRows(x: Matrix, y: Int32Array, { start, size }: Group, classes: number): Omit<Sums, 'gram'> {
  const { cols, data } = x;
  const cross = new Float64Array(classes * cols);
  const total = new Float64Array(cols);
  const counts = new Float64Array(classes);
  for (let i = start; i < start + size; i++) {
    const label = y[i] as number;
    counts[label] = (counts[label] as number) + 1;
    for (let d = 0; d < cols; d++) {
      const value = data[i * cols + d] as number;
      total[d] = (total[d] as number) + value;
      cross[label * cols + d] = (cross[label * cols + d] as number) + value;
    }
  }
  return { cross, total, counts, rows: size };
}

/**
 * @param x centred features, rows of a group side by side
 * @param y class of each row of `x`
 */
export function foldRows(x: Matrix, y: Int32Array, groups: readonly Group[], classes: number): FoldedRows {
  const sums = withArena((arena) => {
    const { xt, at } = transposeByGroup(arena, x, groups);
    return groups.map((group, g): Sums => {
      const gram = withArena((inner) => {
        const panel = inner.panel64(x.cols, x.cols);
        addGram(panel, xt, { from: at[g] as number, count: aligned(group.size) });
        return copyOut(panel);
      });
      return { gram, ...sumRows(x, y, group, classes) };
    });
  });
  const all = sumOf(sums);
  let trace = 0;
  for (let d = 0; d < x.cols; d++) trace += all.gram[d * x.cols + d] as number;
  return { x, groups, classes, sums, all, unit: trace / x.rows };
}

const combine = (a: readonly Sums[], of: (sums: Sums) => Float64Array, sign: 1 | -1): Float64Array => {
  const out = Float64Array.from(of(a[0] as Sums));
  for (const one of a.slice(1)) {
    const values = of(one);
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + sign * (values[i] as number);
  }
  return out;
};

/** The sums of several added up, or of the first less the others. */
function sumOf(all: readonly Sums[], sign: 1 | -1 = 1): Sums {
  const rows = all.slice(1).reduce((sum, one) => sum + sign * one.rows, (all[0] as Sums).rows);
  return {
    gram: combine(all, ({ gram }) => gram, sign),
    cross: combine(all, ({ cross }) => cross, sign),
    total: combine(all, ({ total }) => total, sign),
    counts: combine(all, ({ counts }) => counts, sign),
    rows,
  };
}

/** Factor of `gram + penalty I`, centred anew on its own rows. */
function factorOf(arena: Arena, { gram, total, rows }: Sums, penalty: number): Panel64 {
  const size = total.length;
  const panel = arena.panel64(size, size);
  const { data, stride } = panel;
  for (let i = 0; i < size; i++) {
    const shift = (total[i] as number) / rows;
    for (let j = 0; j <= i; j++)
      data[i * stride + j] = (gram[i * size + j] as number) - shift * (total[j] as number);
    data[i * stride + i] = (data[i * stride + i] as number) + penalty;
  }
  cholesky(panel);
  return panel;
}

/** Weights of the ridge fit to some rows, row-major [classes, cols]. */
function weightsOf(sums: Sums, penalty: number): Float64Array {
  const { cross, total, counts, rows } = sums;
  const cols = total.length;
  return withArena((arena) => {
    const factor = factorOf(arena, sums, penalty);
    const right = arena.panel64(counts.length, cols);
    const { data, stride } = right;
    for (let c = 0; c < counts.length; c++) {
      const share = (counts[c] as number) / rows;
      for (let d = 0; d < cols; d++)
        data[c * stride + d] = (cross[c * cols + d] as number) - share * (total[d] as number);
    }
    solveRows(right, factor);
    return copyOut(right);
  });
}

/** Writes the scores of one group's rows by the fit to all others. */
function scoreGroup(folded: FoldedRows, g: number, penalty: number, out: Float64Array): void {
  const { x, classes, sums, all, groups } = folded;
  const rest = sumOf([all, sums[g] as Sums], -1);
  const weights = weightsOf(rest, penalty);
  const { start, size } = groups[g] as Group;
  for (let c = 0; c < classes; c++) {
    const own = weights.subarray(c * x.cols, (c + 1) * x.cols);
    let shift = 0;
    for (let d = 0; d < x.cols; d++) shift += (rest.total[d] as number) * (own[d] as number);
    const base = ((rest.counts[c] as number) - shift) / rest.rows;
    for (let i = start; i < start + size; i++) {
      let sum = base;
      for (let d = 0; d < x.cols; d++) sum += (x.data[i * x.cols + d] as number) * (own[d] as number);
      out[i * classes + c] = sum;
    }
  }
}

/**
 * Scores of every row by the ridge fit to the rows of all other groups, row-major [rows, classes]: one small system a group, its normal equations
 * by taking the group's own sums from those of all. The way for narrow features and few groups.
 *
 * @param penalty as it stands on the diagonal
 */
export function scoreByFold(folded: FoldedRows, penalty: number): Float64Array {
  const out = new Float64Array(folded.x.rows * folded.classes);
  folded.groups.forEach((_, g) => scoreGroup(folded, g, penalty, out));
  return out;
}
