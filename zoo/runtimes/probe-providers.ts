import { performance } from 'node:perf_hooks';
import type { Model } from '../graph/model.js';
import { floats, node, WRITTEN_IR_VERSION, WRITTEN_OPSET } from '../graph/model.js';
import { writeModel } from '../graph/model-file.js';
import { createRng } from '../rng.js';
import type { OnnxSession, TensorValue } from './onnx.js';
import { knownProviders, openSession } from './onnx.js';

/** What a real inference on one execution provider came to. */
export interface ProviderProbe {
  readonly provider: string;
  /** Whether the provider ships inside the installed package; others need a separate library. */
  readonly bundled: boolean;
  /** It runs, and computes what the CPU computes. */
  readonly works: boolean;
  /** Median of a few timed passes of a small convolutional network; null where it does not work. */
  readonly latencyMs: number | null;
  /** Why it does not work; null where it does. */
  readonly reason: string | null;
}

/** What a probe can be told otherwise. */
export interface ProbeOptions {
  /** A clock in milliseconds. */
  readonly now?: () => number;
  /** How a network is opened. */
  readonly open?: typeof openSession;
}

const BATCH = 8;
const SIDE = 56;
const CHANNELS = 32;
const TIMED_RUNS = 5;
/** Providers differ in rounding (TF32 on recent GPUs): of the largest value, more than this is a wrong result. */
const RELATIVE_TOLERANCE = 1e-2;
/** What another provider has to save before it is taken instead of the CPU, whose results are the same everywhere. */
const WORTHWHILE = 0.8;
/** Of equal speed, in this order. TensorRT is never taken unasked: it spends minutes on each network before the first picture. */
const TAKEN = ['cuda', 'coreml', 'dml', 'webgpu'];

/** Two convolutions with a way around them, as in the networks of the zoo, over a batch as they are fed. */
function probeModel(): Model {
  const rng = createRng('probe');
  const kernel = (name: string) =>
    floats(
      name,
      [CHANNELS, CHANNELS, 3, 3],
      Float32Array.from({ length: CHANNELS * CHANNELS * 9 }, () => (rng.next() - 0.5) / 8),
    );
  const shape = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] };
  return {
    irVersion: WRITTEN_IR_VERSION,
    opsets: { '': WRITTEN_OPSET },
    producer: 'graft',
    nodes: [
      node('Conv', ['x', 'first'], 'a', shape),
      node('Relu', ['a'], 'b'),
      node('Conv', ['b', 'second'], 'c', shape),
      node('Add', ['x', 'c'], 'd'),
      node('GlobalAveragePool', ['d'], 'y'),
    ],
    constants: new Map(['first', 'second'].map((name) => [name, kernel(name)])),
    inputs: [{ name: 'x', type: 'float32', dims: [BATCH, CHANNELS, SIDE, SIDE] }],
    outputs: [{ name: 'y', type: 'float32', dims: [BATCH, CHANNELS, 1, 1] }],
    metadata: {},
    functions: [],
  };
}

function probeInput(): TensorValue {
  const rng = createRng('probe input');
  const data = Float32Array.from({ length: BATCH * CHANNELS * SIDE * SIDE }, () => rng.next());
  return { type: 'float32', dims: [BATCH, CHANNELS, SIDE, SIDE], data };
}

interface Timed {
  readonly outputs: ArrayLike<number>;
  readonly latencyMs: number;
}

async function timeRuns(session: OnnxSession, now: () => number): Promise<Timed> {
  const x = probeInput();
  const { y } = await session.run({ x });
  const times: number[] = [];
  for (let run = 0; run < TIMED_RUNS; run++) {
    const start = now();
    await session.run({ x });
    times.push(now() - start);
  }
  const outputs = (y?.data ?? []) as Float32Array;
  return { outputs, latencyMs: times.sort((a, b) => a - b)[TIMED_RUNS >> 1] ?? 0 };
}

/** @throws Error when the outputs are not those of the CPU, but for rounding */
export function checkOutputs(outputs: ArrayLike<number>, expected: ArrayLike<number>): void {
  const values = Array.from(expected);
  const allowed = RELATIVE_TOLERANCE * values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const wrong = values.findIndex((value, at) => !(Math.abs(value - Number(outputs[at])) <= allowed));
  if (wrong >= 0)
    throw new Error(`it computes wrongly: ${outputs[wrong]} where the CPU says ${values[wrong]}`);
}

/**
 * Runs a small network on every execution provider the runtime knows, one after the other, the CPU first: the others have to
 * compute what it computes. Never throws for a provider.
 */
export async function probeProviders({
  now = () => performance.now(),
  open = openSession,
}: ProbeOptions = {}): Promise<ProviderProbe[]> {
  const model = writeModel(probeModel());
  let expected: ArrayLike<number> | null = null;
  const probe = async (provider: string): Promise<number> => {
    const session = await open(model, { providers: [provider] });
    const { outputs, latencyMs } = await timeRuns(session, now).finally(() => session.close());
    expected ??= outputs;
    checkOutputs(outputs, expected);
    return latencyMs;
  };
  const results: ProviderProbe[] = [];
  const known = knownProviders().sort((a, b) => Number(b.name === 'cpu') - Number(a.name === 'cpu'));
  for (const { name: provider, bundled } of known) {
    const result = await probe(provider).then(
      (latencyMs) => ({ works: true, latencyMs, reason: null }),
      (error: unknown) => ({ works: false, latencyMs: null, reason: String((error as Error).message) }),
    );
    results.push({ provider, bundled, ...result });
  }
  return results;
}

/** The fastest of those that compute rightly: the CPU, unless another is faster by a good deal. */
export function fastestProvider(probes: readonly ProviderProbe[]): string {
  const msOf = (name: string): number => {
    const found = probes.find(({ provider, works }) => works && provider === name);
    return found?.latencyMs ?? Number.POSITIVE_INFINITY;
  };
  const [best] = [...TAKEN].sort((a, b) => msOf(a) - msOf(b) || TAKEN.indexOf(a) - TAKEN.indexOf(b));
  return best !== undefined && msOf(best) < WORTHWHILE * msOf('cpu') ? best : 'cpu';
}
