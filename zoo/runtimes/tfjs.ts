import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import * as core from '@tensorflow/tfjs-core';
import { ZooError } from '../errors.js';

/** TensorFlow.js as the heads see it. */
export type TensorLibrary = typeof core;
export type Tensor = core.Tensor;
export type Tensor2D = core.Tensor2D;

/** In the order they are tried: native with CUDA, WebAssembly with SIMD, plain JavaScript. */
export const tensorBackends = ['tensorflow', 'wasm', 'cpu'] as const;
export type TensorBackend = (typeof tensorBackends)[number];

export interface TensorRuntime {
  readonly backend: TensorBackend;
  readonly tf: TensorLibrary;
  /** Why each backend before this one was passed over, for `graft doctor`. */
  readonly passedOver: readonly { backend: TensorBackend; reason: string }[];
}

/** No backend of TensorFlow.js could be started; the message says why for each. */
export class TensorRuntimeError extends ZooError {}

const require = createRequire(import.meta.url);

async function activate(tf: TensorLibrary, backend: TensorBackend): Promise<TensorLibrary> {
  tf.enableProdMode();
  if (!(await tf.setBackend(backend))) throw new Error(`the backend "${backend}" did not start`);
  await tf.ready();
  return tf;
}

const starters: Record<TensorBackend, () => Promise<TensorLibrary>> = {
  tensorflow: async () => {
    // An optional peer that the compiler must not look for; it brings its own copy of the library.
    const packageName: string = '@tensorflow/tfjs-node-gpu';
    const native = (await import(packageName)) as { default?: TensorLibrary } & TensorLibrary;
    return activate(native.default ?? native, 'tensorflow');
  },
  wasm: async () => {
    const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`);
    return activate(core, 'wasm');
  },
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu');
    return activate(core, 'cpu');
  },
};

async function start(order: readonly TensorBackend[]): Promise<TensorRuntime> {
  const passedOver: { backend: TensorBackend; reason: string }[] = [];
  for (const backend of order) {
    try {
      return { backend, tf: await starters[backend](), passedOver };
    } catch (error) {
      passedOver.push({
        backend,
        reason: (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '',
      });
    }
  }
  const reasons = passedOver.map(({ backend, reason }) => `${backend}: ${reason}`).join('; ');
  throw new TensorRuntimeError(`TensorFlow.js has no working backend (${reasons}). Run npm ci again.`);
}

let running: Promise<TensorRuntime> | null = null;

/**
 * Starts TensorFlow.js with the first backend of `order` that works; the one place it is started, and only once a process.
 * Later calls return the same runtime whatever their order. Wasm and cpu give the same bits on every run; a GPU may not.
 *
 * @throws TensorRuntimeError when no backend works
 */
export function startTensors(order: readonly TensorBackend[] = tensorBackends): Promise<TensorRuntime> {
  running ??= start(order).catch((error: unknown) => {
    running = null;
    throw error;
  });
  return running;
}

/** How many tensors are alive: equal before and after a fit, or something leaks. */
export async function liveTensors(): Promise<number> {
  const { tf } = await startTensors();
  return tf.memory().numTensors;
}
