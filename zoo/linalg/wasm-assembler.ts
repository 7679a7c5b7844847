/**
 * Just enough of a WebAssembly assembler to write one numeric kernel in source form: a reviewed loop nest instead of a
 * binary blob in the repository or a compiler in the build. Opcodes: WebAssembly core specification 2.0, appendix A.7.
 */
export type Code = readonly number[];

const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;

/** Unsigned LEB128, the integer coding of the binary format. */
export function leb(value: number): number[] {
  const out: number[] = [];
  let rest = value;
  do {
    const low = rest & 0x7f;
    rest >>>= 7;
    out.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return out;
}

const simd = (opcode: number): number[] => [0xfd, ...leb(opcode)];

/** Instructions, named as in the specification. Constants must be below 64 (one byte of signed LEB128). */
export const op = {
  get: (local: number): Code => [0x20, ...leb(local)],
  set: (local: number): Code => [0x21, ...leb(local)],
  i32: (value: number): Code => [0x41, value],
  add: [0x6a],
  mul: [0x6c],
  lessThan: [0x49],
  equal: [0x46],
  i32Load: [0x28, 2, 0],
  f32Load: (offset: number): Code => [0x2a, 2, ...leb(offset)],
  f32Add: [0x92],
  f32Sub: [0x93],
  f32Mul: [0x94],
  f32Min: [0x96],
  f32Max: [0x97],
  truncate: [0xa8],
  f32FromI32: [0xb2],
  f64Load: (offset: number): Code => [0x2b, 3, ...leb(offset)],
  f64Store: (offset: number): Code => [0x39, 3, ...leb(offset)],
  f64Add: [0xa0],
  f64Mul: [0xa2],
  promote: [0xbb],
  v128Load: (offset: number): Code => [...simd(0x00), 2, ...leb(offset)],
  v128Store: (offset: number): Code => [...simd(0x0b), 2, ...leb(offset)],
  f32x4Splat: simd(0x13),
  v128Zero: [...simd(0x0c), ...Array<number>(16).fill(0)],
  f32Lane: (lane: number): Code => [...simd(0x1f), lane],
  f64Lane: (lane: number): Code => [...simd(0x21), lane],
  f32x4Add: simd(0xe4),
  f32x4Mul: simd(0xe6),
  f64x2Add: simd(0xf0),
  f64x2Mul: simd(0xf2),
} as const satisfies Record<string, Code | ((value: number) => Code)>;

/** `do { body } while (index < limit)`, both 32-bit unsigned locals. */
export function doWhileLess(index: number, limit: number, body: Code): Code {
  return [0x03, 0x40, ...body, ...op.get(index), ...op.get(limit), ...op.lessThan, 0x0d, 0, 0x0b];
}

/** `local += amount` where the amount is code that leaves one i32. */
export function increase(local: number, amount: Code): Code {
  return [...op.get(local), ...amount, ...op.add, ...op.set(local)];
}

/** One exported function: i32 parameters, then f64 parameters, then i32 and v128 locals, in that order of index. */
export interface WasmFunction {
  name: string;
  i32Params: number;
  f64Params: number;
  i32Locals: number;
  v128Locals: number;
  body: Code;
}

const vector = (items: readonly Code[]): number[] => [...leb(items.length), ...items.flat()];
const section = (id: number, content: Code): number[] => [id, ...leb(content.length), ...content];
const text = (value: string): number[] => [...leb(value.length), ...Buffer.from(value, 'ascii')];

function functionType(fn: WasmFunction): number[] {
  const params = [...Array<number>(fn.i32Params).fill(I32), ...Array<number>(fn.f64Params).fill(F64)];
  return [0x60, ...leb(params.length), ...params, 0];
}

function functionBody(fn: WasmFunction): number[] {
  const locals = vector([
    [...leb(fn.i32Locals), I32],
    [...leb(fn.v128Locals), V128],
  ]);
  const content = [...locals, ...fn.body, 0x0b];
  return [...leb(content.length), ...content];
}

/** A module that imports `env.memory` and exports the given functions. */
export function assemble(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(functions.map(functionType))),
    ...section(2, vector([[...text('env'), ...text('memory'), 0x02, 0x00, 1]])),
    ...section(3, vector(functions.map((_, index) => leb(index)))),
    ...section(7, vector(functions.map((fn, index) => [...text(fn.name), 0x00, ...leb(index)]))),
    ...section(10, vector(functions.map(functionBody))),
  ]);
}
