import { BLOCK, withArena, type Arena, type Panel32, type Panel64 } from './arena.js';
import { loadKernels } from './product-kernel.js';

/** 32-bit sums run over this many columns before they are added up in 64 bits. */
const DEPTH_F32 = 512;
/** Columns of a 64-bit product taken at once, so that two blocks of rows stay in the first-level cache. */
const DEPTH_F64 = 128;

/** A matrix that ought to be positive definite is not, to working precision. */
export class NotPositiveDefiniteError extends Error {
  constructor(readonly pivot: number) {
    super(`The matrix is not positive definite (pivot ${pivot}); use a larger ridge strength.`);
    this.name = 'NotPositiveDefiniteError';
  }
}

const blocks = (size: number): number => Math.ceil(size / BLOCK);

/**
 * `c += x x^T`, lower triangle by blocks. Shapes: x [n, d], c [n, n].
 *
 * @param columns of `x` that are summed over, from and how many: multiples of the block; all where left out
 */
export function addGram(c: Panel64, x: Panel32, columns = { from: 0, count: x.stride }): void {
  const { f32 } = loadKernels();
  const end = columns.from + columns.count;
  for (let depth = columns.from; depth < end; depth += DEPTH_F32) {
    const depthBytes = Math.min(DEPTH_F32, end - depth) * 4;
    for (let i = 0; i < x.rows; i += BLOCK) {
      for (let j = 0; j <= i; j += BLOCK) {
        f32(
          c.at(i, j),
          c.strideBytes,
          x.at(i, depth),
          x.strideBytes,
          x.at(j, depth),
          x.strideBytes,
          BLOCK,
          BLOCK,
          depthBytes,
          1,
        );
      }
    }
  }
}

/** `c += a b^T`. Shapes: a [m, d], b [n, d], c [m, n]. */
export function addProduct(c: Panel64, a: Panel32, b: Panel32): void {
  const { f32 } = loadKernels();
  for (let depth = 0; depth < a.stride; depth += DEPTH_F32) {
    const depthBytes = Math.min(DEPTH_F32, a.stride - depth) * 4;
    for (let i = 0; i < a.rows; i += BLOCK) {
      for (let j = 0; j < b.rows; j += BLOCK) {
        f32(
          c.at(i, j),
          c.strideBytes,
          a.at(i, depth),
          a.strideBytes,
          b.at(j, depth),
          b.strideBytes,
          BLOCK,
          BLOCK,
          depthBytes,
          1,
        );
      }
    }
  }
}

/** A part of a panel: rows from `row`, columns from `col`. */
interface Corner {
  panel: Panel64;
  row: number;
  col: number;
}

/** Rows and columns of a part of C, and how many columns of A and B are summed over. */
interface Extent {
  rows: number;
  cols: number;
  depth: number;
}

/** `c += factor * a b^T` for [rows x depth] and [cols x depth] parts. */
export function addPart(
  c: Corner,
  a: Corner,
  b: Corner,
  { rows, cols, depth }: Extent,
  factor: number,
): void {
  const { f64 } = loadKernels();
  for (let start = 0; start < depth; start += DEPTH_F64) {
    const depthBytes = Math.min(DEPTH_F64, depth - start) * 8;
    f64(
      ...([c.panel.at(c.row, c.col), c.panel.strideBytes] as const),
      ...([a.panel.at(a.row, a.col + start), a.panel.strideBytes] as const),
      ...([b.panel.at(b.row, b.col + start), b.panel.strideBytes] as const),
      ...([rows, cols, depthBytes, factor] as const),
    );
  }
}

/** `c -= a b^T` for one block of columns of C and `rows` rows of it. */
function subtractBand(c: Corner, a: Corner, b: Corner, rows: number, depth: number): void {
  if (depth > 0 && rows > 0) addPart(c, a, b, { rows, cols: BLOCK, depth }, -1);
}

