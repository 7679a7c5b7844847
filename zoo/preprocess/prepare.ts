import type { ResizeOptions } from 'sharp';
import type { DecodeLimits, ImageMeta, RgbPixels } from './decode.js';
import { decodeFailure, decodePixels, defaultDecodeLimits, fromPixels, readMeta } from './decode.js';
import type { Geometry } from './input-spec.js';
import { geometryKey } from './input-spec.js';

/** Changes when any pixel this folder produces could change; part of every feature cache key. */
export const PREPROCESSING_VERSION = 'v2';

/**
 * Large pictures are shrunk by a power of two while they are decoded, never below this many pixels on the shorter
 * side. The rule looks at the picture only, never at what is asked of it, so that training (many sizes from one
 * decode) and serving (one size) see the same pixels to the bit.
 */
const MIN_SIDE_PIXELS = 640;
const MAX_SHRINK = 8;

/** One decode of a picture, from which everything else is cheap. */
export interface OpenedImage {
  /** Facts of the encoded picture: its own, upright size, format, alpha. */
  readonly meta: ImageMeta;
  /** The decoded pixels: at the picture's own size, or 1/2, 1/4, 1/8 of it for large pictures (shorter side >= 640). */
  readonly pixels: RgbPixels;
  /** RGB8, height x width x 3, of exactly the geometry's size. */
  toRgb(geometry: Geometry): Promise<Uint8Array>;
  /** Luma (ITU-R BT.601, as Pillow's `L`), height x width, the whole picture stretched. */
  toGrey(width: number, height: number): Promise<Uint8Array>;
}

function shrinkFor(meta: ImageMeta): number {
  let shrink = 1;
  while (shrink < MAX_SHRINK && Math.min(meta.width, meta.height) / (shrink * 2) >= MIN_SIDE_PIXELS)
    shrink *= 2;
  return shrink;
}

function resizeOptions({ width, height, resize, kernel }: Geometry): ResizeOptions {
  return { width, height, kernel, fit: resize === 'squish' ? 'fill' : 'cover', position: 'centre' };
}

/** The centre region that a crop geometry keeps, in pixels of `source`; the whole where nothing is cut away. */
export function cropRegion(source: Pick<RgbPixels, 'width' | 'height'>, geometry: Geometry) {
  const share = geometry.resize === 'crop' ? (geometry.cropShare ?? 1) : 1;
  if (share >= 1) return null;
  const width = Math.max(1, Math.round(source.width * share));
  const height = Math.max(1, Math.round(source.height * share));
  return {
    left: Math.floor((source.width - width) / 2),
    top: Math.floor((source.height - height) / 2),
    width,
    height,
  };
}

async function resizeRgb(source: RgbPixels, geometry: Geometry): Promise<Uint8Array> {
  const region = cropRegion(source, geometry);
  const pipeline = region ? fromPixels(source).extract(region) : fromPixels(source);
  return pipeline
    .resize(resizeOptions(geometry))
    .raw()
    .toBuffer()
    .catch((error: unknown) => Promise.reject(decodeFailure(error)));
}

/** Integer BT.601 weights with rounding, the same as Pillow's `convert('L')`. */
function luma(rgb: Uint8Array): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    const [r = 0, g = 0, b = 0] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    grey[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
  }
  return grey;
}

/**
 * Decodes a picture once (EXIF rotation, transparency on white, any colour space to 8-bit sRGB); sizes are then taken
 * from the decoded pixels.
 *
 * @throws ImageError with its `reason`.
 */
export async function decodeOnce(
  bytes: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
): Promise<OpenedImage> {
  const meta = await readMeta(bytes, limits);
  const pixels = await decodePixels(bytes, meta, shrinkFor(meta), limits);
  return {
    meta,
    pixels,
    toRgb: (geometry) => resizeRgb(pixels, geometry),
    toGrey: async (width, height) =>
      luma(await resizeRgb(pixels, { width, height, resize: 'squish', kernel: 'linear' })),
  };
}

/**
 * A picture as a network wants it: RGB8, height x width x 3. The one path from bytes to pixels, in training and serving.
 *
 * @throws ImageError with its `reason`.
 */
export async function prepareImage(
  bytes: Uint8Array,
  input: Geometry,
  limits?: DecodeLimits,
): Promise<Uint8Array> {
  return (await decodeOnce(bytes, limits)).toRgb(input);
}

/**
 * One decode, several sizes, in the order of `inputs`; equal geometries share one buffer. Equal to `prepareImage` for
 * each, to the bit.
 *
 * @throws ImageError with its `reason`.
 */
export async function prepareImages(
  bytes: Uint8Array,
  inputs: readonly Geometry[],
  limits?: DecodeLimits,
): Promise<Uint8Array[]> {
  const opened = await decodeOnce(bytes, limits);
  const made = new Map<string, Promise<Uint8Array>>();
  const make = (input: Geometry): Promise<Uint8Array> => {
    const key = geometryKey(input);
    const buffer = made.get(key) ?? opened.toRgb(input);
    made.set(key, buffer);
    return buffer;
  };
  return Promise.all(inputs.map(make));
}
