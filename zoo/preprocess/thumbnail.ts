import { ImageError } from '../errors.js';
import { decodeFailure, defaultDecodeLimits } from './decode.js';
import { sharp } from './sharp.js';
import { sniffFormat } from './sniff.js';

const SHOWN: ReadonlySet<string | null> = new Set(['jpeg', 'png', 'gif', 'webp', 'avif', 'tiff']);

const QUALITY = 72;

/**
 * A small upright WebP of a picture for people to look at: the whole picture within `size` x `size` pixels. More is shown than is
 * trained on: the first frame of an animation, and a file that was cut short as far as it goes.
 *
 * @throws ImageError when the bytes are no picture that may be decoded
 */
export async function thumbnailOf(bytes: Uint8Array, size: number): Promise<Buffer> {
  const format = sniffFormat(bytes);
  if (!SHOWN.has(format)) throw new ImageError('unsupported', `${format ?? 'unknown'} bytes are not shown`);
  return sharp(bytes, { failOn: 'none', limitInputPixels: defaultDecodeLimits.maxPixels, pages: 1 })
    .autoOrient()
    .resize(size, size, { fit: 'inside', withoutEnlargement: true, kernel: 'linear', fastShrinkOnLoad: true })
    .toColourspace('srgb')
    .webp({ quality: QUALITY, effort: 1 })
    .toBuffer()
    .catch((error: unknown) => Promise.reject(decodeFailure(error)));
}
