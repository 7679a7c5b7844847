import { assemble, doWhileLess, increase, op, type Code, type WasmFunction } from './wasm-assembler.js';
import { webAssembly, type WasmMemory } from './web-assembly.js';

/** Rows of A and rows of B in one register tile: 4 x 2 accumulators and their operands fit sixteen registers. */
export const TILE_ROWS = 4;
export const TILE_COLS = 2;

// Parameters and locals by index. Addresses and strides are in bytes; `depthBytes` is the shared length of the rows.
const P = {
  c: 0,
  cStride: 1,
  a: 2,
  aStride: 3,
  b: 4,
  bStride: 5,
  rows: 6,
  cols: 7,
  depthBytes: 8,
  factor: 9,
};
const L = { i: 10, j: 11, k: 12, aTile: 13, bTile: 14, cTile: 15, pointers: 16 };
const A_POINTER = (row: number): number => L.pointers + row;
const B_POINTER = (col: number): number => L.pointers + TILE_ROWS + col;
const FIRST_VECTOR = L.pointers + TILE_ROWS + TILE_COLS;
const SUM = (row: number, col: number): number => FIRST_VECTOR + row * TILE_COLS + col;
const A_VALUE = (row: number): number => FIRST_VECTOR + TILE_ROWS * TILE_COLS + row;
const B_VALUE = FIRST_VECTOR + TILE_ROWS * TILE_COLS + TILE_ROWS;
const VECTORS = TILE_ROWS * TILE_COLS + TILE_ROWS + 1;

interface Lanes {
  mul: Code;
  add: Code;
  /** Leaves the sum of a vector's lanes as one f64. */
  sum: (vector: number) => Code;
}

const lanesF64: Lanes = {
  mul: op.f64x2Mul,
  add: op.f64x2Add,
  sum: (v) => [...op.get(v), ...op.f64Lane(0), ...op.get(v), ...op.f64Lane(1), ...op.f64Add],
};

const lanesF32: Lanes = {
  mul: op.f32x4Mul,
  add: op.f32x4Add,
  sum: (v) => {
    const lane = (index: number): Code => [...op.get(v), ...op.f32Lane(index), ...op.promote];
    return [...lane(0), ...lane(1), ...op.f64Add, ...lane(2), ...lane(3), ...op.f64Add, ...op.f64Add];
  },
};

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const each = (count: number, code: (index: number) => Code): Code =>
  range(count).flatMap((i) => [...code(i)]);

/** pointers[row] = base + row * stride */
function pointers(count: number, local: (row: number) => number, base: number, stride: number): Code {
  return each(count, (row) => [
    ...(row === 0 ? op.get(base) : [...op.get(local(row - 1)), ...op.get(stride), ...op.add]),
    ...op.set(local(row)),
  ]);
}

/** Sixteen bytes of depth: every accumulator of the tile takes one multiply and one add. */
function depthStep(lanes: Lanes): Code {
  const load = (pointer: number): Code => [...op.get(pointer), ...op.get(L.k), ...op.add, ...op.v128Load(0)];
  const accumulate = (row: number, col: number): Code => [
    ...[...op.get(SUM(row, col)), ...op.get(A_VALUE(row)), ...op.get(B_VALUE), ...lanes.mul, ...lanes.add],
    ...op.set(SUM(row, col)),
  ];
  return [
    ...each(TILE_ROWS, (row) => [...load(A_POINTER(row)), ...op.set(A_VALUE(row))]),
    ...each(TILE_COLS, (col) => [
      ...[...load(B_POINTER(col)), ...op.set(B_VALUE)],
      ...each(TILE_ROWS, (row) => accumulate(row, col)),
    ]),
    ...increase(L.k, op.i32(16)),
  ];
}

/** C tile += factor * lane sums. */
function storeTile(lanes: Lanes): Code {
  const element = (row: number, col: number): Code => [
    ...[...op.get(L.cTile), ...op.get(L.cTile), ...op.f64Load(8 * col)],
    ...[
      ...lanes.sum(SUM(row, col)),
      ...op.get(P.factor),
      ...op.f64Mul,
      ...op.f64Add,
      ...op.f64Store(8 * col),
    ],
  ];
  const row = (index: number): Code => [
    ...each(TILE_COLS, (col) => element(index, col)),
    ...increase(L.cTile, op.get(P.cStride)),
  ];
  return each(TILE_ROWS, row);
}

function tile(lanes: Lanes): Code {
  return [
    ...pointers(TILE_ROWS, A_POINTER, L.aTile, P.aStride),
    ...pointers(TILE_COLS, B_POINTER, L.bTile, P.bStride),
    ...each(TILE_ROWS * TILE_COLS, (index) => [...op.v128Zero, ...op.set(FIRST_VECTOR + index)]),
    ...[...op.i32(0), ...op.set(L.k)],
    ...doWhileLess(L.k, P.depthBytes, depthStep(lanes)),
    ...[...op.get(P.c), ...op.get(L.i), ...op.get(P.cStride), ...op.mul, ...op.add],
    ...[...op.get(L.j), ...op.i32(8), ...op.mul, ...op.add, ...op.set(L.cTile)],
    ...storeTile(lanes),
    ...increase(L.bTile, [...op.get(P.bStride), ...op.i32(TILE_COLS), ...op.mul]),
    ...increase(L.j, op.i32(TILE_COLS)),
  ];
}

/** `C += factor * A B^T`: both operands are read along their rows, which is how every product of this folder is laid out. */
function productTransposed(name: string, lanes: Lanes): WasmFunction {
  const rowOfTiles: Code = [
    ...[...op.get(P.b), ...op.set(L.bTile), ...op.i32(0), ...op.set(L.j)],
    ...doWhileLess(L.j, P.cols, tile(lanes)),
    ...increase(L.aTile, [...op.get(P.aStride), ...op.i32(TILE_ROWS), ...op.mul]),
    ...increase(L.i, op.i32(TILE_ROWS)),
  ];
  const body = [...op.get(P.a), ...op.set(L.aTile), ...doWhileLess(L.i, P.rows, rowOfTiles)];
  const i32Locals = FIRST_VECTOR - L.i;
  return { name, i32Params: 9, f64Params: 1, i32Locals, v128Locals: VECTORS, body };
}

/** Addresses and strides in bytes; `rows` a multiple of 4, `cols` of 2, `depthBytes` of 16, none of them zero. */
export type ProductKernel = (
  ...call: [
    c: number,
    cStride: number,
    a: number,
    aStride: number,
    b: number,
    bStride: number,
    rows: number,
    cols: number,
    depthBytes: number,
    factor: number,
  ]
) => void;

export interface Kernels {
  memory: WasmMemory;
  /** Operands 64-bit floats. */
  f64: ProductKernel;
  /** Operands 32-bit floats, C 64-bit: sums run in 32 bits over one call, so keep the depth of a call short. */
  f32: ProductKernel;
}

let instance: Kernels | null = null;

/** The compiled kernels and their memory, made once in a process. */
export function loadKernels(): Kernels {
  if (instance === null) {
    const bytes = assemble([productTransposed('f64', lanesF64), productTransposed('f32', lanesF32)]);
    const memory = new webAssembly.Memory({ initial: 1 });
    const { exports } = new webAssembly.Instance(new webAssembly.Module(bytes), { env: { memory } });
    instance = { memory, f64: exports['f64'] as ProductKernel, f32: exports['f32'] as ProductKernel };
  }
  return instance;
}
