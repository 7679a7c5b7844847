import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { EMBEDDING_OUTPUT, PROBABILITIES_OUTPUT } from '../graph/package-model.js';
import { openSession, type OnnxSession, type SessionOptions, type TensorValue } from '../runtimes/onnx.js';
import { PackageError } from './errors.js';
import { openHeatMapper, type HeatMap, type HeatMapper } from './heat-map.js';
import { openInput, pictureSpec, takesText, type PackageInput } from './package-input.js';
import { PACKAGE_FILES, packageManifestSchema, type PackageManifest } from './manifest.js';
import { sketcher } from './sketch.js';

/** What the model says of one picture or text. */
export interface Prediction {
  readonly label: string;
  /** Probability of the label, 0..1. */
  readonly confidence: number;
  /** Of every label; adds up to 1. */
  readonly probabilities: Readonly<Record<string, number>>;
  /** The confidence lies below what the model was found to need (`unknownBelow` of the manifest): likely none of its labels. */
  readonly unknown: boolean;
}

/** What comes of one prepared picture or text. */
export interface Seen {
  /** A probability for each label. */
  readonly row: Float32Array;
  /** Of its embedding, for comparison with that of others; null in packages of before there was any. */
  readonly sketch: Float32Array | null;
}

/** A package, ready to predict. */
export interface OpenPackage {
  readonly manifest: PackageManifest;
  /**
   * Predicts pictures or texts, given as the bytes of their files.
   *
   * @throws InputError when one of them cannot be used.
   */
  predict(pictures: readonly Uint8Array[]): Promise<Prediction[]>;
  /**
   * One picture or text as the model wants it: RGB8, height x width x 3, or token numbers.
   *
   * @throws InputError when it cannot be used.
   */
  prepare(picture: Uint8Array): Promise<Uint8Array>;
  /** A prepared picture or text with nothing on it, to warm a model up with. */
  blank(): Uint8Array;
  /** The same from what `prepare` gave: one row of probabilities a picture. */
  probabilities(pixels: readonly Uint8Array[]): Promise<Float32Array[]>;
  /** The same, each with a sketch of its embedding. */
  look(pixels: readonly Uint8Array[]): Promise<Seen[]>;
  /**
   * Where a picture speaks for a label; by default for the one it is predicted to be.
   *
   * @throws ImageError when the picture cannot be decoded, PackageError for a label the model does not have.
   */
  explain(picture: Uint8Array, label?: string): Promise<HeatMap>;
  close(): Promise<void>;
}

/** Pictures that go through the network together. On a CPU larger batches are slower a picture, and memory is bounded. */
const BATCH_SIZE = 4;

/**
 * Reads the manifest of a package folder, and nothing else.
 *
 * @throws PackageError when there is none, or one that this Graft cannot read.
 */
export async function readManifest(folder: string): Promise<PackageManifest> {
  const file = path.join(folder, PACKAGE_FILES.manifest);
  const text = await readFile(file, 'utf8').catch(() => {
    throw new PackageError(
      `${folder} is no package: it has no ${PACKAGE_FILES.manifest}. Give the folder that \`graft build\` names.`,
    );
  });
  try {
    return packageManifestSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new PackageError(`${file} is damaged, or of another version of Graft. Build the model again.`, {
      cause: error,
    });
  }
}

/**
 * Tells the content of one package from that of another, wherever they lie: of the model file, which holds labels and
 * preprocessing too, and of the tokenizer.
 */
export const contentDigest = ({ model, input }: Pick<PackageManifest, 'model' | 'input'>): string =>
  takesText(input) ? `${model.sha256}+${input.tokenizer.sha256}` : model.sha256;

async function readModel(folder: string, manifest: PackageManifest): Promise<Uint8Array> {
  const file = path.join(folder, manifest.model.file);
  if (path.basename(manifest.model.file) !== manifest.model.file)
    throw new PackageError(`${folder} names a model file outside itself.`);
  const bytes = await readFile(file).catch(() => {
    throw new PackageError(`${file} is missing. Copy the whole folder, or build the model again.`);
  });
  if (createHash('sha256').update(bytes).digest('hex') !== manifest.model.sha256) {
    throw new PackageError(
      `${file} is not the file the manifest was written for. Copy the whole folder again.`,
    );
  }
  return bytes;
}

export interface OpenOptions extends Pick<SessionOptions, 'threads' | 'yielding'> {
  /** The `contentDigest` that is wanted; by default whatever lies there. */
  readonly digest?: string;
}