/** Cholesky of one diagonal block, in place; rows and columns past `size` become those of the identity. */
function factorBlock(a: Panel64, start: number, size: number): void {
  const { data, stride } = a;
  for (let i = start; i < start + BLOCK; i++) {
    for (let j = start; j <= i; j++) {
      if (i >= size) {
        data[i * stride + j] = i === j ? 1 : 0;
        continue;
      }
      let sum = data[i * stride + j] as number;
      for (let k = start; k < j; k++)
        sum -= (data[i * stride + k] as number) * (data[j * stride + k] as number);
      if (i === j && !(sum > 0)) throw new NotPositiveDefiniteError(sum);
      data[i * stride + j] = i === j ? Math.sqrt(sum) : sum / (data[j * stride + j] as number);
    }
  }
}

/** Room for the work on one block of columns after the other. */
interface Scratch {
  /** The block as it was, [rows, BLOCK]. */
  readonly old: Panel64;
  /** Inverse of a diagonal block, or its transpose. */
  readonly inverse: Panel64;
}

const scratchFor = (arena: Arena, rows: number): Scratch => ({
  old: arena.panel64(rows, BLOCK),
  inverse: arena.panel64(BLOCK, BLOCK),
});

/** Inverse of the diagonal block of `l` at `start`, lower triangular, row-major [BLOCK, BLOCK]. */
function invertBlock(l: Panel64, start: number): Float64Array {
  const { data, stride } = l;
  const out = new Float64Array(BLOCK * BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    const at = (start + i) * stride + start;
    const own = 1 / (data[at + i] as number);
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += (data[at + k] as number) * (out[k * BLOCK + j] as number);
      out[i * BLOCK + j] = -sum * own;
    }
    out[i * BLOCK + i] = own;
  }
  return out;
}

/** Moves rows [from, to) of one block of columns out of `b`, and leaves zeros. */
function moveOut(b: Panel64, old: Panel64, start: number, from: number, to: number): void {
  const { data, stride } = b;
  const target = old.data;
  for (let i = from; i < to; i++) {
    const at = i * stride + start;
    const into = (i - from) * BLOCK;
    for (let j = 0; j < BLOCK; j++) {
      target[into + j] = data[at + j] as number;
      data[at + j] = 0;
    }
  }
}

/** Rows [from, to) of b, columns of one block: `b = b M^T` with M in the scratch. */
function timesBlock(b: Panel64, { old, inverse }: Scratch, start: number, from: number, to: number): void {
  if (to <= from) return;
  moveOut(b, old, start, from, to);
  const at = (panel: Panel64): Corner => ({ panel, row: 0, col: 0 });
  const extent = { rows: to - from, cols: BLOCK, depth: BLOCK };
  addPart({ panel: b, row: from, col: start }, at(old), at(inverse), extent, 1);
}

/** Rows [from, to) of b, columns of one block: `b = b L^-T` with the diagonal block of `l` at `start`, by way of its inverse. */
function solveBlock(
  b: Panel64,
  l: Panel64,
  scratch: Scratch,
  start: number,
  [from, to]: readonly [number, number],
): void {
  scratch.inverse.data.set(invertBlock(l, start));
  timesBlock(b, scratch, start, from, to);
}

/**
 * Cholesky factor of the symmetric matrix whose lower triangle is in `a`, in place, left-looking by blocks. Nothing above the
 * diagonal may be read afterwards.
 */
export function cholesky(a: Panel64): void {
  const size = a.rows;
  const end = blocks(size) * BLOCK;
  // Whatever was past the end: the factor goes on as that of the identity.
  a.data.fill(0, size * a.stride, end * a.stride);
  withArena((arena) => {
    const scratch = scratchFor(arena, end);
    for (let start = 0; start < end; start += BLOCK) {
      const band = { panel: a, row: start, col: 0 };
      subtractBand({ panel: a, row: start, col: start }, band, band, end - start, start);
      factorBlock(a, start, size);
      solveBlock(a, a, scratch, start, [start + BLOCK, end]);
    }
  });
}

