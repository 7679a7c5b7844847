import type { ResizeOptions, Sharp } from 'sharp';
import { ImageError } from '../errors.js';
import { sharp } from './sharp.js';
import { isAnimatedPng, sniffFormat } from './sniff.js';

/** Bounds on what is decoded. */
export interface DecodeLimits {
  /** Largest width x height; judged from the header, before any pixel memory is taken. */
  maxPixels: number;
  /** Largest encoded size. */
  maxBytes: number;
}

/** 64 million pixels (the largest phone and camera pictures) and 64 MiB. */
export const defaultDecodeLimits: DecodeLimits = { maxPixels: 64e6, maxBytes: 64 * 1024 * 1024 };

/** Facts of an encoded picture. Sizes are those of the upright picture, after the EXIF rotation. */
export interface ImageMeta {
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly pages: number;
  readonly hasAlpha: boolean;
}

/** Interleaved 8-bit sRGB: pixel (x, y) starts at `3 * (y * width + x)`. */
export interface RgbPixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** A fully decoded picture: upright, opaque on white, 8-bit sRGB at its own size. */
export interface DecodedImage extends ImageMeta, RgbPixels {}

const DECODABLE: ReadonlySet<string> = new Set(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff']);

/**
 * Refuses by magic bytes what libvips must not even look at: its SVG and PDF loaders can follow references, and a
 * list of what is allowed does not grow when libvips does.
 */
function checkBytes(bytes: Uint8Array, limits: DecodeLimits): string {
  if (bytes.length === 0) throw new ImageError('empty', 'the file has no bytes');
  if (bytes.length > limits.maxBytes) {
    throw new ImageError('unsupported', `${bytes.length} bytes are more than the ${limits.maxBytes} allowed`);
  }
  const format = sniffFormat(bytes);
  if (format === null) throw new ImageError('not-an-image', 'the bytes are of no known picture format');
  if (!DECODABLE.has(format)) throw new ImageError('unsupported', `${format} pictures are not accepted`);
  if (format === 'png' && isAnimatedPng(bytes)) throw new ImageError('animated', 'the PNG is animated');
  return format;
}

/** libvips' messages can run over many lines; the first says what is wrong. */
export function decodeFailure(error: unknown): ImageError {
  const message = error instanceof Error ? error.message : String(error);
  const reason = /exceeds pixel limit/i.test(message) ? 'too-many-pixels' : 'corrupt';
  return new ImageError(reason, message.split('\n', 1)[0] ?? message, { cause: error });
}

/** A sharp pipeline over encoded bytes that were checked; `truncated` refuses cut-short files but not odd metadata. */
function openBytes(bytes: Uint8Array, limits: DecodeLimits): Sharp {
  return sharp(bytes, { failOn: 'truncated', limitInputPixels: limits.maxPixels, sequentialRead: true });
}

/**
 * Reads the header only.
 *
 * @throws ImageError with its `reason`; nothing has been decoded by then.
 */
export async function readMeta(
  bytes: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
): Promise<ImageMeta> {
  const format = checkBytes(bytes, limits);
  const header = await openBytes(bytes, limits)
    .metadata()
    .catch((error: unknown) => Promise.reject(decodeFailure(error)));
  const { width, height } = header.autoOrient;
  const pages = header.pages ?? 1;
  // Several pages of a TIFF or AVIF are alternates of a document, not frames: the first is the picture.
  if (pages > 1 && (format === 'gif' || format === 'webp')) {
    throw new ImageError('animated', `the ${format} has ${pages} frames`);
  }
  if (width * height > limits.maxPixels) {
    throw new ImageError('too-many-pixels', `${width} x ${height} is over ${limits.maxPixels} pixels`);
  }
  return { format, width, height, pages, hasAlpha: header.hasAlpha };
}

/** A sharp pipeline over pixels that were decoded before. */
export function fromPixels({ rgb, width, height }: RgbPixels): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
}

/** 8-bit sRGB on white. */
async function rawRgb(pipeline: Sharp): Promise<RgbPixels> {
  const { data, info } = await pipeline
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => Promise.reject(decodeFailure(error)));
  const { width, height, channels } = info;
  return { width, height, rgb: channels === 3 ? data : greyToRgb(data, channels) };
}

/**
 * Decodes at 1/`shrink` of the size, upright, on white, 8-bit sRGB. Only JPEG is shrunk while it is loaded, as any of its decoders can; of
 * other formats the pixels are made first: libvips alone would shrink WebP in its own way, and 16-bit pictures before they are 8-bit.
 */
export async function decodePixels(
  bytes: Uint8Array,
  meta: ImageMeta,
  shrink: number,
  limits: DecodeLimits,
): Promise<RgbPixels> {
  const upright = openBytes(bytes, limits).autoOrient();
  if (shrink === 1) return rawRgb(upright);
  const smaller: ResizeOptions = {
    width: Math.floor(meta.width / shrink),
    height: Math.floor(meta.height / shrink),
    fit: 'fill',
    kernel: 'linear',
  };
  if (meta.format === 'jpeg') return rawRgb(upright.resize({ ...smaller, fastShrinkOnLoad: true }));
  return rawRgb(fromPixels(await rawRgb(upright)).resize(smaller));
}

/** Grey pictures come out of libvips with one channel. */
function greyToRgb(data: Uint8Array, channels: number): Uint8Array {
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) rgb.fill(data[i * channels] ?? 0, i * 3, i * 3 + 3);
  return rgb;
}

/**
 * Decodes a whole picture at its own size. For anything that ends smaller (hashes, network inputs) `decodeOnce` is
 * several times faster.
 *
 * @throws ImageError with its `reason`.
 */
export async function decodeImage(
  bytes: Uint8Array,
  limits: DecodeLimits = defaultDecodeLimits,
): Promise<DecodedImage> {
  const meta = await readMeta(bytes, limits);
  const pixels = await decodePixels(bytes, meta, 1, limits);
  return { ...meta, ...pixels };
}
