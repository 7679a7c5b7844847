import { webAssembly } from '../../linalg/web-assembly.js';
import type { Draws } from './draws.js';
import { compileStep, LANES, prepareState, STATE_BYTES, type Step, type StepState } from './step-kernel.js';

const PAGE_BYTES = 65_536;
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64;

/** All that training works on, in the kernel's own memory: input vectors, output vectors, and the lists of a step. */
export interface Workspace {
  readonly step: Step;
  readonly state: StepState;
  /** Address of the state. */
  readonly stateAt: number;
  readonly h: number;
  readonly gradient: number;
  readonly dimBytes: number;
  /** Addresses of the input vectors of a step; its own address is `rowsAt`. */
  readonly rows: Int32Array;
  readonly rowsAt: number;
  readonly samples: Int32Array;
  readonly samplesAt: number;
  /** Address of the first input vector; the next is `dimBytes` further. */
  readonly inputs: number;
  readonly outputs: number;
  /** Numbers from one input vector to the next. */
  readonly stride: number;
  readonly inputVectors: Float32Array;
}

export interface WorkspaceSize {
  readonly width: number;
  readonly inputs: number;
  readonly outputs: number;
  /** Longest list of input vectors of a step. */
  readonly maxRows: number;
  readonly maxSamples: number;
}

/** Lays the memory out and fills it as the word2vec tool does: inputs small and random, outputs zero. */
export function openWorkspace(size: WorkspaceSize, draws: Draws): Workspace {
  const stride = Math.ceil(size.width / LANES) * LANES;
  const dimBytes = 4 * stride;
  let end = 0;
  const reserve = (bytes: number): number => {
    const start = end;
    end += align(bytes);
    return start;
  };
  const stateAt = reserve(STATE_BYTES);
  const [h, gradient] = [reserve(dimBytes), reserve(dimBytes)];
  const [rowsAt, samplesAt] = [reserve(4 * size.maxRows), reserve(4 * size.maxSamples)];
  const [inputs, outputs] = [reserve(size.inputs * dimBytes), reserve(size.outputs * dimBytes)];
  const memory = new webAssembly.Memory({ initial: Math.ceil(end / PAGE_BYTES) });
  const inputVectors = new Float32Array(memory.buffer, inputs, size.inputs * stride);
  for (let row = 0; row < size.inputs; row++)
    for (let d = 0; d < size.width; d++) inputVectors[row * stride + d] = (draws.unit() - 0.5) / size.width;
  return {
    step: compileStep(memory),
    state: prepareState(memory, stateAt),
    rows: new Int32Array(memory.buffer, rowsAt, size.maxRows),
    samples: new Int32Array(memory.buffer, samplesAt, size.maxSamples),
    ...{ stateAt, h, gradient, dimBytes, rowsAt, samplesAt, inputs, outputs, stride, inputVectors },
  };
}
