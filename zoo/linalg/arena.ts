import type { Matrix } from '../matrix.js';
import type { WasmMemory } from './web-assembly.js';
import { loadKernels } from './product-kernel.js';

/** Rows and columns of a panel are padded to whole blocks, so that no kernel ever meets an edge. */
export const BLOCK = 16;
const PAGE_BYTES = 65_536;

const padded = (size: number): number => Math.ceil(Math.max(size, 1) / BLOCK) * BLOCK;

type Float = Float32Array<ArrayBufferLike> | Float64Array<ArrayBufferLike>;
interface FloatArrayOf<T extends Float> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** Where a panel lies; `length` in elements, `address` in bytes. */
interface Place {
  address: number;
  rows: number;
  cols: number;
  length: number;
}

/** A row-major matrix in the kernels' memory, `rows` x `cols` as asked for, padded with zeros. */
export class Panel<T extends Float> {
  readonly rows: number;
  readonly cols: number;
  /** Elements from one row to the next. */
  readonly stride: number;
  private view: T;

  constructor(
    private readonly memory: WasmMemory,
    private readonly arrayType: FloatArrayOf<T>,
    private readonly place: Place,
  ) {
    this.rows = place.rows;
    this.cols = place.cols;
    this.stride = padded(place.cols);
    this.view = new arrayType(memory.buffer, place.address, place.length);
  }

  /** Address of the first element, in bytes. */
  get address(): number {
    return this.place.address;
  }

  /** The elements. Ask again after allocating: growing the memory moves the buffer. */
  get data(): T {
    if (this.view.buffer !== this.memory.buffer) {
      this.view = new this.arrayType(this.memory.buffer, this.address, this.place.length);
    }
    return this.view;
  }

  /** Address in bytes of element (row, col). */
  at(row: number, col: number): number {
    return this.address + (row * this.stride + col) * this.view.BYTES_PER_ELEMENT;
  }

  get strideBytes(): number {
    return this.stride * this.view.BYTES_PER_ELEMENT;
  }
}

export type Panel32 = Panel<Float32Array<ArrayBufferLike>>;
export type Panel64 = Panel<Float64Array<ArrayBufferLike>>;

export interface Arena {
  panel32(rows: number, cols: number): Panel32;
  panel64(rows: number, cols: number): Panel64;
}

/** A copy of a matrix in the kernels' memory. */
export function copyIn(arena: Arena, { rows, cols, data }: Matrix): Panel32 {
  const panel = arena.panel32(rows, cols);
  const target = panel.data;
  for (let i = 0; i < rows; i++) target.set(data.subarray(i * cols, (i + 1) * cols), i * panel.stride);
  return panel;
}

/** A copy of a matrix with rows and columns exchanged. */
export function copyTransposedIn(arena: Arena, { rows, cols, data }: Matrix): Panel32 {
  const panel = arena.panel32(cols, rows);
  const { data: target, stride } = panel;
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    for (let d = 0; d < cols; d++) target[d * stride + i] = data[at + d] as number;
  }
  return panel;
}

/** A copy of a panel without its padding, row-major [rows, cols]. */
export function copyOut({ rows, cols, stride, data }: Panel64): Float64Array {
  const out = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) out.set(data.subarray(i * stride, i * stride + cols), i * cols);
  return out;
}

let top = 0;

function reserve(memory: WasmMemory, bytes: number): number {
  const address = top;
  top += Math.ceil(bytes / BLOCK) * BLOCK;
  const missing = top - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  return address;
}

function allocate<T extends Float>(arrayType: FloatArrayOf<T>, rows: number, cols: number): Panel<T> {
  const { memory } = loadKernels();
  const stride = padded(cols);
  // One block of rows to spare: a group of rows that starts anywhere may be read in whole blocks.
  const length = (padded(rows) + BLOCK) * stride;
  const address = reserve(memory, length * arrayType.BYTES_PER_ELEMENT);
  const panel = new Panel(memory, arrayType, { address, rows, cols, length });
  panel.data.fill(0);
  return panel;
}

const arena: Arena = {
  panel32: (rows, cols) => allocate<Float32Array<ArrayBufferLike>>(Float32Array, rows, cols),
  panel64: (rows, cols) => allocate<Float64Array<ArrayBufferLike>>(Float64Array, rows, cols),
};

/**
 * Runs `work` with room in the kernels' memory and takes the room back at its end. Synchronous on purpose: the memory is
 * one stack, and panels must not outlive their scope.
 */
export function withArena<R>(work: (arena: Arena) => R): R {
  const mark = top;
  try {
    return work(arena);
  } finally {
    top = mark;
  }
}