/** `b = b L^-T` in place for every row of b [m, n], L lower triangular [n, n]. */
export function solveRight(b: Panel64, l: Panel64): void {
  const end = blocks(l.rows) * BLOCK;
  const rows = blocks(b.rows) * BLOCK;
  withArena((arena) => {
    const scratch = scratchFor(arena, rows);
    for (let start = 0; start < end; start += BLOCK) {
      const band = { panel: l, row: start, col: 0 };
      subtractBand({ panel: b, row: 0, col: start }, { panel: b, row: 0, col: 0 }, band, rows, start);
      solveBlock(b, l, scratch, start, [0, rows]);
    }
  });
}

/** Rows of the inverse that share one product; below each group's own columns they are still zero. */
const INVERSE_ROWS = 4 * BLOCK;

/** Writes L^-T (upper triangular) into the zero panel `r`, skipping most of the half that stays zero. */
export function invertTransposed(r: Panel64, l: Panel64): void {
  const end = blocks(l.rows) * BLOCK;
  for (let i = 0; i < end; i++) r.data[i * r.stride + i] = 1;
  withArena((arena) => {
    const scratch = scratchFor(arena, end);
    for (let start = 0; start < end; start += BLOCK) {
      for (let i = 0; i < start; i += INVERSE_ROWS) {
        const rows = Math.min(INVERSE_ROWS, start - i);
        const band = { panel: l, row: start, col: i };
        subtractBand({ panel: r, row: i, col: start }, { panel: r, row: i, col: i }, band, rows, start - i);
      }
      solveBlock(r, l, scratch, start, [0, start + BLOCK]);
    }
  });
}

/** The upper triangle L^T, zero below. */
function transposed(arena: Arena, l: Panel64): Panel64 {
  const out = arena.panel64(l.rows, l.rows);
  const target = out.data;
  const { data, stride } = l;
  const end = blocks(l.rows) * BLOCK;
  for (let i = 0; i < end; i++)
    for (let j = 0; j <= i; j++) target[j * out.stride + i] = data[i * stride + j] as number;
  return out;
}

/** `b = b L^-1` in place for every row of b, from the last block of columns to the first. */
function solveLeft(b: Panel64, l: Panel64): void {
  const end = blocks(l.rows) * BLOCK;
  const rows = blocks(b.rows) * BLOCK;
  withArena((arena) => {
    const upper = transposed(arena, l);
    const scratch = scratchFor(arena, rows);
    for (let start = end - BLOCK; start >= 0; start -= BLOCK) {
      const next = start + BLOCK;
      const band = { panel: upper, row: start, col: next };
      subtractBand({ panel: b, row: 0, col: start }, { panel: b, row: 0, col: next }, band, rows, end - next);
      const inverse = invertBlock(l, start);
      const { data } = scratch.inverse;
      for (let i = 0; i < BLOCK; i++)
        for (let j = 0; j < BLOCK; j++) data[j * BLOCK + i] = inverse[i * BLOCK + j] as number;
      timesBlock(b, scratch, start, 0, rows);
    }
  });
}

/** Solves `x L L^T = b` in place for every row of b [m, n], L lower triangular [n, n]. */
export function solveRows(b: Panel64, l: Panel64): void {
  solveRight(b, l);
  solveLeft(b, l);
}

/** Solves `L L^T x = b` in place for every column of b, a plain row-major [n, cols] array. */
export function solveFactored(l: Panel64, b: Float64Array, cols: number): void {
  withArena((arena) => {
    const panel = arena.panel64(cols, l.rows);
    const { data, stride } = panel;
    for (let i = 0; i < l.rows; i++)
      for (let c = 0; c < cols; c++) data[c * stride + i] = b[i * cols + c] as number;
    solveRows(panel, l);
    const out = panel.data;
    for (let i = 0; i < l.rows; i++)
      for (let c = 0; c < cols; c++) b[i * cols + c] = out[c * stride + i] as number;
  });
}
