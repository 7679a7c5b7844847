import { assemble, doWhileLess, increase, op, type Code } from '../../linalg/wasm-assembler.js';
import { webAssembly, type WasmMemory } from '../../linalg/web-assembly.js';

/** Vectors are padded to whole steps of two SIMD registers; the padding stays zero. */
export const LANES = 8;
/** Beyond this, the logistic function is taken for 0 or 1. */
const MOST_LOGIT = 6;
const TABLE_SIZE = 4096;

// Parameters and locals by index; all are byte addresses or byte lengths.
const P = { rows: 0, rowsEnd: 1, samples: 2, samplesEnd: 3, state: 4, dimBytes: 5, h: 6, grad: 7 };
const L = { k: 8, list: 9, at: 10 };
const V = { sum: 11, sum2: 12, factor: 13 };

/** Where numbers lie from the address `state` on: the learning rate, 1 / number of rows, and the table of the logistic function. */
const STATE = { rate: 0, share: 4, most: 8, least: 12, scale: 16, table: 32 };
/** Bytes of it all. */
export const STATE_BYTES = STATE.table + 4 * (TABLE_SIZE + 1);

const address = (base: number): Code => [...op.get(base), ...op.get(L.k), ...op.add];
const load = (base: number, offset = 0): Code => [...address(base), ...op.v128Load(offset)];
const number = (offset: number): Code => [...op.get(P.state), ...op.f32Load(offset)];
const overVectors = (body: (offset: number) => Code): Code => [
  ...[...op.i32(0), ...op.set(L.k)],
  ...doWhileLess(L.k, P.dimBytes, [...body(0), ...body(16), ...increase(L.k, op.i32(32))]),
];
const overList = (start: number, end: number, body: Code): Code => [
  ...[...op.get(start), ...op.set(L.list)],
  ...doWhileLess(L.list, end, [
    ...[...op.get(L.list), ...op.i32Load, ...op.set(L.at)],
    ...body,
    ...increase(L.list, op.i32(4)),
  ]),
];

/** `target[k] += factor * source[k]` */
const accumulate = (target: number, source: number, offset: number): Code => [
  ...[...address(target), ...load(target, offset)],
  ...[...load(source, offset), ...op.get(V.factor), ...op.f32x4Mul, ...op.f32x4Add, ...op.v128Store(offset)],
];

/** h = mean of the input rows, gradient = 0. */
const gather: Code = [
  ...overVectors((offset) => [
    ...[...address(P.h), ...op.v128Zero, ...op.v128Store(offset)],
    ...[...address(P.grad), ...op.v128Zero, ...op.v128Store(offset)],
  ]),
  ...[...number(STATE.share), ...op.f32x4Splat, ...op.set(V.factor)],
  ...overList(
    P.rows,
    P.rowsEnd,
    overVectors((offset) => accumulate(P.h, L.at, offset)),
  ),
];

const lane = (index: number): Code => [...op.get(V.sum), ...op.f32Lane(index)];
const lanes: Code = [
  ...[...op.get(V.sum), ...op.get(V.sum2), ...op.f32x4Add, ...op.set(V.sum)],
  ...[...lane(0), ...lane(1), ...op.f32Add, ...lane(2), ...lane(3), ...op.f32Add, ...op.f32Add],
];

/** factor = (label - logistic(h . out)) * rate; the first sample has label 1, all others 0. */
const error: Code = [
  ...[...op.v128Zero, ...op.set(V.sum), ...op.v128Zero, ...op.set(V.sum2)],
  ...overVectors((offset) => {
    const sum = offset === 0 ? V.sum : V.sum2;
    const product = [...load(P.h, offset), ...load(L.at, offset), ...op.f32x4Mul];
    return [...op.get(sum), ...product, ...op.f32x4Add, ...op.set(sum)];
  }),
  ...[...op.get(L.list), ...op.get(P.samples), ...op.equal, ...op.f32FromI32],
  ...[...lanes, ...number(STATE.most), ...op.f32Min, ...number(STATE.least), ...op.f32Max],
  ...[...number(STATE.most), ...op.f32Add, ...number(STATE.scale), ...op.f32Mul, ...op.truncate],
  ...[...op.i32(4), ...op.mul, ...op.get(P.state), ...op.add, ...op.f32Load(STATE.table)],
  ...[...op.f32Sub, ...number(STATE.rate), ...op.f32Mul, ...op.f32x4Splat, ...op.set(V.factor)],
];

const learn: Code = overVectors((offset) => [
  ...accumulate(P.grad, L.at, offset),
  ...accumulate(L.at, P.h, offset),
]);

/** The rows take the gradient of h; in full, as word2vec and fastText have it, not a share each. */
const giveBack: Code = overVectors((offset) => [
  ...[...address(L.at), ...load(L.at, offset), ...load(P.grad, offset), ...op.f32x4Add],
  ...op.v128Store(offset),
]);

/** Addresses and lengths in bytes; the lists hold addresses of vectors, one at least each; the first sample is the right word. */
export type Step = (
  ...call: [
    rows: number,
    rowsEnd: number,
    samples: number,
    samplesEnd: number,
    state: number,
    dimBytes: number,
    h: number,
    gradient: number,
  ]
) => void;

/**
 * One step of negative sampling (Mikolov et al. 2013, arXiv 1310.4546, equation 4): h is the mean of the input rows; each sample's
 * output vector is moved towards it or away from it, and the rows take what that asks of h. Skip-gram has one row, CBOW those of
 * the context, subwords those of a word's n-grams. SIMD in WebAssembly, since scalar JavaScript takes four times as long.
 */
export function compileStep(memory: WasmMemory): Step {
  const samples = overList(P.samples, P.samplesEnd, [...error, ...learn]);
  const body = [...gather, ...samples, ...overList(P.rows, P.rowsEnd, giveBack)];
  const step = { name: 'step', i32Params: 8, f64Params: 0, i32Locals: 3, v128Locals: 3, body };
  const { exports } = new webAssembly.Instance(new webAssembly.Module(assemble([step])), { env: { memory } });
  return exports['step'] as Step;
}

/** What the kernel reads at `state`, and how to set it. */
export interface StepState {
  rate(value: number): void;
  rows(count: number): void;
}

/** Fills the table of the logistic function and the numbers around it. */
export function prepareState(memory: WasmMemory, state: number): StepState {
  const floats = new Float32Array(memory.buffer, state, STATE_BYTES / 4);
  const put = (offset: number, value: number): void => void (floats[offset / 4] = value);
  put(STATE.most, MOST_LOGIT);
  put(STATE.least, -MOST_LOGIT);
  put(STATE.scale, TABLE_SIZE / (2 * MOST_LOGIT));
  for (let i = 0; i <= TABLE_SIZE; i++) {
    const logit = ((2 * i) / TABLE_SIZE - 1) * MOST_LOGIT;
    put(STATE.table + 4 * i, 1 / (1 + Math.exp(-logit)));
  }
  return { rate: (value) => put(STATE.rate, value), rows: (count) => put(STATE.share, 1 / count) };
}
