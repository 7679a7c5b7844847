import type { Sharp } from 'sharp';
import { sharp } from './sharp.js';

/** Width and height in pixels. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** How encoded bytes are written; `quality` (1..100) means nothing to PNG, which loses nothing. */
export interface ImageEncoding {
  readonly format: 'jpeg' | 'png' | 'webp';
  readonly quality: number;
}

const PNG: ImageEncoding = { format: 'png', quality: 100 };

/** SVG user units are 1/96 inch; librsvg draws one pixel a unit at this density. */
const UNIT_DENSITY = 96;

/** The slowest WebP and PNG settings cost ten times the time for a few per cent of bytes. */
const PNG_COMPRESSION = 6;
const WEBP_EFFORT = 2;

function encode(image: Sharp, encoding: ImageEncoding): Promise<Buffer> {
  const { format, quality } = encoding;
  if (format === 'jpeg') return image.jpeg({ quality }).toBuffer();
  if (format === 'webp') return image.webp({ quality, effort: WEBP_EFFORT }).toBuffer();
  return image.png({ compressionLevel: PNG_COMPRESSION }).toBuffer();
}

/**
 * Draws a trusted SVG document (`xmlns`, `width`, `height` and `viewBox` set) at `size` pixels over a flat `background`
 * (any CSS colour, white by default) and encodes it; the same input gives the same bytes with the same sharp.
 * Rejects with sharp's error when `svg` is not a drawable SVG.
 */
export function rasteriseSvg(
  svg: string,
  size: PixelSize,
  background = '#ffffff',
  encoding: ImageEncoding = PNG,
): Promise<Buffer> {
  const drawn = sharp(Buffer.from(svg), { density: UNIT_DENSITY })
    .resize(size.width, size.height, { fit: 'fill' })
    .flatten({ background });
  return encode(drawn, encoding);
}

/** Decodes `bytes`, resizes to exactly `size` and encodes again, as sites do that copy a picture from another one. */
export function reencodeImage(bytes: Uint8Array, size: PixelSize, encoding: ImageEncoding): Promise<Buffer> {
  return encode(sharp(bytes).resize(size.width, size.height, { fit: 'fill' }), encoding);
}
