import {
  decodeOnce,
  getBackbone,
  installBackbone,
  openExtractor,
  type FeatureExtractor,
} from '../../../zoo/index.js';
import type { Vectors } from './neighbours.js';
import { LOOK_SIDE, lookGrey, type Looks } from './second-look.js';

/** The smallest backbone of the zoo; two of its later taps, since one forgives tilting and the other captions. */
const BACKBONE = 'nsfwjs-mobilenet-v2';
const TAPS = ['block-13', 'block-16'];
const BATCH = 8;

/** A picture that is known to decode. */
export interface EmbedPicture {
  readonly id: string;
  read(): Promise<Uint8Array>;
}

export interface EmbedOptions {
  /** Where converted backbones are kept. */
  readonly cacheDir: string;
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** The whole picture counts, so it is stretched rather than cropped. */
async function prepare(picture: EmbedPicture): Promise<{ rgb: Uint8Array; grey: Uint8Array }> {
  const opened = await decodeOnce(await picture.read());
  const { input } = getBackbone(BACKBONE);
  const rgb = await opened.toRgb({ ...input, resize: 'squish' });
  const side = 2 * LOOK_SIDE; // borders are found on a finer picture than the one that is aligned
  return { rgb, grey: lookGrey({ width: side, height: side, data: await opened.toGrey(side, side) }) };
}

/**
 * Computes what a second look needs, in the order of the pictures. Opens the network in this process.
 * @throws ImageError for a picture that does not decode; ZooError when the backbone cannot be made ready
 */
export async function embedPictures(
  pictures: readonly EmbedPicture[],
  options: EmbedOptions,
): Promise<Looks> {
  const installed = await installBackbone(getBackbone(BACKBONE), options.cacheDir);
  const extractor = await openExtractor(installed, {
    taps: TAPS,
    threads: options.threads,
    batchSize: BATCH,
  });
  try {
    return await embedAll(extractor, pictures, options);
  } finally {
    await extractor.close();
  }
}

async function embedAll(
  extractor: FeatureExtractor,
  pictures: readonly EmbedPicture[],
  { onProgress, signal }: EmbedOptions,
): Promise<Looks> {
  const rows = pictures.length;
  const greys: Uint8Array[] = [];
  const features: Vectors[] = extractor.taps.map(({ channels }) => ({
    rows,
    cols: channels,
    data: new Float32Array(rows * channels),
  }));
  for (let start = 0; start < rows; start += BATCH) {
    signal?.throwIfAborted();
    const prepared = await Promise.all(pictures.slice(start, start + BATCH).map(prepare));
    const matrices = await extractor.run(prepared.map(({ rgb }) => rgb));
    matrices.forEach((matrix, tap) => features[tap]?.data.set(matrix.data, start * matrix.cols));
    greys.push(...prepared.map(({ grey }) => grey));
    onProgress?.(greys.length, rows);
  }
  return { ids: pictures.map(({ id }) => id), greys, features };
}
