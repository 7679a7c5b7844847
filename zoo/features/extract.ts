import type { BackboneCard } from '../backbones/card.js';
import { ImageError } from '../errors.js';
import type { Geometry } from '../preprocess/input-spec.js';
import { prepareImages } from '../preprocess/prepare.js';
import type { FeatureShelf } from './cache.js';
import type { FeatureExtractor } from './extractor.js';

/** A picture to be extracted. */
export interface FeatureSource {
  /** sha256 of the encoded bytes, hex. */
  readonly sha256: string;
  /** Reads the encoded bytes; called once at most, and only when some backbone lacks the picture. */
  read(): Promise<Uint8Array>;
  /** Pixels that a decode for something else has left, in the order of the geometries; null where there are none. */
  prepared?(geometries: readonly Geometry[]): Promise<readonly Uint8Array[] | null>;
}

/** One backbone at work: its card, an open extractor, and where its features are kept. */
export interface FeatureTarget {
  readonly card: BackboneCard;
  readonly extractor: FeatureExtractor;
  readonly shelf: FeatureShelf;
}

/** What to extract, and how. */
export interface ExtractionRequest {
  readonly images: readonly FeatureSource[];
  readonly targets: readonly FeatureTarget[];
  /** Pictures between two writes to the shelf; what is written survives an interruption. */
  readonly chunkSize?: number;
  /** Pictures decoded at a time. */
  readonly decoders?: number;
  readonly signal?: AbortSignal;
  /** Asked before each chunk: true ends the extraction there, and what is on the shelves stays. */
  readonly isLate?: () => boolean;
  onProgress?(progress: { done: number; total: number }): void;
}

/** A picture that could not be decoded; all others were extracted. */
export interface FailedImage {
  readonly sha256: string;
  readonly error: ImageError;
}

const DEFAULT_CHUNK_SIZE = 64;
const DEFAULT_DECODERS = 4;

/** A picture prepared for each target that lacks it; null for the others. */
interface Prepared {
  readonly sha256: string;
  readonly pixels: readonly (Uint8Array | null)[];
}

interface Lacking {
  readonly source: FeatureSource;
  readonly targets: readonly FeatureTarget[];
}

/** Pictures that some target lacks, each once, with those targets. */
function findLacking({ images, targets }: ExtractionRequest): Lacking[] {
  const hashes = images.map((image) => image.sha256);
  const missing = targets.map((target) => new Set(target.shelf.missing(hashes)));
  const unique = new Map(images.map((image) => [image.sha256, image]));
  return [...unique.values()]
    .map((source) => ({ source, targets: targets.filter((_, i) => missing[i]?.has(source.sha256)) }))
    .filter((item) => item.targets.length > 0);
}

async function prepare(item: Lacking, targets: readonly FeatureTarget[]): Promise<Prepared | FailedImage> {
  const { source } = item;
  try {
    const inputs = item.targets.map((target) => target.card.input);
    const sizes = (await source.prepared?.(inputs)) ?? (await prepareImages(await source.read(), inputs));
    const pixels = targets.map((target) => sizes[item.targets.indexOf(target)] ?? null);
    return { sha256: source.sha256, pixels };
  } catch (error) {
    if (error instanceof ImageError) return { sha256: source.sha256, error };
    throw error;
  }
}

/** Runs a worker over all items, so many at a time, keeping the order of the results. */
async function mapBounded<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}

async function runChunk(chunk: readonly Prepared[], targets: readonly FeatureTarget[]): Promise<void> {
  for (const [i, target] of targets.entries()) {
    const rows = chunk.flatMap(({ sha256, pixels }) => (pixels[i] ? [{ sha256, pixels: pixels[i] }] : []));
    if (rows.length === 0) continue;
    const matrices = await target.extractor.run(rows.map((row) => row.pixels));
    await target.shelf.put(
      rows.map((row) => row.sha256),
      matrices,
    );
  }
}

/**
 * Brings the features of all pictures onto the shelves of all targets. A picture is decoded once, whatever the number of
 * backbones, and the next chunk is decoded while one is on its way through the networks. What is on a shelf already is not
 * done again, so that an interrupted extraction goes on where it was.
 *
 * @returns the pictures that could not be decoded; those it came to, where it was late.
 * @throws the signal's reason when aborted; what was finished by then is kept.
 */
export async function extractFeatures(request: ExtractionRequest): Promise<FailedImage[]> {
  const { targets, signal, chunkSize = DEFAULT_CHUNK_SIZE, decoders = DEFAULT_DECODERS } = request;
  const lacking = findLacking(request);
  const total = new Set(request.images.map((image) => image.sha256)).size;
  const failed: FailedImage[] = [];
  let done = total - lacking.length;
  const decode = (start: number): Promise<(Prepared | FailedImage)[]> => {
    const chunk = lacking.slice(start, start + chunkSize);
    const decoded = mapBounded(chunk, decoders, (item) => prepare(item, targets));
    // A failure is reported where the chunk's turn comes; until then, or when it never does, nobody listens to this promise.
    decoded.catch(() => undefined);
    return decoded;
  };
  request.onProgress?.({ done, total });
  let upcoming = decode(0);
  for (let start = 0; start < lacking.length; start += chunkSize) {
    signal?.throwIfAborted();
    if (request.isLate?.() === true) break;
    const results = await upcoming;
    upcoming = decode(start + chunkSize);
    failed.push(...results.filter((result): result is FailedImage => 'error' in result));
    await runChunk(
      results.filter((result): result is Prepared => 'pixels' in result),
      targets,
    );
    done += results.length;
    request.onProgress?.({ done, total });
  }
  return failed;
}
