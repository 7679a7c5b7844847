import { performance } from 'node:perf_hooks';
import type { Model } from '../graph/model.js';
import { floats, node, WRITTEN_IR_VERSION, WRITTEN_OPSET } from '../graph/model.js';
import { writeModel } from '../graph/model-file.js';
import type { OnnxSession, TensorValue } from './onnx.js';
import { knownProviders, openSession } from './onnx.js';

/** What a real inference on one execution provider came to. */
export interface ProviderProbe {
  readonly provider: string;
  /** Whether the provider ships inside the installed package; others need a separate library. */
  readonly bundled: boolean;
  readonly works: boolean;
  /** Median of a few timed runs of a small convolution; null where it does not work. */
  readonly latencyMs: number | null;
  /** Why it does not work; null where it does. */
  readonly reason: string | null;
}

const SIDE = 64;
const CHANNELS = 32;
const TIMED_RUNS = 5;
/** Providers differ in rounding (TF32 on recent GPUs); more than this is a wrong result, not rounding. */
const RELATIVE_TOLERANCE = 1e-2;

/** One 3x3 convolution over ones with weights of one: its mean is known in closed form. */
function probeModel(): Model {
  const kernel = new Float32Array(CHANNELS * CHANNELS * 9).fill(1);
  return {
    irVersion: WRITTEN_IR_VERSION,
    opsets: { '': WRITTEN_OPSET },
    producer: 'graft',
    nodes: [
      node('Conv', ['x', 'kernel'], 'conv', { kernel_shape: [3, 3] }),
      node('GlobalAveragePool', ['conv'], 'y'),
    ],
    constants: new Map([['kernel', floats('kernel', [CHANNELS, CHANNELS, 3, 3], kernel)]]),
    inputs: [{ name: 'x', type: 'float32', dims: [1, CHANNELS, SIDE, SIDE] }],
    outputs: [{ name: 'y', type: 'float32', dims: [1, CHANNELS, 1, 1] }],
    metadata: {},
    functions: [],
  };
}

function checkResult(value: TensorValue | undefined): void {
  const expected = CHANNELS * 9;
  const got = Number(value?.data[0]);
  if (!(Math.abs(got - expected) <= expected * RELATIVE_TOLERANCE)) {
    throw new Error(`it computes wrongly: ${got} instead of ${expected}`);
  }
}

async function timeRuns(session: OnnxSession, now: () => number): Promise<number> {
  const x: TensorValue = {
    type: 'float32',
    dims: [1, CHANNELS, SIDE, SIDE],
    data: new Float32Array(CHANNELS * SIDE * SIDE).fill(1),
  };
  checkResult((await session.run({ x })).y);
  const times: number[] = [];
  for (let run = 0; run < TIMED_RUNS; run++) {
    const start = now();
    await session.run({ x });
    times.push(now() - start);
  }
  return times.sort((a, b) => a - b)[TIMED_RUNS >> 1] ?? 0;
}

async function probe(model: Uint8Array, provider: string, now: () => number): Promise<number> {
  const session = await openSession(model, { providers: [provider] });
  return timeRuns(session, now).finally(() => session.close());
}

/** Runs a small model on every execution provider the runtime knows, one after the other; never throws for a provider. */
export async function probeProviders(now: () => number = () => performance.now()): Promise<ProviderProbe[]> {
  const model = writeModel(probeModel());
  const results: ProviderProbe[] = [];
  for (const { name: provider, bundled } of knownProviders()) {
    const result = await probe(model, provider, now).then(
      (latencyMs) => ({ works: true, latencyMs, reason: null }),
      (error: unknown) => ({ works: false, latencyMs: null, reason: String((error as Error).message) }),
    );
    results.push({ provider, bundled, ...result });
  }
  return results;
}