/**
 * Opens a package folder; the model file is compared with its checksum.
 *
 * @throws PackageError naming what is missing or damaged, or saying that another package lies there than the one wanted.
 */
export async function openPackage(
  folder: string,
  { digest, ...options }: OpenOptions = {},
): Promise<OpenPackage> {
  const manifest = await readManifest(folder);
  if (digest !== undefined && contentDigest(manifest) !== digest)
    throw new PackageError(
      `${folder} holds another package than it did. Start again with what lies there now.`,
    );
  const file = await readModel(folder, manifest);
  const session = await openSession(file, options);
  const input = await openInput(folder, manifest);
  const opened = { session, input, classes: manifest.labels.length, sketches: new Sketches() };
  const look = (prepared: readonly Uint8Array[]): Promise<Seen[]> => runAll(opened, prepared);
  const probabilities = async (prepared: readonly Uint8Array[]): Promise<Float32Array[]> =>
    (await look(prepared)).map(({ row }) => row);
  let mapper: Promise<HeatMapper> | undefined; // a second copy of the network: only for those who ask
  return {
    manifest,
    prepare: (picture) => input.prepare(picture),
    blank: () => input.blank(),
    probabilities,
    look,
    predict: async (pictures) => {
      const rows = await probabilities(await Promise.all(pictures.map((picture) => input.prepare(picture))));
      return rows.map((row) => predictionOf(manifest, row));
    },
    explain: async (picture, label) => {
      pictureSpec(manifest);
      const pixels = await input.prepare(picture);
      const [row] = label === undefined ? await probabilities([pixels]) : [];
      const index = row ? row.indexOf(Math.max(...row)) : manifest.labels.indexOf(label ?? '');
      if (index < 0)
        throw new PackageError(`The model has no label "${label}": ${manifest.labels.join(', ')}.`);
      mapper ??= openHeatMapper(file, manifest, probabilities, options);
      return (await mapper).map(pixels, index);
    },
    close: async () => {
      await (await mapper?.catch(() => null))?.close();
      await session.close();
    },
  };
}

interface Opened {
  readonly session: OnnxSession;
  readonly input: PackageInput;
  readonly classes: number;
  readonly sketches: Sketches;
}

/** Sketches the embeddings of one model. */
class Sketches {
  private sketch: ReturnType<typeof sketcher> | null = null;

  of(output: TensorValue | undefined, count: number): (Float32Array | null)[] {
    if (output?.type !== 'float32') return Array<null>(count).fill(null);
    const { data } = output;
    const channels = data.length / count;
    const sketch = (this.sketch ??= sketcher(channels));
    return Array.from({ length: count }, (_, i) => sketch(data.subarray(i * channels, (i + 1) * channels)));
  }
}

async function runAll(opened: Opened, prepared: readonly Uint8Array[]): Promise<Seen[]> {
  const rows: Seen[] = [];
  for (let start = 0; start < prepared.length; start += BATCH_SIZE) {
    rows.push(...(await runBatch(opened, prepared.slice(start, start + BATCH_SIZE))));
  }
  return rows;
}

async function runBatch(
  { session, input, classes, sketches }: Opened,
  prepared: readonly Uint8Array[],
): Promise<Seen[]> {
  const outputs = await session.run(input.feed(prepared));
  const output = outputs[PROBABILITIES_OUTPUT];
  if (output?.type !== 'float32')
    throw new PackageError(`The model has no output "${PROBABILITIES_OUTPUT}" of 32-bit floats.`);
  const ofAll = sketches.of(outputs[EMBEDDING_OUTPUT], prepared.length);
  return prepared.map((_, i) => ({
    row: output.data.slice(i * classes, (i + 1) * classes),
    sketch: ofAll[i] ?? null,
  }));
}

/** What a row of probabilities, in the order of the labels, says. */
export function predictionOf(
  { labels, unknownBelow }: Pick<PackageManifest, 'labels' | 'unknownBelow'>,
  row: Float32Array,
): Prediction {
  const best = row.indexOf(Math.max(...row));
  const confidence = row[best] ?? 0;
  return {
    label: labels[best] ?? '',
    confidence,
    probabilities: Object.fromEntries(labels.map((label, i) => [label, row[i] ?? 0])),
    unknown: confidence < (unknownBelow ?? 0),
  };
}
