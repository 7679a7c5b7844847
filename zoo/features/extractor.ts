import { readFile } from 'node:fs/promises';
import type { InstalledBackbone } from '../backbones/card.js';
import { GraphError, OutOfMemoryError, ZooError } from '../errors.js';
import { IMAGE_INPUT, withImageInput } from '../graph/image-input.js';
import type { Model } from '../graph/model.js';
import { node } from '../graph/model.js';
import { readModel, writeModel } from '../graph/model-file.js';
import { pool, poolTogether } from '../graph/pooling.js';
import { append, extract } from '../graph/surgery.js';
import type { Tap } from '../graph/taps.js';
import type { Matrix } from '../matrix.js';
import { BatchSize, USUAL_BATCH_SIZE } from './batch-size.js';
import type { OnnxSession, TensorValue } from '../runtimes/onnx.js';
import { openSession } from '../runtimes/onnx.js';

/** Turns prepared pictures into one feature vector a tap, all taps in one pass. */
export interface FeatureExtractor {
  /** The taps asked for, from shallow to deep. */
  readonly taps: readonly Tap[];
  /**
   * @param images RGB8, height x width x 3, of the card's input size, as `prepareImage` gives them.
   * @returns one matrix a tap, in the order of `taps`: a row an image, a column a channel.
   */
  run(images: readonly Uint8Array[]): Promise<readonly Matrix[]>;
  close(): Promise<void>;
}

/** How an extractor is opened. */
export interface ExtractorOptions {
  /** Threads inside one operator; all cores where left out. */
  readonly threads?: number;
  /** Execution providers in order of preference; the CPU where left out. */
  readonly providers?: readonly string[];
  /** Ids of the taps wanted; all where left out. The network is cut after the deepest. */
  readonly taps?: readonly string[];
  /** Pictures a pass, at most: fewer when memory runs out. Results do not depend on it. */
  readonly batchSize?: number;
  /** A clock in milliseconds: which batch size is fastest is then found out on the first pictures, `batchSize` being the largest. */
  readonly now?: () => number;
}

const outputName = (tap: Tap): string => `graft/tap/${tap.id}`;

/** Name of the one output: float32 [N, channels of all taps], side by side in the order of the taps. */
export const TAPS_OUTPUT = 'graft/taps';

/** From shallow to deep, so that what is read at one place in two ways is read soon after it was made, both times. */
const inGraphOrder = (taps: readonly Tap[]): Tap[] => taps.toSorted((a, b) => a.flops - b.flops);

/** Planes that follow each other, together; anything else by itself. */
function runsOf(taps: readonly Tap[]): Tap[][] {
  const runs: Tap[][] = [];
  for (const tap of taps) {
    const last = runs.at(-1);
    if (tap.layout === 'nchw' && last?.[0]?.layout === 'nchw') last.push(tap);
    else runs.push([tap]);
  }
  return runs;
}

/**
 * The network with every tap, pooled, in one output in the given order, cut after the deepest, and pictures as input. One joined output costs
 * less to hand over than one a tap does.
 */
export function tappedModel(model: Model, { input }: InstalledBackbone['card'], taps: readonly Tap[]): Model {
  let tapped = model;
  const names: string[] = [];
  for (const run of runsOf(taps)) {
    const [first, ...others] = run as [Tap];
    const name = outputName(first);
    const added = others.length > 0 ? poolTogether(tapped, run, name) : pool(tapped, first, name);
    tapped = append(tapped, added);
    names.push(name);
  }
  const join = node('Concat', names, TAPS_OUTPUT, { axis: 1 });
  const channels = taps.reduce((sum, tap) => sum + tap.channels, 0);
  const output = { name: TAPS_OUTPUT, type: 'float32' as const, dims: ['N', channels] };
  return withImageInput(extract(append(tapped, { nodes: [join], constants: [] }), [output]), input);
}

/**
 * The taps of the given ids, from shallow to deep.
 *
 * @throws GraphError naming an id the backbone does not have.
 */
export function pickTaps(installed: InstalledBackbone, ids: readonly string[] | undefined): readonly Tap[] {
  if (!ids) return installed.taps;
  const unknown = ids.find((id) => !installed.taps.some((tap) => tap.id === id));
  if (unknown !== undefined) {
    const known = installed.taps.map((tap) => tap.id).join(', ');
    throw new GraphError(`Backbone "${installed.card.id}" has no tap "${unknown}". It has: ${known}.`);
  }
  return installed.taps.filter((tap) => ids.includes(tap.id));
}

/** Pictures of one size as one tensor. @throws ZooError for a picture of another size */
export function joinImages(images: readonly Uint8Array[], height: number, width: number): TensorValue {
  const size = height * width * 3;
  const data = new Uint8Array(images.length * size);
  images.forEach((image, i) => {
    if (image.length !== size) {
      throw new ZooError(
        `Picture ${i} has ${image.length} bytes; ${width} x ${height} x 3 = ${size} are expected.`,
      );
    }
    data.set(image, i * size);
  });
  return { type: 'uint8', dims: [images.length, height, width, 3], data };
}

/** One pass after the other, each as large as is good; a pass that runs out of memory is done again in halves. */
async function runAll(
  images: readonly Uint8Array[],
  sizes: BatchSize,
  now: () => number,
  pass: (batch: readonly Uint8Array[], start: number) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < images.length;) {
    const size = sizes.next(images.length - start);
    const started = now();
    try {
      await pass(images.slice(start, start + size), start);
    } catch (error) {
      if (error instanceof OutOfMemoryError && sizes.ranOut(size)) continue;
      throw error;
    }
    sizes.took(size, now() - started);
    start += size;
  }
}

async function runBatch(session: OnnxSession, image: TensorValue): Promise<Float32Array> {
  const { [TAPS_OUTPUT]: taps } = await session.run({ [IMAGE_INPUT]: image });
  if (taps?.type !== 'float32') throw new GraphError('The network does not give 32-bit floats.');
  return taps.data;
}

/** Deals the joined rows of a batch out to the matrices of the taps, from row `start` on. */
export function dealOut(joined: Float32Array, matrices: readonly Matrix[], start: number): void {
  let at = 0;
  for (let row = start; at < joined.length; row++) {
    for (const { cols, data } of matrices) {
      data.set(joined.subarray(at, at + cols), row * cols);
      at += cols;
    }
  }
}

/**
 * Opens a backbone for feature extraction.
 *
 * @throws GraphError for an unknown tap, RuntimeError when no given provider works.
 */
export async function openExtractor(
  installed: InstalledBackbone,
  options: ExtractorOptions = {},
): Promise<FeatureExtractor> {
  const { threads, providers, now, batchSize = USUAL_BATCH_SIZE } = options;
  const sizes = new BatchSize(batchSize, now !== undefined);
  const taps = pickTaps(installed, options.taps);
  const model = readModel(await readFile(installed.modelPath));
  const ordered = inGraphOrder(taps);
  const session = await openSession(writeModel(tappedModel(model, installed.card, ordered)), {
    threads,
    providers,
    batches: batchSize > 1,
  });
  const { height, width } = installed.card.input;
  return {
    taps,
    async run(images) {
      const rows = images.length;
      const matrices = taps.map(({ channels: cols }) => ({
        rows,
        cols,
        data: new Float32Array(rows * cols),
      }));
      const inOrder = ordered.map((tap) => matrices[taps.indexOf(tap)] as Matrix);
      await runAll(images, sizes, now ?? (() => 0), async (batch, start) => {
        dealOut(await runBatch(session, joinImages(batch, height, width)), inOrder, start);
      });
      return matrices;
    },
    close: () => session.close(),
  };
}
