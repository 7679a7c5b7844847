import * as ort from 'onnxruntime-node';
import { OutOfMemoryError, RuntimeError } from '../errors.js';

// Everything the runtime has to say comes back as an exception; on standard error it would garble progress bars.
ort.env.logLevel = 'fatal';

/** A tensor on its way in or out, row-major. */
export type TensorValue =
  | { readonly type: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array }
  | { readonly type: 'uint8'; readonly dims: readonly number[]; readonly data: Uint8Array }
  | { readonly type: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array };

/** How a session is opened. */
export interface SessionOptions {
  /** Threads inside one operator; the runtime's own choice (all cores) where left out. */
  readonly threads?: number;
  /** Execution providers in order of preference; the rest of the graph always falls back to the CPU. */
  readonly providers?: readonly string[];
  /**
   * Threads that wait for work go to sleep instead of spinning: leaves the cores to others (decoding, for one) between runs.
   */
  readonly yielding?: boolean;
  /**
   * For batches of many sizes: no plan of all tensors in one block is made for each, which is kept beside what the pool gave before there was one. Up to 1.8 times less
   * memory, and as fast with eight pictures at a time (0.96 to 1.04 of the median, five networks with all taps on the CPU); one at a time takes up to 1.2 times as long.
   */
  readonly batches?: boolean;
  /** `none` keeps every tensor of the graph observable; `all` fuses and re-lays it for speed. */
  readonly optimise?: 'none' | 'all';
}

/** A loaded model. `run` may be called again before an earlier call has ended; `close` frees native memory. */
export interface OnnxSession {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Runs the graph; `fetches` limits what comes back, by default all outputs. */
  run(
    feeds: Readonly<Record<string, TensorValue>>,
    fetches?: readonly string[],
  ): Promise<Record<string, TensorValue>>;
  /** Runs the graph for the shapes of all outputs alone, of whatever type they are. */
  shapes(feeds: Readonly<Record<string, TensorValue>>): Promise<Record<string, readonly number[]>>;
  close(): Promise<void>;
}

function sessionOptions(options: SessionOptions): ort.InferenceSession.SessionOptions {
  const { threads, providers = ['cpu'], optimise = 'all', yielding = false, batches = false } = options;
  return {
    executionProviders: [...providers],
    graphOptimizationLevel: optimise === 'all' ? 'all' : 'disabled',
    executionMode: 'sequential',
    enableMemPattern: !batches,
    logSeverityLevel: 4,
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    ...(yielding ? { extra: { session: { intra_op: { allow_spinning: '0' } } } } : {}),
  };
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

/** What the runtime's own pool, the C++ library and the libraries of graphics cards say when there is no room. */
const OUT_OF_MEMORY = /failed to allocate memory|bad_alloc|out of memory|ALLOC_FAILED|OUT_OF_MEMORY/i;

const isOutOfMemory = (error: unknown): boolean =>
  OUT_OF_MEMORY.test(error instanceof Error ? error.message : String(error));

const toOrt = ({ type, dims, data }: TensorValue): ort.Tensor =>
  new ort.Tensor(type, data as never, [...dims]);

function fromOrt(name: string, value: ort.Tensor): TensorValue {
  const { type, dims, data } = value;
  if (type === 'float32' || type === 'uint8' || type === 'int64') return { type, dims, data } as TensorValue;
  throw new RuntimeError(`Output "${name}" is of type ${type}, which is not supported here.`);
}

async function runSession(
  session: ort.InferenceSession,
  feeds: Readonly<Record<string, TensorValue>>,
  fetches: readonly string[],
): Promise<[string, ort.Tensor][]> {
  const inputs = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]));
  const results = await session.run(inputs, [...fetches]).catch((error: unknown) => {
    if (isOutOfMemory(error))
      throw new OutOfMemoryError(`There was not enough memory to run the model: ${firstLine(error)}`, {
        cause: error,
      });
    throw new RuntimeError(`The model could not be run: ${firstLine(error)}`, { cause: error });
  });
  return fetches.map((name) => [name, results[name] as ort.Tensor]);
}

function wrap(session: ort.InferenceSession): OnnxSession {
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(feeds, fetches = session.outputNames) {
      const results = await runSession(session, feeds, fetches);
      return Object.fromEntries(results.map(([name, value]) => [name, fromOrt(name, value)]));
    },
    async shapes(feeds) {
      const results = await runSession(session, feeds, session.outputNames);
      return Object.fromEntries(results.map(([name, value]) => [name, value.dims]));
    },
    close: () => session.release(),
  };
}

/**
 * Opens a model from its bytes or from a file.
 *
 * @throws OutOfMemoryError when there is no room for it
 * @throws RuntimeError when no given provider works or the model is refused; the message says which and why.
 */
export async function openSession(
  model: Uint8Array | string,
  options: SessionOptions = {},
): Promise<OnnxSession> {
  const settings = sessionOptions(options);
  const opened =
    typeof model === 'string'
      ? ort.InferenceSession.create(model, settings)
      : ort.InferenceSession.create(model, settings);
  const session = await opened.catch((error: unknown) => {
    const providers = (options.providers ?? ['cpu']).join(', ');
    if (isOutOfMemory(error))
      throw new OutOfMemoryError(
        `There was not enough memory to open the model on ${providers}: ${firstLine(error)}`,
        {
          cause: error,
        },
      );
    throw new RuntimeError(`The model could not be opened on ${providers}: ${firstLine(error)}`, {
      cause: error,
    });
  });
  return wrap(session);
}

/** The execution providers this build of the runtime was compiled with; whether they work is what probing tells. */
export function knownProviders(): { name: string; bundled: boolean }[] {
  return ort.listSupportedBackends();
}
